import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldCase } from './index.ts';

test('folding puts accented letters in upper case, and keeps the accent', () => {
  assert.equal(foldCase('jérôme'), 'JÉRÔME');
  assert.equal(foldCase('e\u0301'), 'É');
  assert.equal(foldCase('Люкceмбypг'), foldCase('ЛЮКCEМБYPГ'));
  assert.notEqual(foldCase('Muller'), foldCase('Müller'));
});
