// Ranges of bytes as clients of Orthanc ask for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentRange, rangeOf } from './byte-range.ts';

test('both ends, one end, none', () => {
  assert.deepEqual(rangeOf('bytes=128-131', 1000), { start: 128, end: 132 });
  assert.deepEqual(rangeOf('bytes=128-', 1000), { start: 128, end: 1000 });
  assert.deepEqual(rangeOf('bytes=-131', 1000), { start: 0, end: 132 });
  assert.deepEqual(rangeOf('bytes=-', 1000), { start: 0, end: 1000 });
  assert.deepEqual(contentRange({ start: 128, end: 132 }, 1000), { 'Content-Range': 'bytes 128-131/1000' });
});

test('what is not within the content is refused', () => {
  for (const header of [
    'bytes=5-4',
    'bytes=0-1000',
    'bytes=1000-',
    'items=0-1',
    'bytes=0-1,3-4',
    'bytes=a-b',
    'bytes=5',
  ]) {
    assert.throws(() => rangeOf(header, 1000), { code: 'BadRange' }, header);
  }
  assert.throws(() => rangeOf('bytes=-', 0), { code: 'BadRange' });
});
