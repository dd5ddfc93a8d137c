// What was made is made again only when it was displaced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remembered } from './remembered.ts';

test('a value is made once, until more come than are kept', () => {
  const made: string[] = [];
  const upper = remembered({ count: 2, longest: 3 }, (text) => {
    made.push(text);
    return text.toUpperCase();
  });
  assert.deepEqual(['a', 'b', 'a', 'b'].map(upper), ['A', 'B', 'A', 'B']);
  assert.deepEqual(made, ['a', 'b']);
  assert.deepEqual(['c', 'c', 'a', ''].map(upper), ['C', 'C', 'A', '']);
  assert.deepEqual(['', ''].map(upper), ['', '']);
  assert.deepEqual(made, ['a', 'b', 'c', 'a', '']);
});

test('what is made of long texts is not kept, and displaces nothing', () => {
  let count = 0;
  const lengthOf = remembered({ count: 2, longest: 3 }, (text) => {
    count += 1;
    return text.length;
  });
  for (const text of ['abc', 'abcd', 'abcd', 'abcd', 'abc']) assert.equal(lengthOf(text), text.length);
  assert.equal(count, 4);
});
