// Jobs are there after a restart, and an index made before there were jobs gets room for them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newInstance, silentLog } from '@pharos/testkit';
import { openDatabase } from './database.ts';
import { openSqliteIndex } from './index.ts';

const job = { id: '5d2b4c0e-1111-4222-8333-444455556666', request: '{"type":"Test"}', state: '{"state":"Pending"}' };

test('an index of the first schema keeps its resources and takes jobs, which survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-jobs-'));
  const open = () => openSqliteIndex({ folder, log: silentLog });
  try {
    const before = await open();
    await before.addInstances([newInstance()], { maximumBytes: 0, maximumPatients: 0, mode: 'Recycle' });
    await before.close();
    const database = openDatabase(folder);
    for (const sql of ['DROP TABLE job', 'DROP TABLE job_state', 'PRAGMA user_version = 1']) database.run(sql);
    database.close();
    const migrated = await open();
    assert.equal((await migrated.counts()).instances, 1);
    await migrated.saveJob(job);
    await migrated.close();
    const reopened = await open();
    assert.deepEqual(await reopened.savedJobs(), [job]);
    await reopened.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
