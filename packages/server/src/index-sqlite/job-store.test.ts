// Jobs are there after a restart, even one by force, and an index made before there were jobs gets room for them.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newInstance, silentLog } from '@pharos/testkit';
import { openDatabase } from './database.ts';
import { openSqliteIndex } from './index.ts';

const job = { id: '5d2b4c0e-1111-4222-8333-444455556666', request: '{"type":"Test"}', state: '{"state":"Pending"}' };

const kills = 4;
/** So long that it takes several pages. */
const padding = 'x'.repeat(20_000);

/** Saves one step after the other, and tells the parent each step that is durable. */
async function stepForEver(folder: string): Promise<void> {
  const store = await openSqliteIndex({ folder, log: silentLog, logLimits: { begin: 60, full: 200 } });
  for (let step = 1; ; step++) {
    await store.saveJob({ ...job, state: JSON.stringify({ step, padding }) });
    await store.sync();
    process.send?.(step);
  }
}

/** Lets a child save until it was heard some times, then kills it; gives the last step that it acknowledged. */
function saveUntilKilled(folder: string, answers: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [], { env: { ...process.env, NODE_TEST_CONTEXT: '', STEP_IN: folder } });
    let acknowledged = 0;
    child.on('message', (step) => {
      acknowledged = Number(step);
      if (acknowledged === answers) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('exit', (_, signal) =>
      signal === 'SIGKILL' ? resolve(acknowledged) : reject(new Error('The child ended by itself')),
    );
  });
}

function stepOf(state: string): number {
  const kept: unknown = JSON.parse(state);
  assert.ok(typeof kept === 'object' && kept !== null && 'step' in kept && 'padding' in kept);
  assert.equal(kept.padding, padding);
  return Number(kept.step);
}

async function killInTheMiddle(answers: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-jobs-'));
  try {
    const acknowledged = await saveUntilKilled(folder, answers);
    const store = await openSqliteIndex({ folder, log: silentLog });
    const [kept, ...others] = await store.savedJobs();
    await store.close();
    assert.ok(kept && others.length === 0);
    assert.equal(kept.request, job.request);
    assert.ok(stepOf(kept.state) >= acknowledged);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const steppingFolder = process.env.STEP_IN;
if (steppingFolder) await stepForEver(steppingFolder);
else registerTests();

function registerTests(): void {
  test(`${kills} kills in the middle of a step leave a job whole, at a step that was kept`, async () => {
    for (let n = 0; n < kills; n++) await killInTheMiddle(5 + 13 * n);
  });

  test('an index of the first schema keeps its resources and takes jobs, which survive a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pharos-jobs-'));
    const open = () => openSqliteIndex({ folder, log: silentLog });
    try {
      const before = await open();
      await before.addInstances([newInstance()], { maximumBytes: 0, maximumPatients: 0, mode: 'Recycle' });
      await before.close();
      const database = openDatabase(folder);
      for (const table of ['job', 'job_state', 'key_value']) database.run(`DROP TABLE ${table}`);
      database.run('PRAGMA user_version = 1');
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
}
