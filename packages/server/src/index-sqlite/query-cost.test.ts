// What the index is asked is answered by an index: no statement of a usual day goes through a whole table.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newInstance } from '@pharos/testkit';
import type { IndexQuery, IndexStore, Match, TagTerm } from '../ports/index.ts';
import { type Database, openDatabase } from './database.ts';
import { text } from './rows.ts';
import { createStore } from './store.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

const noLog: WriteAheadLog = {
  room: () => undefined,
  committed() {},
  empty: async () => {},
  sync: async () => {},
  close: async () => {},
};
const now = '20260101T130000';

const term = (level: TagTerm['level'], tag: number, match: Match, caseSensitive = false): TagTerm => ({
  level,
  tag,
  match,
  caseSensitive,
});
const name = term('Patient', 0x00100010, { kind: 'wildcard', pattern: 'SMITH*' });
const patientId = term('Patient', 0x00100020, { kind: 'equal', value: 'P1' }, true);
const date = term('Study', 0x00080020, { kind: 'range', from: '20250101', to: '20251231' });
const modality = term('Series', 0x00080060, { kind: 'list', values: ['CT', 'MR'] });
const sop = term('Instance', 0x00080018, { kind: 'equal', value: '1.2' });

const queries: readonly IndexQuery[] = [
  { level: 'Patient', terms: [name] },
  { level: 'Study', terms: [name, date] },
  { level: 'Study', terms: [patientId, modality] },
  { level: 'Series', terms: [patientId] },
  { level: 'Instance', terms: [patientId], within: newInstance().ids.study },
  { level: 'Study', terms: [sop] },
  { level: 'Study', labels: { constraint: 'All', labels: ['a', 'b'] } },
  { level: 'Study' },
  { level: 'Instance', since: 1, limit: 1 },
];

async function useAll(store: IndexStore): Promise<void> {
  const limits = { maximumBytes: 1_000_000, maximumPatients: 1_000, mode: 'Recycle' } as const;
  await store.addInstances([newInstance(), newInstance({ instance: 2 }), newInstance({ overwrite: 'Always' })], limits);
  await store.addInstances([newInstance({ patient: 2 })], { ...limits, maximumPatients: 1 });
  const { ids } = newInstance({ patient: 2 });
  const ref = { level: 'Instance', id: ids.instance } as const;
  const fields = { tags: true, ancestors: true, children: true, metadata: true, labels: true, attachments: true };
  for (const query of queries) {
    for await (const _ of store.find(query, fields));
    await store.count(query);
  }
  for (const id of Object.values(ids)) {
    await store.get(id, fields);
    await store.counts(id);
    await store.diskUsage(id);
  }
  await store.valuesBelow(ids.study, 'Series', { tag: 0x00080060 });
  await store.lookup('P1');
  await store.addLabel(ref, 'a');
  await store.allLabels();
  await store.setMetadata(ref, 1024, 'x', now);
  await store.replaceTags(ref, {}, {});
  await store.blobsWithRow(['x']);
  await store.moveBlobs(new Map([['x', 'y']]));
  await store.lastBlobBetween('x', 'y');
  await store.countBlobsBetween('x', 'y');
  await store.resourceOfBlob('x');
  await store.stabilise('20270101T000000', now, 10);
  await store.changes({ limit: 10 });
  await store.changes({ limit: 10, types: ['StableStudy', 'NewPatient'] });
  await store.lastChange();
  await store.exports(0, 10);
  await store.deleteResource({ level: 'Patient', id: ids.patient }, now);
}

test('no usual statement goes through a whole table', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-plan-'));
  const database = openDatabase(folder);
  const statements = new Set<string>();
  const recorded: Database = {
    ...database,
    run: (sql, ...values) => {
      statements.add(sql);
      return database.run(sql, ...values);
    },
    row: (sql, ...values) => {
      statements.add(sql);
      return database.row(sql, ...values);
    },
    rows: (sql, ...values) => {
      statements.add(sql);
      return database.rows(sql, ...values);
    },
  };
  const store = createStore(recorded, noLog);
  statements.clear();
  await useAll(store);
  const scans = [...statements]
    .filter((sql) => /^\s*(?:SELECT|UPDATE|DELETE|INSERT)/.test(sql))
    .flatMap((sql) => database.rows(`EXPLAIN QUERY PLAN ${sql}`).map((row) => ({ sql, step: text(row[3]) })))
    .filter(({ step }) => /^SCAN (?!CONSTANT|.*VIRTUAL TABLE|used|export|removed_blob|\(subquery)/.test(step));
  assert.ok(statements.size > 80, `only ${statements.size} statements were seen`);
  assert.deepEqual(scans, []);
  await store.close();
  rmSync(folder, { recursive: true });
});
