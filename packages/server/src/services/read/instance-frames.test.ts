// Frames come out as they were stored, whatever the fragments they were cut into.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDataSet, type ElementInit, encodePart10, Tag } from '@pharos/dicom';
import { type IngestFixture, noMetrics, openIngest, syntheticElements } from '@pharos/testkit';
import { PharosError } from '../../model/index.ts';
import type { InstancePixels, InstanceReader } from '../services.ts';
import { createInstanceReader } from './instance-reader.ts';

const jpeg = '1.2.840.10008.1.2.4.50';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const explicitBigEndian = '1.2.840.10008.1.2.2';

let storage: IngestFixture;
let reader: InstanceReader;
let stored = 0;
before(async () => {
  storage = await openIngest();
  reader = createInstanceReader({
    ...storage,
    live: { fallbackCharset: () => 'ISO_IR 100' },
    settings: { DicomParserCacheSize: 16, MaximumStorageCacheSize: 0 },
    metrics: noMetrics,
  });
});
after(() => storage.discard());

async function pixelsOf(
  transferSyntax: string,
  frames: number,
  elements: readonly ElementInit[],
): Promise<InstancePixels> {
  const identity = { kind: 'header', patient: 1, study: 0, series: 0, instance: stored++ } as const;
  const all = [...syntheticElements(identity), { tag: Tag.NumberOfFrames, value: String(frames) }, ...elements];
  const dataSet = createDataSet(all.sort((a, b) => a.tag - b.tag));
  const { ids } = await storage.store(encodePart10({ dataSet, transferSyntax }));
  const pixels = await reader.pixels(ids.instance);
  assert.ok(pixels);
  return pixels;
}

const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');
const fragments = (...values: readonly Uint8Array[]): ElementInit => ({
  tag: Tag.PixelData,
  vr: 'OB',
  value: { fragments: values },
});

function offsetTable(offsets: readonly number[]): Uint8Array {
  const table = Buffer.alloc(offsets.length * 4);
  offsets.forEach((offset, at) => {
    table.writeUInt32LE(offset, at * 4);
  });
  return table;
}

function extendedTable(offsets: readonly number[]): Uint8Array {
  const table = Buffer.alloc(offsets.length * 8);
  offsets.forEach((offset, at) => {
    table.writeBigUInt64LE(BigInt(offset), at * 8);
  });
  return table;
}

async function frameTexts(pixels: InstancePixels, frames: number): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let number = 0; number < frames; number++) {
    texts.push(Buffer.from(await (await pixels.frame(number)).read()).toString('latin1'));
  }
  return texts;
}

const refuses = (code: string) => (error: unknown) => error instanceof PharosError && error.code === code;

test('one fragment for each frame needs no offset table', async () => {
  const pixels = await pixelsOf(jpeg, 2, [fragments(text(''), text('first!'), text('second'))]);
  assert.deepEqual(await frameTexts(pixels, 2), ['first!', 'second']);
  assert.equal(pixels.mime, 'image/jpeg');
});

test('several fragments of a frame are told by the basic offset table', async () => {
  const pixels = await pixelsOf(jpeg, 2, [fragments(offsetTable([0, 20]), text('fi'), text('rs'), text('second'))]);
  assert.deepEqual(await frameTexts(pixels, 2), ['firs', 'second']);
});

test('several fragments of a frame are told by the extended offset table', async () => {
  const pixels = await pixelsOf(jpeg, 2, [
    { tag: Tag.ExtendedOffsetTable, vr: 'OV', value: extendedTable([0, 10]) },
    { tag: Tag.ExtendedOffsetTableLengths, vr: 'OV', value: extendedTable([2, 4]) },
    fragments(text(''), text('aa'), text('bb'), text('cc')),
  ]);
  assert.deepEqual(await frameTexts(pixels, 2), ['aa', 'bbcc']);
});

