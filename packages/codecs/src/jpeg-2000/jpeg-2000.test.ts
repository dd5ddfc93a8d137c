// JPEG 2000 by kernels of our own, both ways, against the library.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKernels, createNativeCodecs, type NativeFormat } from '../native/index.ts';
import { decodeReversible, encodeReversible, helpDecode, sharedBytes } from './index.ts';

const native = createNativeCodecs();
const kernels = createKernels();

const grey: NativeFormat = {
  columns: 150,
  rows: 131,
  bitsAllocated: 16,
  bitsStored: 12,
  samplesPerPixel: 1,
  isSigned: false,
  planarConfiguration: 0,
  isRgb: false,
};

/** Smooth with some noise, the same each time, and a corner without anything. */
function frameOf({ columns, rows, bitsStored, samplesPerPixel, isSigned }: NativeFormat): Uint8Array {
  const count = columns * rows * samplesPerPixel;
  const samples = bitsStored > 8 ? new Uint16Array(count) : new Uint8Array(count);
  const range = 2 ** bitsStored - 1;
  let seed = 4711;
  for (let at = 0; at < count; at++) {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    const pixel = Math.floor(at / samplesPerPixel);
    const wave = Math.sin((pixel % columns) / 11) + Math.cos(pixel / columns / 5 + (at % samplesPerPixel));
    const value = pixel < count / 8 ? 0 : Math.floor(((wave + 2) / 4) * range * 0.9 + (seed / 2 ** 31) * range * 0.1);
    samples[at] = isSigned ? value - 2 ** (bitsStored - 1) : value;
  }
  return new Uint8Array(samples.buffer);
}

const formats: Readonly<Record<string, NativeFormat>> = {
  'grey of 12 bits': grey,
  'grey of 16 bits': { ...grey, bitsStored: 16 },
  'grey of 8 bits': { ...grey, bitsAllocated: 8, bitsStored: 8 },
  'signed grey of 16 bits': { ...grey, bitsStored: 16, isSigned: true },
  colour: { ...grey, bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, isRgb: true },
  'two rows': { ...grey, rows: 2, columns: 33 },
  'two columns': { ...grey, rows: 65, columns: 2 },
};

test('each progression of each kind of samples comes out as it went in', () => {
  for (const [name, format] of Object.entries(formats)) {
    const frame = frameOf(format);
    for (let progressionOrder = 0; progressionOrder < 5; progressionOrder++) {
      const encoded = native.encode('Jpeg2000', frame, format, { progressionOrder });
      const decoded = decodeReversible(kernels, encoded, format);
      assert.ok(decoded, `${name}, progression ${progressionOrder}: left to the library`);
      assert.ok(Buffer.from(decoded).equals(frame), `${name}, progression ${progressionOrder}`);
    }
  }
});

test('what is written is read by the library too', () => {
  for (const [name, format] of Object.entries(formats)) {
    const frame = frameOf(format);
    const encoded = encodeReversible(kernels, frame, format, format.bitsStored);
    assert.ok(encoded, name);
    assert.ok(Buffer.from(native.decode('Jpeg2000', encoded, format)).equals(frame), `${name}, by the library`);
    assert.ok(Buffer.from(decodeReversible(kernels, encoded, format) ?? []).equals(frame), name);
    const size = native.encode('Jpeg2000', frame, format).byteLength;
    assert.ok(encoded.byteLength < size * 1.01 + 50, `${name}: ${encoded.byteLength} bytes, by the library ${size}`);
  }
});

test('an image without anything, and samples that take more bits than told', () => {
  const empty = new Uint8Array(frameOf(grey).byteLength);
  const encoded = encodeReversible(kernels, empty, grey, 12);
  assert.ok(encoded);
  assert.deepEqual(new Uint8Array(native.decode('Jpeg2000', encoded, grey)), empty);
  assert.equal(encodeReversible(kernels, frameOf({ ...grey, bitsStored: 16 }), grey, 12), undefined);
});

test('threads that decode together give the same, wherever one stops', () => {
  const frame = frameOf(grey);
  const encoded = native.encode('Jpeg2000', frame, grey);
  const memory = (): SharedArrayBuffer => new SharedArrayBuffer(sharedBytes(grey.columns * grey.rows));
  const helped = memory();
  helpDecode(kernels, encoded, grey, helped);
  assert.deepEqual(decodeReversible(kernels, encoded, grey, helped), frame);
  // As if another had taken all blocks and died.
  const taken = memory();
  new Int32Array(taken, 0, 1)[0] = 1000;
  assert.deepEqual(decodeReversible(kernels, encoded, grey, taken), frame);
  assert.deepEqual(decodeReversible(kernels, encoded, grey, memory()), frame);
});

