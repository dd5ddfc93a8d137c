// A frame of a large file of many frames costs what the frame costs: the rest of the file is not read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDataSet, type ElementInit, encodePart10, Tag } from '@pharos/dicom';
import { type IngestFixture, noMetrics, openIngest, syntheticElements } from '@pharos/testkit';
import type { InstancePixels, InstanceReader } from '../services.ts';
import { createInstanceReader } from './instance-reader.ts';

const jpeg = '1.2.840.10008.1.2.4.50';
const frames = 40;
const frameBytes = 100_000;
const headerBytes = 8;

let storage: IngestFixture;
let reader: InstanceReader;
let reads: number[] = [];
let stored = 0;
before(async () => {
  storage = await openIngest();
  const { blobs } = storage;
  reader = createInstanceReader({
    ...storage,
    blobs: {
      stream: blobs.stream,
      lend: blobs.lend,
      sequence: blobs.sequence,
      async read(key, range) {
        const bytes = await blobs.read(key, range);
        reads.push(bytes.byteLength);
        return bytes;
      },
    },
    live: { fallbackCharset: () => 'ISO_IR 100' },
    settings: { DicomParserCacheSize: 16, MaximumStorageCacheSize: 0 },
    metrics: noMetrics,
  });
});
after(() => storage.discard());

const step = frameBytes + headerBytes;
const offsets = Array.from({ length: frames }, (_, frame) => frame * step);

function table(numbers: readonly number[], width: 4 | 8): Uint8Array {
  const bytes = Buffer.alloc(numbers.length * width);
  for (const [at, number] of numbers.entries()) {
    if (width === 4) bytes.writeUInt32LE(number, at * 4);
    else bytes.writeBigUInt64LE(BigInt(number), at * 8);
  }
  return bytes;
}

/** Each frame is full of its number. */
const pixelsOf = (basicTable: Uint8Array, elements: readonly ElementInit[] = []): Promise<InstancePixels> =>
  pixelsIn(
    offsets.map((_, frame) => new Uint8Array(frameBytes).fill(frame)),
    frames,
    basicTable,
    elements,
  );

async function pixelsIn(
  fragments: readonly Uint8Array[],
  count: number,
  basicTable: Uint8Array,
  elements: readonly ElementInit[] = [],
): Promise<InstancePixels> {
  const identity = { kind: 'header', patient: 2, study: 0, series: 0, instance: stored++ } as const;
  const all = [
    ...syntheticElements(identity),
    { tag: Tag.NumberOfFrames, value: String(count) },
    ...elements,
    { tag: Tag.PixelData, vr: 'OB' as const, value: { fragments: [basicTable, ...fragments] } },
  ];
  const dataSet = createDataSet(all.sort((a, b) => a.tag - b.tag));
  const { ids } = await storage.store(encodePart10({ dataSet, transferSyntax: jpeg }));
  const pixels = await reader.pixels(ids.instance);
  assert.ok(pixels);
  reads = [];
  return pixels;
}

/** Reads a frame and gives what it cost beyond its own bytes. */
async function costOf(
  pixels: InstancePixels,
  frame: number,
): Promise<{ readonly reads: number; readonly bytes: number }> {
  reads = [];
  const bytes = await (await pixels.frame(frame)).read();
  assert.equal(bytes.byteLength, frameBytes);
  assert.ok(bytes.every((byte) => byte === frame));
  return { reads: reads.length - 1, bytes: reads.reduce((sum, read) => sum + read, 0) - frameBytes };
}

const extendedTables = (lengths: readonly number[]): readonly ElementInit[] => [
  { tag: Tag.ExtendedOffsetTable, vr: 'OV', value: table(offsets, 8) },
  { tag: Tag.ExtendedOffsetTableLengths, vr: 'OV', value: table(lengths, 8) },
];

test('with an offset table, a frame is reached in a few reads, the first time too', async () => {
  const basic = await pixelsOf(table(offsets, 4));
  const extended = await pixelsOf(new Uint8Array(0), extendedTables(offsets.map(() => frameBytes - 1)));
  for (const pixels of [basic, extended]) {
    const first = await costOf(pixels, frames - 3);
    assert.ok(first.reads <= 2 && first.bytes <= 2 * 16 * 1024, JSON.stringify(first));
    assert.ok((await costOf(pixels, 7)).reads <= 1);
    // Behind the last frame comes the end of the sequence, which is looked for.
    assert.ok((await costOf(pixels, frames - 1)).reads <= 2);
  }
});

test('without one, the headers of the fragments are read, once', async () => {
  const pixels = await pixelsOf(new Uint8Array(0));
  const first = await costOf(pixels, frames - 3);
  assert.ok(first.bytes <= 2 * 16 * 1024 + frames * headerBytes, JSON.stringify(first));
  assert.deepEqual(await costOf(pixels, 0), { reads: 0, bytes: 0 });
  assert.deepEqual(await costOf(pixels, frames - 1), { reads: 0, bytes: 0 });
});

test('those who ask for frames of one file at once look for its fragments once', async () => {
  const pixels = await pixelsOf(new Uint8Array(0));
  const alone = (await costOf(pixels, 0)).reads;
  const others = await pixelsOf(new Uint8Array(0));
  await Promise.all([0, 1, 2, 3].map((frame) => others.frame(frame)));
  assert.ok(reads.length <= alone + 4, `${reads.length} reads`);
});

test('an offset table that is wrong is not believed', async () => {
  const wrong = offsets.with(5, (offsets[5] ?? 0) + 4);
  const backwards = offsets.with(5, 0);
  const beyond = offsets.with(frames - 1, 0xfffffff0);
  const tables = [wrong, backwards, beyond, offsets.slice(1)].map((numbers) => table(numbers, 4));
  for (const basic of tables) {
    const pixels = await pixelsOf(basic);
    for (const frame of [4, 5, 6, 0, frames - 1]) await costOf(pixels, frame);
  }
});

test('lengths that are wrong are not believed', async () => {
  const pixels = await pixelsOf(new Uint8Array(0), extendedTables(offsets.map(() => frameBytes / 2)));
  for (const frame of [0, 5, frames - 1]) await costOf(pixels, frame);
});

test('where the basic offset table is wrong, the extended one tells', async () => {
  const beyond = offsets.with(frames - 1, 0xfffffff0);
  const pixels = await pixelsOf(table(beyond, 4), extendedTables(offsets.map(() => frameBytes)));
  assert.ok((await costOf(pixels, 9)).reads <= 2);
});

test('where a table points at no fragments, or at the middle of frames, the streams tell where frames begin', async () => {
  const bytes = 32;
  const stream = (frame: number, part: number): Uint8Array => {
    const fragment = new Uint8Array(bytes).fill(10 * frame + part);
    if (part === 0) fragment.set([0xff, 0xd8, 0xff]);
    return fragment;
  };
  const fragments = [0, 1, 2].flatMap((frame) => [stream(frame, 0), stream(frame, 1)]);
  const item = bytes + headerBytes;
  // Without the headers of items; right, but one frame later; in the middle of the first; not at all.
  for (const wrong of [[0, 2 * bytes, 4 * bytes], [0, 3 * item, 5 * item], [0, item, 4 * item], []]) {
    for (const frame of [0, 1, 2]) {
      const pixels = await pixelsIn(fragments, 3, table(wrong, 4));
      const found = await (await pixels.frame(frame)).read();
      assert.deepEqual([found.byteLength, found[bytes - 1], found[bytes]], [2 * bytes, 10 * frame, 10 * frame + 1]);
    }
  }
});
