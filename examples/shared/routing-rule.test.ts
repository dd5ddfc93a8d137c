// What the rules of auto-route mean.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { destinationsOf, routingRule } from './routing-rule.ts';

const sentTo = (rules: readonly string[], tags: Readonly<Record<string, unknown>>) =>
  destinationsOf(rules.map(routingRule), tags);

test('a rule without conditions takes everything, and no modality is told twice', () => {
  assert.deepEqual(sentTo(['pacs', 'archive', 'pacs: Modality=CT'], { Modality: 'CT' }), ['pacs', 'archive']);
});

test('every condition must be met, each by one of its values', () => {
  const rule = 'ct: Modality=CT|PT, StationName=ROOM*';
  assert.deepEqual(sentTo([rule], { Modality: 'PT', StationName: 'ROOM 1' }), ['ct']);
  assert.deepEqual(sentTo([rule], { Modality: 'MR', StationName: 'ROOM 1' }), []);
  assert.deepEqual(sentTo([rule], { Modality: 'CT', StationName: 'HALL' }), []);
  assert.deepEqual(sentTo([rule], { Modality: 'CT' }), []);
});

test('one of several values is enough; a pattern is no regular expression', () => {
  assert.deepEqual(sentTo(['x: ImageType=AXIAL'], { ImageType: 'ORIGINAL\\PRIMARY\\AXIAL' }), ['x']);
  assert.deepEqual(sentTo(['x: StudyDescription=a.b'], { StudyDescription: 'a+b' }), []);
  assert.deepEqual(sentTo(['x: PatientID=A?1'], { PatientID: 'AB1' }), ['x']);
  assert.deepEqual(sentTo(['x: Laterality='], {}), ['x']);
});

test('what is no rule is told', () => {
  assert.throws(() => routingRule(': Modality=CT'), /names no modality/);
  assert.throws(() => routingRule('pacs: CT'), /"CT" is no condition/);
});
