// How much is under way at once.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createCodecs } from '../families/index.ts';
import type { FrameFormat } from '../frame/index.ts';
import { createImageWorkers, type FrameSource } from './index.ts';

const jpeg2000 = '1.2.840.10008.1.2.4.90';
const highThroughput = '1.2.840.10008.1.2.4.201';
const jpegXl = '1.2.840.10008.1.2.4.110';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const side = 64;
const samples = side * side;
const format: FrameFormat = {
  rows: side,
  columns: side,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  isSigned: false,
  planarConfiguration: 0,
  photometricInterpretation: 'MONOCHROME2',
};
const frame = { format, bytes: Uint8Array.from({ length: samples }, (_, at) => at % 251) };
const encoded = createCodecs()(jpeg2000).encode?.(frame, { quality: 100 })?.bytes ?? new Uint8Array();

interface Held {
  readonly source: FrameSource;
  readonly isRead: () => boolean;
  release(): void;
}

function heldSource(transferSyntax: string, bytes: Uint8Array): Held {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  let isRead = false;
  const read = (): Promise<Uint8Array> => {
    isRead = true;
    return promise;
  };
  return {
    source: { transferSyntax, format, length: bytes.byteLength, read },
    isRead: () => isRead,
    release: () => resolve(bytes),
  };
}

/** Of two of these, from one transfer syntax to another, whether the second is read while the first is under way. */
async function areTogether(memoryBytes: number, from: string, to: string, bytes: Uint8Array): Promise<boolean> {
  const images = createImageWorkers({ threads: 2, memoryBytes });
  try {
    const both = [heldSource(from, bytes), heldSource(from, bytes)];
    const answers = both.map(({ source }) => images.transcode(source, to, { quality: 100 }));
    await setImmediate();
    const areRead = both.map(({ isRead }) => isRead());
    for (const { release } of both) release();
    await Promise.all(answers);
    assert.deepEqual([areRead[0], ...both.map(({ isRead }) => isRead())], [true, true, true]);
    return areRead[1] === true;
  } finally {
    await images.close();
  }
}

test('numbers of four bytes that JPEG 2000 and JPEG XL work with, two or four for each sample, count as memory that is taken', async () => {
  const { bytes } = frame;
  /** @param more bytes for each sample */
  const forTwo = ({ byteLength }: Uint8Array, more: number): number => 2 * (byteLength + (4 + more) * samples);
  const mayBeTogether = await areTogether(forTwo(bytes, 0), explicitLittleEndian, explicitLittleEndian, bytes);
  assert.equal(await areTogether(forTwo(encoded, 7), jpeg2000, explicitLittleEndian, encoded), false);
  assert.equal(await areTogether(forTwo(bytes, 7), explicitLittleEndian, jpeg2000, bytes), false);
  assert.equal(await areTogether(forTwo(bytes, 7), explicitLittleEndian, highThroughput, bytes), false);
  assert.equal(await areTogether(forTwo(bytes, 15), explicitLittleEndian, jpegXl, bytes), false);
  // On a single core one is under way at a time.
  assert.equal(mayBeTogether, availableParallelism() > 1);
  assert.equal(await areTogether(forTwo(encoded, 10), jpeg2000, explicitLittleEndian, encoded), mayBeTogether);
});

test('a frame of many bytes is refused before it is read, whatever its size is said to be', async () => {
  const images = createImageWorkers({ threads: 1, memoryBytes: 1 });
  try {
    const { source, isRead } = heldSource(jpeg2000, encoded);
    const large = { ...source, length: 2 ** 30 };
    await assert.rejects(images.transcode(large, explicitLittleEndian, { quality: 100 }), { code: 'OverBudget' });
    assert.equal(isRead(), false);
  } finally {
    await images.close();
  }
});
