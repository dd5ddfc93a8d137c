// Kinds of matching that the text of a key stands for (PS3.4 C.2.2.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tag, vrOf } from '@pharos/dicom';
import { matchOf, metadataMatchOf } from './find-term.ts';

const match = (tag: Tag, text: string) => matchOf(tag, vrOf(tag), text);

test('a text means universal, single value, list, wildcard or range matching by its VR', () => {
  assert.equal(match(Tag.PatientName, ''), undefined);
  assert.deepEqual(match(Tag.PatientID, '12'), { kind: 'equal', value: '12' });
  assert.deepEqual(match(Tag.Modality, 'CT\\MR'), { kind: 'list', values: ['CT', 'MR'] });
  assert.deepEqual(match(Tag.PatientName, 'Doe*'), { kind: 'wildcard', pattern: 'Doe*' });
  assert.deepEqual(match(Tag.StudyDate, '20200101-20201231'), { kind: 'range', from: '20200101', to: '20201231' });
  assert.deepEqual(match(Tag.StudyTime, '-12'), { kind: 'range', from: undefined, to: '12' });
  assert.deepEqual(match(Tag.StudyDate, '2020-'), { kind: 'range', from: '2020', to: undefined });
  assert.deepEqual(match(Tag.PatientID, '1-2'), { kind: 'equal', value: '1-2' });
});

test('a range without ends is universal', () => {
  assert.equal(match(Tag.StudyDate, '-'), undefined);
});

test('wildcards are refused where the VR has none, sequences always', () => {
  const refused = { code: 'ParameterOutOfRange' };
  assert.throws(() => match(Tag.StudyInstanceUID, '*'), refused);
  assert.throws(() => match(Tag.StudyDate, '2020*'), refused);
  assert.throws(() => match(Tag.StudyDate, '2020*-2021'), refused);
  assert.throws(() => match(Tag.RequestAttributesSequence, 'x'), refused);
});

test('metadata are matched by list, wildcard or value', () => {
  assert.equal(metadataMatchOf(''), undefined);
  assert.deepEqual(metadataMatchOf('a\\b'), { kind: 'list', values: ['a', 'b'] });
  assert.deepEqual(metadataMatchOf('?x'), { kind: 'wildcard', pattern: '?x' });
  assert.deepEqual(metadataMatchOf('x'), { kind: 'equal', value: 'x' });
});