test('all fragments of a single frame are that frame', async () => {
  const pixels = await pixelsOf(jpeg, 1, [fragments(text(''), text('on'), text('e!'))]);
  assert.deepEqual(await frameTexts(pixels, 1), ['one!']);
});

test('a video is one frame', async () => {
  const pixels = await pixelsOf('1.2.840.10008.1.2.4.102', 75, [fragments(text(''), text('mpeg'))]);
  assert.deepEqual(await frameTexts(pixels, 1), ['mpeg']);
});

test('an offset table that does not fit is an error', async () => {
  for (const offsets of [[0, 7], [0], [10, 0]]) {
    const pixels = await pixelsOf(jpeg, 2, [fragments(offsetTable(offsets), text('aa'), text('bb'), text('cc'))]);
    await assert.rejects(pixels.frame(0), refuses('BadFileFormat'));
  }
});

test('without an offset table, a frame begins where a stream does', async () => {
  const [first, second] = ['\xff\xd8\xff first!', '\xff\xd8\xffsecond!'].map(text);
  assert.ok(first && second);
  const pixels = await pixelsOf(jpeg, 2, [
    fragments(
      text(''),
      first.subarray(0, 6),
      first.subarray(6),
      second.subarray(0, 4),
      second.subarray(4, 8),
      second.subarray(8),
    ),
  ]);
  assert.deepEqual(await frameTexts(pixels, 2), ['\xff\xd8\xff first!', '\xff\xd8\xffsecond!']);
});

test('several frames in more fragments without an offset table are an error', async () => {
  const pixels = await pixelsOf(jpeg, 2, [fragments(text(''), text('aa'), text('bb'), text('cc'))]);
  await assert.rejects(pixels.frame(0), refuses('BadFileFormat'));
});

test('frames that are components of one stream are not there one by one', async () => {
  const one = fragments(text(''), text('stream'));
  const pixels = await pixelsOf('1.2.840.10008.1.2.4.92', 3, [one]);
  await assert.rejects(pixels.frame(0), refuses('NotImplemented'));
  const damaged = await pixelsOf('1.2.840.10008.1.2.4.90', 3, [one]);
  await assert.rejects(damaged.frame(0), refuses('BadFileFormat'));
});

const image = (bits: number): readonly ElementInit[] => [
  { tag: Tag.SamplesPerPixel, value: 1 },
  { tag: Tag.PhotometricInterpretation, value: 'MONOCHROME2' },
  { tag: Tag.Rows, value: 1 },
  { tag: Tag.Columns, value: 2 },
  { tag: Tag.BitsAllocated, value: bits },
];

test('native frames lie one after the other', async () => {
  const pixels = await pixelsOf(explicitLittleEndian, 3, [
    ...image(8),
    { tag: Tag.PixelData, vr: 'OB', value: text('aabbcc') },
  ]);
  assert.deepEqual(await frameTexts(pixels, 3), ['aa', 'bb', 'cc']);
  await assert.rejects(pixels.frame(3), refuses('ParameterOutOfRange'));
});

test('words of a big endian file come in little endian', async () => {
  const words = Uint8Array.of(1, 2, 3, 4);
  const pixels = await pixelsOf(explicitBigEndian, 1, [...image(16), { tag: Tag.PixelData, vr: 'OW', value: words }]);
  assert.deepEqual([...(await (await pixels.frame(0)).read())], [...words]);
});

test('pixel data that is shorter than its frames is an error', async () => {
  const pixels = await pixelsOf(explicitLittleEndian, 3, [
    ...image(8),
    { tag: Tag.PixelData, vr: 'OB', value: text('aabb') },
  ]);
  await assert.rejects(pixels.frame(0), refuses('BadFileFormat'));
});

test('without pixel data there is no frame', async () => {
  const pixels = await pixelsOf(explicitLittleEndian, 1, []);
  assert.equal(pixels.fragments, undefined);
  await assert.rejects(pixels.frame(0), refuses('BadRequest'));
});
