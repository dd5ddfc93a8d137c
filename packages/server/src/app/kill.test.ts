// Nothing that was acknowledged is lost when the process dies, and nothing half-done stays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killIngest } from '@pharos/testkit';

const kills = Number(process.env.PHAROS_KILLS ?? 20);

test(`${kills} kills in the middle of an ingest lose no acknowledged instance and leave no orphan`, async () => {
  const report = await killIngest(kills);
  assert.deepEqual(report.faults, []);
  assert.ok(report.acknowledged > kills, `only ${report.acknowledged} instances were acknowledged`);
});
