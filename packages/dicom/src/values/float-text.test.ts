// Floating point values show as C's %.17g prints them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFloat } from './float-text.ts';

const cases: readonly [number, string][] = [
  [0, '0'],
  [-0, '-0'],
  [1.5, '1.5'],
  [0.1, '0.10000000000000001'],
  [Math.fround(0.1), '0.10000000149011612'],
  [1e-4, '0.0001'],
  [1e-5, '1.0000000000000001e-05'],
  [1e15, '1000000000000000'],
  [1e16, '10000000000000000'],
  [1e17, '1e+17'],
  [123456789012345680, '1.2345678901234568e+17'],
  [5e-324, '4.9406564584124654e-324'],
  [Number.NaN, 'nan'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
];

test('floating point numbers print with 17 digits', () => {
  for (const [value, text] of cases) assert.equal(formatFloat(value), text);
});

test('a tie goes to the even digit', () => {
  assert.equal(formatFloat(Math.fround(-180.5357971)), '-180.53579711914062');
  assert.equal(formatFloat(0.50000762939453125), '0.50000762939453125');
  assert.equal(formatFloat(Math.fround(361.4634094)), '361.46340942382812');
});
