import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSignificant } from './significant-digits.ts';

test('numbers as C prints them', () => {
  const cases: readonly (readonly [number, number, string])[] = [
    [1.5, 17, '1.5'],
    [Math.fround(0.1), 17, '0.10000000149011612'],
    [Math.fround(0.1), 9, '0.100000001'],
    [-180.53579711914062, 17, '-180.53579711914062'],
    [0.1, 17, '0.10000000000000001'],
    [1e10, 17, '10000000000'],
    [1e300, 17, '1.0000000000000001e+300'],
    [0.00001, 17, '1.0000000000000001e-05'],
    [0.0001, 9, '0.0001'],
    [123456789, 9, '123456789'],
    [1234567890, 9, '1.23456789e+09'],
    [100, 9, '100'],
    [-0, 17, '-0'],
    [Number.NaN, 17, 'nan'],
    [Number.NEGATIVE_INFINITY, 17, '-inf'],
  ];
  for (const [value, digits, text] of cases) assert.equal(formatSignificant(value, digits), text);
});
