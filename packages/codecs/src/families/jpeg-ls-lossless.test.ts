// JPEG-LS by a kernel of our own, against the library.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKernels, createNativeCodecs, type NativeFormat } from '../native/index.ts';
import { readJpegHeader } from './code-stream.ts';
import { decodeJpegLs } from './jpeg-ls-lossless.ts';

const native = createNativeCodecs();
const kernels = createKernels();

const formatOf = (bits: number, columns = 150, rows = 67): NativeFormat => ({
  columns,
  rows,
  bitsAllocated: bits,
  bitsStored: bits,
  samplesPerPixel: 1,
  isSigned: false,
  planarConfiguration: 0,
  isRgb: false,
});

/** @param kind how often a value differs from the one before: 0 never, 1 always */
function frameOf({ columns, rows, bitsStored }: NativeFormat, kind: number): Uint8Array {
  const samples = bitsStored > 8 ? new Uint16Array(columns * rows) : new Uint8Array(columns * rows);
  let seed = 99;
  const random = (): number => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  for (let at = 0; at < samples.length; at++) {
    samples[at] = random() < kind ? Math.floor(random() ** 3 * 2 ** bitsStored) : (samples[at - 1] ?? 5);
  }
  return new Uint8Array(samples.buffer);
}

const decode = (encoded: Uint8Array): Uint8Array | undefined => decodeJpegLs(kernels, encoded, readJpegHeader(encoded));

test('runs, noise and what is between come out as they went in', () => {
  for (const bits of [8, 9, 12, 16]) {
    for (const kind of [0, 0.001, 0.05, 0.5, 1]) {
      for (const format of [formatOf(bits), formatOf(bits, 1, 40), formatOf(bits, 40, 1), formatOf(bits, 3, 3)]) {
        const frame = frameOf(format, kind);
        const decoded = decode(native.encode('JpegLs', frame, format));
        assert.ok(decoded, 'left to the library');
        const { columns, rows } = format;
        assert.ok(Buffer.from(decoded).equals(frame), `${bits} bits, ${columns} x ${rows}, ${kind} new`);
      }
    }
  }
});

test('what allows errors, colour, and what is cut off is left to the library', () => {
  const format = formatOf(12);
  const frame = frameOf(format, 0.5);
  assert.equal(decode(native.encode('JpegLs', frame, format, { isLossy: true, allowedError: 3 })), undefined);
  const rgb = { ...formatOf(8), samplesPerPixel: 3, isRgb: true };
  assert.equal(decode(native.encode('JpegLs', new Uint8Array(3 * 150 * 67), rgb)), undefined);
  const encoded = native.encode('JpegLs', frame, format);
  for (const part of [0.2, 0.5, 0.9]) {
    assert.equal(decode(encoded.subarray(0, encoded.byteLength * part)), undefined);
  }
});

test('damaged bytes are decoded to something, or left to the library, in no time', () => {
  const format = formatOf(12);
  const encoded = native.encode('JpegLs', frameOf(format, 0.3), format);
  const { user } = process.cpuUsage();
  for (let number = 0; number < 200; number++) {
    const damaged = encoded.slice();
    const at = 40 + ((number * 7919) % (encoded.byteLength - 50));
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (number % 8));
    damaged[at + 1] = number % 3 === 0 ? 0 : 0x7f;
    const decoded = decode(damaged);
    assert.ok(decoded === undefined || decoded.byteLength === 2 * 150 * 67);
  }
  assert.ok(process.cpuUsage().user - user < 5_000_000);
});