test('what is not told without loss, and what is damaged, is left to the library', () => {
  const frame = frameOf(grey);
  const lossy = native.encode('Jpeg2000', frame, grey, { isLossy: true, ratio: 10 });
  assert.equal(decodeReversible(kernels, lossy, grey), undefined);
  const encoded = native.encode('Jpeg2000', frame, grey);
  for (const length of [0, 2, 50, 110, encoded.byteLength >> 1, encoded.byteLength - 2]) {
    assert.equal(decodeReversible(kernels, encoded.subarray(0, length), grey), undefined, `${length} bytes`);
  }
});

test('damaged bytes give the same as the library does, or are left to it', () => {
  const format = { ...grey, columns: 64, rows: 48 };
  const encoded = native.encode('Jpeg2000', frameOf(format), format);
  let decodedCount = 0;
  for (let number = 0; number < 100; number++) {
    const damaged = encoded.slice();
    const at = 120 + ((number * 7919) % (encoded.byteLength - 130));
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (number % 8));
    const decoded = decodeReversible(kernels, damaged, format);
    if (!decoded) continue;
    decodedCount++;
    assert.ok(Buffer.from(decoded).equals(native.decode('Jpeg2000', damaged, format)), `byte ${at}`);
  }
  assert.ok(decodedCount > 50);
});

/** One tile of blocks of 4 x 4, all in one precinct; each layer is one byte that tells of no block. */
function emptyLayers(columns: number, rows: number, layers: number): Uint8Array {
  const head = Buffer.alloc(79);
  head.writeUInt32BE(0xff4fff51);
  head.writeUInt16BE(41, 4);
  for (const at of [8, 24]) {
    head.writeUInt32BE(columns, at);
    head.writeUInt32BE(rows, at + 4);
  }
  head.writeUInt16BE(1, 40);
  head.set([15, 1, 1], 42);
  // COD (A.6.1): LRCP, no levels, blocks of 4 x 4, reversible.
  head.set([0xff, 0x52, 0, 12, 0, 0, layers >> 8, layers & 0xff, 0, 0, 0, 0, 0, 1], 45);
  head.set([0xff, 0x5c, 0, 4, 0x40, 0x80], 59);
  head.set([0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x93], 65);
  // Not empty, says the first bit; no block is in this layer, says the second.
  const packets = Buffer.alloc(layers, 0x80);
  return Buffer.concat([head, packets, Uint8Array.of(0xff, 0xd9)]);
}

test('many layers of very many blocks, in few bytes, are not looked through', () => {
  const size = { columns: 1440, rows: 1440, samplesPerPixel: 1 };
  const before = process.cpuUsage();
  assert.equal(decodeReversible(kernels, emptyLayers(size.columns, size.rows, 500), size), undefined);
  helpDecode(kernels, emptyLayers(size.columns, size.rows, 500), size, new SharedArrayBuffer(sharedBytes(1440 * 1440)));
  const { user } = process.cpuUsage(before);
  assert.ok(user < 3_000_000, `${user} microseconds`);
  const few = { columns: 64, rows: 64, samplesPerPixel: 1 };
  assert.deepEqual(
    new Uint16Array(decodeReversible(kernels, emptyLayers(64, 64, 16), few)?.buffer ?? new ArrayBuffer(0)),
    new Uint16Array(64 * 64).fill(2 ** 15),
  );
});

const startOfSize = 2;

/** SIZ is the first segment (ISO/IEC 15444-1 A.5.1). */
function sizeSegmentOf(encoded: Uint8Array, columns: number, rows: number): Uint8Array {
  const view = new DataView(encoded.buffer, encoded.byteOffset);
  const segment = encoded.slice(startOfSize, startOfSize + 2 + view.getUint16(startOfSize + 2));
  const written = new DataView(segment.buffer);
  // Of the image, of its only tile.
  for (const at of [6, 22]) {
    written.setUint32(at, columns);
    written.setUint32(at + 4, rows);
  }
  return segment;
}

test('an image of another size than expected is not decoded, wherever its header tells so', () => {
  const format = { ...grey, columns: 32, rows: 32 };
  // Its packets are empty: they fit an image of any size.
  const samples = new Uint16Array(32 * 32).fill(2048);
  const encoded = native.encode('Jpeg2000', new Uint8Array(samples.buffer), format);
  const first = sizeSegmentOf(encoded, 32, 32);
  const rest = encoded.subarray(startOfSize + first.byteLength);
  const large = sizeSegmentOf(encoded, 8192, 8192);
  const start = encoded.subarray(0, startOfSize);
  const memory = new SharedArrayBuffer(sharedBytes(grey.columns * grey.rows));
  for (const damaged of [
    Buffer.concat([start, large, rest]),
    Buffer.concat([start, first, large, rest]),
    Buffer.concat([start, first, first, rest]),
  ]) {
    assert.equal(decodeReversible(kernels, damaged, format), undefined);
    helpDecode(kernels, damaged, format, memory);
    assert.ok(new Uint8Array(memory).every((byte) => byte === 0));
  }
  assert.equal(decodeReversible(kernels, encoded, { ...format, columns: 33 }), undefined);
  assert.equal(decodeReversible(kernels, encoded, { ...format, samplesPerPixel: 3 }), undefined);
});
