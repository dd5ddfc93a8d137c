// Sequences that the index keeps as JSON: what cannot be read is as if it were not there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storedSequences } from './resource-sequences.ts';

const element = { Name: 'RequestedProcedureID', Type: 'String', Value: 'A1' };
const sequence = { Name: 'RequestAttributesSequence', Type: 'Sequence', Value: [{ '0040,1001': element }] };

test('sequences are given by tag', () => {
  const kept = storedSequences(JSON.stringify({ Version: 1, Sequences: { '0040,0275': sequence } }));
  assert.deepEqual(kept, { '0040,0275': [{ '0040,1001': element }] });
});

test('what is broken, of another version or no sequence is left out', () => {
  for (const text of [undefined, '', '{"Version":1,', 'null', '[]', '{"Version":2,"Sequences":{}}', '{"Version":1}']) {
    assert.deepEqual(storedSequences(text), {}, text);
  }
  const odd = { '0040,0275': element, '0008,1140': { ...sequence, Value: [3] }, '0008,1110': null };
  assert.deepEqual(storedSequences(JSON.stringify({ Version: 1, Sequences: odd })), {});
});
