// What a server says at its start of files that are not there any more.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type IngestFixture, noMetrics, openIngest, silentLog, syntheticInstance } from '@pharos/testkit';
import type { OrthancId } from '../../model/index.ts';
import type { Log, Metrics } from '../../ports/index.ts';
import { createMissingFiles } from './index.ts';

async function stored(ingest: IngestFixture, instance: number): Promise<OrthancId> {
  const { ids } = await ingest.store(syntheticInstance({ kind: 'mr', patient: 0, study: 0, series: 0, instance }));
  return ids.instance;
}

/** What is logged, and the gauge. */
async function told({ index, blobs }: IngestFixture) {
  const errors: { readonly message: string; readonly facts: Readonly<Record<string, unknown>> | undefined }[] = [];
  const gauges = new Map<string, () => number | Promise<number>>();
  const log: Log = {
    ...silentLog,
    of: () => ({ ...silentLog.of('generic'), error: (message, facts) => void errors.push({ message, facts }) }),
  };
  const metrics: Metrics = { ...noMetrics, gauge: (name, compute) => void gauges.set(name, compute) };
  const missing = createMissingFiles({ index, blobs, log, metrics });
  const count = await missing.looked;
  await missing.stop();
  assert.equal(await gauges.get('pharos_missing_files')?.(), count);
  return { count, errors };
}

test('a lost pack is told once, with counts, what is affected, and what to do', async () => {
  const before = await openIngest();
  const ids: OrthancId[] = [];
  for (let n = 0; n < 7; n++) ids.push(await stored(before, n));
  assert.deepEqual(await told(before), { count: 0, errors: [] });
  await before.close();
  await rm(join(before.folder, 'packs', '00000001.pack'));

  const now = await openIngest({ folder: before.folder });
  const { count, errors } = await told(now);
  assert.equal(count, 7);
  assert.equal(errors.length, 1);
  const [{ message, facts } = assert.fail()] = errors;
  assert.match(message, /Stored files are missing.*put back.*delete/s);
  assert.deepEqual([facts?.count, facts?.files], [7, ['packs/00000001.pack']]);
  const attachments = facts?.attachments;
  assert.ok(Array.isArray(attachments));
  assert.equal(attachments.length, 5);
  for (const id of ids.slice(2))
    assert.ok(
      attachments.some((text: string) => text.endsWith(` of instance ${id}`)),
      id,
    );

  // As it says: what is deleted and sent again is whole.
  for (const id of ids) await now.index.deleteResource({ level: 'Instance', id }, '20270101T000000');
  await stored(now, 0);
  assert.deepEqual(await told(now), { count: 0, errors: [] });
  await now.discard();
});

test('a server that ends does not wait until all was looked at', async () => {
  const ingest = await openIngest({ files: { packedBytes: 0 } });
  for (let n = 0; n < 3; n++) await stored(ingest, n);
  let looks = 0;
  const index = {
    ...ingest.index,
    async lastBlobBetween(from: string, before: string) {
      if (++looks === 1) void missing.stop();
      return ingest.index.lastBlobBetween(from, before);
    },
  };
  const missing = createMissingFiles({ ...ingest, index, log: silentLog, metrics: noMetrics });
  assert.equal(await missing.looked, 0);
  assert.equal(looks, 1);
  await ingest.discard();
});
