// Application entity titles as strangers write them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normaliseAet } from './index.ts';

test('spaces around a title mean nothing, those within it do', () => {
  assert.equal(normaliseAet('  A B '), 'A B');
  assert.equal(normaliseAet('A'), 'A');
  for (const none of ['', '   ', 'A\\B', 'A\n', '\tA']) assert.equal(normaliseAet(none), undefined);
});

test('a long run of spaces within a title costs no more than its length', () => {
  const title = `A${' '.repeat(200_000)}B`;
  const started = performance.now();
  assert.equal(normaliseAet(title), title);
  assert.ok(performance.now() - started < 1000);
});
