// An index is used by one server at a time, goes on where it stopped, and is not opened by an older version.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newInstance, silentLog } from '@pharos/testkit';
import { openDatabase } from './database.ts';
import { logPath } from './files.ts';
import { openSqliteIndex } from './index.ts';
import { migrations } from './schema.ts';

const noLimits = { maximumBytes: 0, maximumPatients: 0, mode: 'Recycle' } as const;
const now = '20260101T130000';

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-reopen-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const open = (folder: string) => openSqliteIndex({ folder, log: silentLog, logLimits: { begin: 60, full: 200 } });

test('a folder in use is refused, and free again after close', () =>
  inFolder(async (folder) => {
    const store = await open(folder);
    await assert.rejects(open(folder), /in use by another server/);
    await store.close();
    await store.close();
    await (await open(folder)).close();
  }));

test('an index of a newer version is refused', () =>
  inFolder(async (folder) => {
    const database = openDatabase(folder);
    database.run(`PRAGMA user_version = ${migrations.length + 1}`);
    database.close();
    await assert.rejects(open(folder), /made by a newer version of Pharos/);
  }));

test('counts, stability, order and numbers go on after a restart', () =>
  inFolder(async (folder) => {
    const first = await open(folder);
    await first.addInstances([newInstance({ patient: 1 }), newInstance({ patient: 2 })], noLimits);
    await first.addInstances([newInstance({ patient: 1, instance: 2 })], noLimits);
    const [counts, usage, seq] = [await first.counts(), await first.diskUsage(), await first.lastSeq()];
    await first.close();
    const second = await open(folder);
    assert.deepEqual([await second.counts(), await second.diskUsage(), await second.lastSeq()], [counts, usage, seq]);
    const tight = { maximumBytes: 0, maximumPatients: 2, mode: 'Recycle' } as const;
    const { recycled } = await second.addInstances([newInstance({ patient: 3 })], tight);
    assert.deepEqual(recycled, [newInstance({ patient: 2 }).ids.patient]);
    assert.equal((await second.stabilise('20270101T000000', now, 100)).length, 6);
    await second.close();
  }));

test('the log stays bounded while instances stream in, and is gone after close', () =>
  inFolder(async (folder) => {
    const store = await open(folder);
    let longest = 0;
    for (let n = 0; n < 1_500; n++) {
      await store.addInstances([newInstance({ instance: n + 1 })], noLimits);
      longest = Math.max(longest, statSync(logPath(folder)).size);
    }
    assert.ok(longest < 3_000_000, `the log grew to ${longest} bytes`);
    await store.close();
    assert.equal(statSync(logPath(folder), { throwIfNoEntry: false }), undefined);
  }));

test('deleting a large study is one quick step', () =>
  inFolder(async (folder) => {
    const store = await open(folder);
    await store.addInstances(
      Array.from({ length: 1_000 }, (_, n) => newInstance({ instance: n + 1 })),
      noLimits,
    );
    const started = performance.now();
    const removed = await store.deleteResource({ level: 'Study', id: newInstance().ids.study }, now);
    const spent = performance.now() - started;
    assert.equal(removed?.deleted.length, 1_003);
    assert.ok(spent < 1_000, `it took ${spent} ms`);
    assert.equal((await store.removedBlobs(2_000)).length, 1_000);
    await store.close();
  }));
