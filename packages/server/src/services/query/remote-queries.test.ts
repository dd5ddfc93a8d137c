// How long queries are kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRemoteQueries, type RemoteQuery } from './remote-queries.ts';

const query: RemoteQuery = {
  modality: 'pacs',
  level: 'Study',
  keys: new Map(),
  normalize: true,
  localAet: '',
  timeout: 0,
  answers: [],
  bytes: 0,
};

test('the least recently used query is forgotten first', () => {
  const queries = createRemoteQueries({ QueryRetrieveSize: 2 });
  const [first, second] = [queries.add(query), queries.add(query)];
  queries.get(first);
  const third = queries.add(query);
  assert.deepEqual(queries.ids(), [first, third].sort());
  assert.throws(() => queries.get(second), { code: 'UnknownResource' });
});

test('the newest query is kept even where none should be', () => {
  const queries = createRemoteQueries({ QueryRetrieveSize: 0 });
  queries.add(query);
  assert.deepEqual([queries.add(query)], queries.ids());
});

test('large answers take the place of several queries', () => {
  const queries = createRemoteQueries({ QueryRetrieveSize: 100 });
  const large = { ...query, bytes: 300 * 1024 * 1024 };
  queries.add(large);
  const small = queries.add(query);
  const next = queries.add(large);
  assert.deepEqual(queries.ids(), [small, next].sort());
  const huge = queries.add({ ...query, bytes: 2 ** 40 });
  assert.deepEqual(queries.ids(), [huge]);
});

test('a deleted query is gone, an unknown one is no matter', () => {
  const queries = createRemoteQueries({ QueryRetrieveSize: 2 });
  const id = queries.add(query);
  queries.remove(id);
  queries.remove(id);
  assert.deepEqual(queries.ids(), []);
});
