// Revisions travel in ETag, If-Match and If-None-Match.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { etagOf, expectedByDelete, expectedBySet, isSameRevision, revisionOf } from './revision.ts';

test('an ETag comes back as the revision it was made of, with quotes and without', () => {
  const revision = { revision: 3, md5: 'abc' };
  for (const header of [etagOf(revision).ETag, '3-abc', ' "3-abc" ']) {
    assert.ok(isSameRevision(revisionOf(header), revision), header);
  }
  assert.equal(isSameRevision(revisionOf('"2-abc"'), revision), false);
  assert.equal(isSameRevision(revisionOf(undefined), revision), false);
});

test('what is no revision is refused, with the headers of the answer', () => {
  for (const header of ['tata', '"aaa-bbb"', '-1-abc', '']) {
    assert.throws(() => revisionOf(header, { ETag: 'x' }), { code: 'ParameterOutOfRange', headers: { ETag: 'x' } });
  }
});

test('a long header costs no more than its length', () => {
  const started = performance.now();
  for (let i = 0; i < 20; i++) revisionOf(`0-${' '.repeat(15_000)}x"y`);
  assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`);
});

test('setting: the revision counts where the value exists, and must be given where revisions are checked', () => {
  const given = { revision: 0, md5: 'abc' };
  assert.deepEqual(expectedBySet({ ifMatch: '0-abc', isMandatory: false }, true), given);
  assert.deepEqual(expectedBySet({ ifMatch: '0-abc', isMandatory: true }, false), { revision: undefined });
  assert.deepEqual(expectedBySet({ ifMatch: undefined, isMandatory: true }, true), { revision: undefined });
  assert.equal(expectedBySet({ ifMatch: undefined, isMandatory: false }, true), undefined);
});

test('deleting: the revision must be given where revisions are checked', () => {
  assert.throws(() => expectedByDelete({ ifMatch: undefined, isMandatory: true }), { code: 'Revision' });
  assert.equal(expectedByDelete({ ifMatch: undefined, isMandatory: false }), undefined);
});
