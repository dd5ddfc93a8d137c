import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFloat, formatSignificant } from './significant-digits.ts';

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

const floats: readonly [number, string][] = [
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
  for (const [value, text] of floats) assert.equal(formatFloat(value), text);
});

test('a tie goes to the even digit', () => {
  assert.equal(formatFloat(Math.fround(-180.5357971)), '-180.53579711914062');
  assert.equal(formatFloat(0.50000762939453125), '0.50000762939453125');
  assert.equal(formatFloat(Math.fround(361.4634094)), '361.46340942382812');
});
