// Slices are ordered in space where they form a volume, else by their numbers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ElementInit, Tag } from '@pharos/dicom';
import { type IngestFixture, openIngest, syntheticInstance } from '@pharos/testkit';
import type { OrthancId } from '../../model/index.ts';
import { orderSlices } from './instance-order.ts';

let storage: IngestFixture;
before(async () => {
  storage = await openIngest();
});
after(() => storage.discard());

/** Stores one slice for each list of elements, in this order. */
async function store(series: number, slices: readonly (readonly ElementInit[])[]) {
  const ids: OrthancId[] = [];
  let seriesId: OrthancId | undefined;
  for (const [instance, elements] of slices.entries()) {
    const file = syntheticInstance({ kind: 'header', patient: 1, study: 0, series, instance, elements });
    const stored = await storage.store(file);
    ids.push(stored.ids.instance);
    seriesId = stored.ids.series;
  }
  assert.ok(seriesId);
  return { ids, seriesId };
}

const position = (z: number): ElementInit => ({ tag: Tag.ImagePositionPatient, value: `0\\0\\${z}` });
const number = (value: number): ElementInit => ({ tag: Tag.InstanceNumber, value: String(value) });

test('distinct positions make a volume', async () => {
  const { ids, seriesId } = await store(0, [[position(30)], [position(-10)], [position(20)]]);
  const { type, slices } = await orderSlices(storage.index, seriesId);
  assert.equal(type, 'Volume');
  assert.deepEqual(
    slices.map(({ id }) => id),
    [ids[1], ids[2], ids[0]],
  );
});

test('equal positions are a sequence, ordered by number', async () => {
  const { ids, seriesId } = await store(1, [
    [position(1), number(3)],
    [position(1), number(1)],
    [position(2), number(2)],
  ]);
  const { type, slices } = await orderSlices(storage.index, seriesId);
  assert.equal(type, 'Sequence');
  assert.deepEqual(
    slices.map(({ id }) => id),
    [ids[1], ids[2], ids[0]],
  );
});

test('a single instance is a sequence with its frames', async () => {
  const { seriesId } = await store(2, [[{ tag: Tag.NumberOfFrames, value: '76' }]]);
  const { type, slices } = await orderSlices(storage.index, seriesId);
  assert.equal(type, 'Sequence');
  assert.deepEqual(
    slices.map(({ frames }) => frames),
    [76],
  );
});

test('without positions and numbers there is no order', async () => {
  const nothing = [
    { tag: Tag.ImagePositionPatient, value: '' },
    { tag: Tag.InstanceNumber, value: '' },
  ];
  const { seriesId } = await store(3, [nothing, nothing]);
  await assert.rejects(orderSlices(storage.index, seriesId), { code: 'CannotOrderSlices' });
});
