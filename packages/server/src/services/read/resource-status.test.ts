// Status of a series by the number of instances that its first one announced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata, resourceIds } from '../../model/index.ts';
import type { Resource } from '../../ports/index.ts';
import { seriesProgress } from './resource-status.ts';

const { series: id } = resourceIds({
  patientId: 'p',
  studyInstanceUid: '1',
  seriesInstanceUid: '2',
  sopInstanceUid: '3',
});

const series = (expected: string | undefined): Resource => ({
  level: 'Series',
  id,
  parent: undefined,
  isStable: true,
  isProtected: false,
  tags: {},
  ancestors: {},
  children: [],
  metadata: expected === undefined ? [] : [{ type: Metadata.ExpectedNumberOfInstances, value: expected, revision: 0 }],
  labels: [],
  attachments: [],
});

const progress = async (expected: string | undefined, indices: readonly string[]) =>
  seriesProgress({ valuesBelow: async () => indices }, series(expected));

test('a series is missing instances until all indices are there', async () => {
  assert.deepEqual(await progress('2', ['1']), { status: 'Missing', expected: 2 });
  assert.deepEqual(await progress('2', ['1', '2']), { status: 'Complete', expected: 2 });
});

test('indices beyond the number, or twice the same, are inconsistent', async () => {
  for (const indices of [['3'], ['0'], ['-1'], ['1', '01']]) {
    assert.deepEqual(await progress('2', indices), { status: 'Inconsistent', expected: 2 });
  }
});

test('without a number, or with an index that is none, nothing is known', async () => {
  const unknown = { status: 'Unknown', expected: undefined };
  assert.deepEqual(await progress(undefined, ['1']), unknown);
  assert.deepEqual(await progress('x', ['1']), unknown);
  assert.deepEqual(await progress('2', ['one']), unknown);
});
