import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldCase, normaliseIdentifier } from './index.ts';

test('folding puts accented letters in upper case, and keeps the accent', () => {
  assert.equal(foldCase('jérôme'), 'JÉRÔME');
  assert.equal(foldCase('e\u0301'), 'É');
  assert.equal(foldCase('Люкceмбypг'), foldCase('ЛЮКCEМБYPГ'));
  assert.notEqual(foldCase('Muller'), foldCase('Müller'));
});

test('identifiers are ASCII without control characters and wildcards of SQL, upper case, trimmed', () => {
  assert.equal(normaliseIdentifier(' abc_1%2\0 '), 'ABC 1 2');
  assert.equal(normaliseIdentifier('Hébé\t^x'), 'HB^X');
});
