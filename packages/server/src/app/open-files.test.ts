// Who gets how many connections of what a process may have open.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionShares } from './open-files.ts';

test('no port can take all that may be open, and each gets something', () => {
  for (const limit of [256, 1024, 4096, 20_000, Number.POSITIVE_INFINITY]) {
    const { dicom, http } = connectionShares(limit);
    assert.ok(dicom >= 128 && http >= 64);
    assert.ok(dicom + http <= limit * 0.75);
  }
  const { dicom, http } = connectionShares();
  assert.ok(dicom > 0 && http > 0);
});
