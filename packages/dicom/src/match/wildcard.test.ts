import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesWildcard } from './index.ts';

test('stars and question marks', () => {
  for (const [pattern, text] of [
    ['DOE^J*', 'DOE^JOHN'],
    ['*', ''],
    ['*', 'anything'],
    ['**', 'a'],
    ['?OE*', 'DOE'],
    ['*JOHN*', 'DOE^JOHN^M'],
    ['D?E*J??N', 'DOE^^JOHN'],
    ['', ''],
    ['*a?c*a?c', 'xabcabc'],
  ] as const) {
    assert.ok(matchesWildcard(pattern, text), `${pattern} ${text}`);
  }
  for (const [pattern, text] of [
    ['DOE', 'DOE^JOHN'],
    ['DOE', 'doe'],
    ['?', ''],
    ['??', 'a'],
    ['aba*aba', 'ababa'.slice(0, 4)],
    ['*JOHN', 'JOHN^'],
    ['a*b*a', 'aba'.slice(0, 2)],
    ['.*', 'abc'],
    ['*?', ''],
  ] as const) {
    assert.ok(!matchesWildcard(pattern, text), `${pattern} ${text}`);
  }
});

test('agrees with a regular expression', () => {
  const letters = fc.constantFrom('a', 'b');
  const patterns = fc.array(fc.constantFrom('a', 'b', '*', '?', '?'), { maxLength: 9 });
  const texts = fc.array(letters, { maxLength: 12 });
  fc.assert(
    fc.property(patterns, texts, (pattern, text) => {
      const expression = new RegExp(`^${pattern.join('').replaceAll('*', '.*').replaceAll('?', '.')}$`);
      assert.equal(matchesWildcard(pattern.join(''), text.join('')), expression.test(text.join('')));
    }),
    { numRuns: 2000 },
  );
});

test('parts longer than a machine word', () => {
  const part = `${'ab?'.repeat(40)}z`;
  const text = `${'abc'.repeat(100)}z`;
  assert.ok(matchesWildcard(`*${part}*`, text));
  assert.ok(matchesWildcard(`*${part}`, text));
  assert.ok(!matchesWildcard(`*${part}y*`, text));
});

test('a hostile pattern takes no longer than a plain one', () => {
  const pattern = `${'*a'.repeat(5000)}*b`;
  assert.ok(!matchesWildcard(pattern, `${'a'.repeat(100_000)}c`));
  assert.ok(!matchesWildcard(`*${'a?'.repeat(500)}b*`, 'a'.repeat(100_000)));
});
