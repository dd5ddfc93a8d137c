// What was acknowledged after sync() is there when the server was killed at any moment, and the index is consistent.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newInstance, silentLog } from '@pharos/testkit';
import { levels } from '../model/index.ts';
import type { IndexStore, NewInstance } from '../ports/index.ts';
import { openDatabase } from './database.ts';
import { openSqliteIndex } from './index.ts';

const kills = 6;
const now = '20260101T130000';
const noLimits = { maximumBytes: 0, maximumPatients: 0, mode: 'Recycle' } as const;
/** Small, so that the log is moved all the time. */
const logLimits = { begin: 60, full: 200 };

const instanceAt = (n: number): NewInstance =>
  newInstance({ patient: 1 + (n >> 6), study: 1 + ((n >> 4) & 3), series: 1 + ((n >> 2) & 3), instance: 1 + (n & 3) });

/** Adds for ever from number `first` on, in batches of 1 to 5; tells the parent up to where all is durable. */
async function addForEver(folder: string, first: number): Promise<void> {
  const store = await openSqliteIndex({ folder, log: silentLog, logLimits });
  for (let n = first; ; ) {
    const batch = Array.from({ length: 1 + (n % 5) }, (_, at) => instanceAt(n + at));
    await store.addInstances(batch, noLimits);
    n += batch.length;
    await store.sync();
    process.send?.(n);
  }
}

/** Lets a child add until it was heard some times, then kills it; gives what it acknowledged. */
function addUntilKilled(folder: string, first: number, answers: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [], {
      env: { ...process.env, NODE_TEST_CONTEXT: '', ADD_TO: folder, ADD_FROM: String(first) },
    });
    let acknowledged = first;
    let heard = 0;
    child.on('message', (n) => {
      acknowledged = Number(n);
      heard += 1;
      if (heard === answers) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', (_, signal) =>
      signal === 'SIGKILL' ? resolve(acknowledged) : reject(new Error('The child ended by itself')),
    );
  });
}

async function countByListing(store: IndexStore, level: (typeof levels)[number]): Promise<number> {
  let count = 0;
  for await (const batch of store.find({ level }, { tags: true })) count += batch.length;
  return count;
}

async function checkTotals(store: IndexStore): Promise<void> {
  const { patients, studies, series, instances } = await store.counts();
  const listed: number[] = [];
  for (const level of levels) listed.push(await countByListing(store, level));
  assert.deepEqual([patients, studies, series, instances], listed);
  assert.equal((await store.diskUsage()).diskSize, instances * 1_000);
}

function checkFile(folder: string): void {
  const database = openDatabase(folder);
  assert.deepEqual(
    database.rows('PRAGMA integrity_check').map((row) => row[0]),
    ['ok'],
  );
  const orphans = `SELECT count(*) FROM resource_id i LEFT JOIN detail d ON d.key = i.key WHERE d.key IS NULL
    UNION ALL SELECT count(*) FROM detail d WHERE d.key NOT IN (SELECT key FROM resource_id)
    UNION ALL SELECT count(*) FROM instance n WHERE n.parent NOT IN (SELECT key FROM series)
    UNION ALL SELECT count(*) FROM identifier WHERE key NOT IN (SELECT key FROM resource_id)`;
  assert.deepEqual(
    database.rows(orphans).map((row) => row[0]),
    [0, 0, 0, 0],
  );
  database.close();
}

async function killAgainAndAgain(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-kill-'));
  let acknowledged = 0;
  for (let round = 1; round <= kills; round++) {
    acknowledged = await addUntilKilled(folder, acknowledged, 7 * round);
    const store = await openSqliteIndex({ folder, log: silentLog });
    const missing: number[] = [];
    for (let n = 0; n < acknowledged; n++) if (!(await store.get(instanceAt(n).ids.instance, {}))) missing.push(n);
    assert.deepEqual(missing, []);
    await checkTotals(store);
    await store.deleteResource({ level: 'Study', id: instanceAt(0).ids.study }, now);
    await checkTotals(store);
    await store.addInstances(
      Array.from({ length: 64 }, (_, n) => instanceAt(n)),
      noLimits,
    );
    acknowledged = Math.max(acknowledged, 64);
    await store.close();
    checkFile(folder);
  }
  rmSync(folder, { recursive: true });
}

const { ADD_TO: addTo, ADD_FROM: addFrom } = process.env;
if (addTo) await addForEver(addTo, Number(addFrom));
else test('a server killed while it adds loses nothing that it acknowledged', killAgainAndAgain);
