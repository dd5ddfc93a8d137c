// Matching of values that files hold: with and without case.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tag } from '@pharos/dicom';
import type { Match } from '../../ports/index.ts';
import { textMatcher } from './matcher.ts';

const matches = (match: Match, text: string, caseSensitive = false): boolean =>
  textMatcher({ tag: Tag.BodyPartExamined, match, caseSensitive })(text);

test('case counts only where asked for', () => {
  const match: Match = { kind: 'equal', value: 'Générale' };
  assert.equal(matches(match, 'GÉNÉRALE'), true);
  assert.equal(matches(match, 'GÉNÉRALE', true), false);
  assert.equal(matches({ kind: 'wildcard', pattern: 'kn?e*' }, 'KNEE LEFT'), true);
  assert.equal(matches({ kind: 'wildcard', pattern: 'kn?e*' }, 'KNEE LEFT', true), false);
});

test('a list matches any component of a value', () => {
  const match: Match = { kind: 'list', values: ['x', 'y'] };
  assert.equal(matches(match, 'A\\Y'), true);
  assert.equal(matches(match, 'A\\B'), false);
});

test('a range includes its ends and may be open', () => {
  assert.equal(matches({ kind: 'range', from: '2020', to: '2021' }, '2021'), true);
  assert.equal(matches({ kind: 'range', from: '2020' }, '2019'), false);
});
