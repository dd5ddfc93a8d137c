// Palettes of segments: played out, and none of those that take long to say nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, Tag } from '@pharos/dicom';
import { paletteOf } from './palette.ts';

const descriptors = [
  Tag.RedPaletteColorLookupTableDescriptor,
  Tag.GreenPaletteColorLookupTableDescriptor,
  Tag.BluePaletteColorLookupTableDescriptor,
];
const tables = [
  Tag.SegmentedRedPaletteColorLookupTableData,
  Tag.SegmentedGreenPaletteColorLookupTableData,
  Tag.SegmentedBluePaletteColorLookupTableData,
];

const segmented = (words: readonly number[]) => {
  const value = new Uint8Array(Uint16Array.from(words).buffer);
  return createDataSet([
    ...descriptors.map((tag) => ({ tag, vr: 'US' as const, value: [10, 0, 16] })),
    ...tables.map((tag) => ({ tag, vr: 'OW' as const, value })),
  ]);
};

test('values one by one, lines, and segments once more', () => {
  const words = [0, 2, 0x100, 0x200, 1, 2, 0x400, 2, 2, 0, 0];
  const { colours } = paletteOf(segmented(words));
  const reds = colours.filter((_, at) => at % 3 === 0);
  assert.deepEqual([...reds], [1, 2, 3, 4, 1, 2, 3, 4]);
});

test('segments that add nothing, however often they are repeated, are refused at once', () => {
  const empty = Array(2 * 65_535).fill(0);
  const repeated = Array.from({ length: 3000 }, () => [2, 65_535, 0, 0]).flat();
  const palettes = [
    [...empty, ...repeated],
    [0, 1, 5, ...empty],
    [1, 0, 7],
    [0, 1, 5, 2, 0, 0, 0],
  ].map(segmented);
  const { user: before } = process.cpuUsage();
  for (const palette of palettes) assert.throws(() => paletteOf(palette), { code: 'Damaged' });
  assert.ok(process.cpuUsage().user - before < 1_000_000);
});
