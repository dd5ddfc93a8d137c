// New identifiers for old ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUid } from '@pharos/dicom';
import { createIdentifierMap, newIdentifierKey } from './identifier-map.ts';

const old = '1.2.840.113619.2.1.1';

test('the same key gives the same for the same; other keys, levels and identifiers give others', () => {
  const key = newIdentifierKey();
  const made = createIdentifierMap(key).map('Instance', old);
  assert.ok(isUid(made));
  assert.equal(createIdentifierMap(key).map('Instance', old), made);
  const others = [
    createIdentifierMap(key).map('Instance', `${old}.1`),
    createIdentifierMap(key).map('Series', old),
    createIdentifierMap().map('Instance', old),
  ];
  assert.equal(new Set([made, ...others]).size, 4);
});

test('an identifier that was given by this key stays; one that another key gave does not', () => {
  const map = createIdentifierMap();
  const made = map.map('Study', old);
  assert.equal(map.map('Study', made), made);
  assert.equal(map.map('Instance', made), made);
  assert.notEqual(createIdentifierMap().map('Study', made), made);
});

test('what is given takes the place of what would be made', () => {
  const map = createIdentifierMap();
  map.set('Patient', 'old', 'TRIAL-1');
  assert.equal(map.map('Patient', 'old'), 'TRIAL-1');
  assert.match(map.map('Patient', 'other'), /^[\da-f]{8}-/);
});

test('the dates of one patient go back by the same days, one to ten years', () => {
  const map = createIdentifierMap();
  assert.equal(map.daysBack('P'), map.daysBack('P'));
  for (let patient = 0; patient < 500; patient++) {
    const days = map.daysBack(String(patient));
    assert.ok(Number.isInteger(days) && days >= 1 && days <= 3652, `${days}`);
  }
});
