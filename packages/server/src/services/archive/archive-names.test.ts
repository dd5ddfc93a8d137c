// Names in archives: no two are the same, on systems that know no case either.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNames, createNumbers } from './archive-names.ts';

test('a name that is taken gets a number, also where another one looks like it', () => {
  const names = createNames();
  const given = ['X', 'X', 'X-2', 'x', 'X-2', 'Y'].map(names);
  assert.equal(new Set(given.map((name) => name.toLowerCase())).size, given.length);
  assert.deepEqual([given[0], given[1], given[5]], ['X', 'X-2', 'Y']);
});

test('files of the same number follow behind all others', () => {
  const numbers = createNumbers();
  assert.deepEqual([0, 0, 5, 0, 5, 6].map(numbers), [0, 1, 5, 6, 7, 8]);
});
