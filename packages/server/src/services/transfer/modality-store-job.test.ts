// Sending as a job: what it shows, where it goes on after a restart, what becomes of instances that are gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noMetrics, openIngest, silentLog, syntheticInstance } from '@pharos/testkit';
import { PharosError } from '../../model/index.ts';
import type { ModalityNetwork, MoveOriginator, RemoteModality } from '../../ports/index.ts';
import type { Job, JobContext } from '../jobs/index.ts';
import { createInstanceReader } from '../read/index.ts';
import { InstanceReplaced, selectInstances } from '../selection/index.ts';
import { createModalityStoreJob, logExports, modalityStoreJobType } from './index.ts';

const remote: RemoteModality = { aet: 'FAR', host: '192.0.2.1', port: 104, localAet: 'PHAROS', timeout: 1 };
const readerOptions = {
  live: { fallbackCharset: () => 'ISO_IR 100' },
  settings: { DicomParserCacheSize: 1, MaximumStorageCacheSize: 1 },
  metrics: noMetrics,
};

interface Sent {
  readonly sopInstanceUid: string;
  readonly originator: MoveOriginator | undefined;
}

/** Three instances of a series, and a network that remembers what it was to send. */
async function openWorld(fails: (sopInstanceUid: string) => boolean = () => false) {
  const store = await openIngest();
  let study = '';
  for (const instance of [1, 2, 3]) {
    const { ids } = await store.store(
      syntheticInstance({ kind: 'header', patient: 1, study: 1, series: 1, instance, elements: [] }),
    );
    study = ids.study;
  }
  const sent: Sent[] = [];
  const told: string[] = [];
  const network: Pick<ModalityNetwork, 'openStore'> = {
    openStore: () => ({
      async store({ sopInstanceUid }, originator) {
        if (fails(sopInstanceUid)) throw new PharosError('NetworkProtocol', `no ${sopInstanceUid}`);
        sent.push({ sopInstanceUid, originator });
      },
      abort: () => void told.push('abort'),
      close: async () => void told.push('close'),
    }),
  };
  const requestCommitment = () => Promise.resolve();
  const deps = { ...store, network, requestCommitment, reader: createInstanceReader({ ...store, ...readerOptions }) };
  const { resources, instances } = await selectInstances(store, [study]);
  const input = { description: 'REST API', resources, instances, parents: [], permissive: false, remote };
  return { store, deps, input, sent, told };
}

function contextOf(signal = new AbortController().signal): JobContext {
  return {
    id: 'job',
    signal,
    log: silentLog.of('jobs'),
    progress: () => undefined,
    offer: () => undefined,
  };
}

async function stepsOf(job: Job, context = contextOf()): Promise<number> {
  let steps = 0;
  for await (const _step of job.run(context)) steps += 1;
  return steps;
}

test('all instances are sent, on behalf of whom it is said, over one session that is closed', async () => {
  const { store, deps, input, sent, told } = await openWorld();
  const moveOriginator = { aet: 'ASKER', messageId: 9 };
  const job = createModalityStoreJob(deps, { ...input, moveOriginator });
  assert.equal(await stepsOf(job), 3);
  assert.deepEqual(
    sent.map(({ originator }) => originator),
    [moveOriginator, moveOriginator, moveOriginator],
  );
  assert.deepEqual(told, ['close']);
  const { Resources: _resources, ...content } = job.content();
  assert.deepEqual(content, {
    Description: 'REST API',
    FailedInstancesCount: 0,
    InstancesCount: 3,
    LocalAet: 'PHAROS',
    MoveOriginatorAET: 'ASKER',
    MoveOriginatorID: 9,
    RemoteAet: 'FAR',
  });
  await store.discard();
});

test('after a restart it goes on where it was', async () => {
  const { store, deps, input, sent, told } = await openWorld();
  const job = createModalityStoreJob(deps, { ...input, commitment: '2.25.1' });
  for await (const _step of job.run(contextOf())) break;
  const committed: unknown[] = [];
  const type = modalityStoreJobType({
    ...deps,
    requestCommitment: async (to, uid, instances) => void committed.push(to.aet, uid, instances.length),
  });
  const again = type.restore(JSON.parse(JSON.stringify(job.input)), JSON.parse(JSON.stringify(job.state())));
  assert.equal(await stepsOf(again), 3);
  assert.equal(new Set(sent.map(({ sopInstanceUid }) => sopInstanceUid)).size, 3);
  assert.equal(sent.length, 3);
  assert.deepEqual(committed, ['FAR', '2.25.1', 3]);
  assert.equal(again.content().StorageCommitmentTransactionUID, '2.25.1');
  assert.deepEqual(told, ['close', 'close']);
  for (const broken of [undefined, {}, { ...job.input, remote: { aet: 1 } }, { ...job.input, moveOriginator: 1 }]) {
    assert.throws(() => type.restore(broken, job.state()), { code: 'CorruptedFile' });
  }
  await store.discard();
});

test('a failure ends it, or is counted where it is permissive; commitment is asked for what arrived', async () => {
  const { store, deps, input, sent } = await openWorld((uid) => uid.endsWith('.2'));
  await assert.rejects(stepsOf(createModalityStoreJob(deps, input)), { details: /^no / });
  assert.equal(sent.length, 1);
  const committed: number[] = [];
  const job = createModalityStoreJob(
    { ...deps, requestCommitment: async (_to, _uid, instances) => void committed.push(instances.length) },
    { ...input, permissive: true, commitment: '2.25.1' },
  );
  await stepsOf(job);
  assert.equal(job.content().FailedInstancesCount, 1);
  assert.deepEqual(committed, [2]);
  await store.discard();
});

test('an instance that was removed meanwhile is named', async () => {
  const { store, deps, input } = await openWorld();
  const [first] = input.instances;
  assert.ok(first);
  await store.index.deleteResource({ level: 'Instance', id: first }, '20260101T000000');
  await assert.rejects(stepsOf(createModalityStoreJob(deps, input)), { code: 'InexistentItem', details: /removed/ });
  await store.discard();
});

test('an instance that was replaced by another one meanwhile is sent as that', async () => {
  let failures = 1;
  const { store, deps, input, sent } = await openWorld(() => {
    const [first = assert.fail()] = input.instances;
    if (failures-- > 0) throw new InstanceReplaced(first);
    return false;
  });
  assert.equal(await stepsOf(createModalityStoreJob(deps, input)), 3);
  assert.equal(sent.length, 3);
  await store.discard();
});

test('cancelling ends what is being sent', async () => {
  const { store, deps, input, told } = await openWorld();
  const controller = new AbortController();
  for await (const _step of createModalityStoreJob(deps, input).run(contextOf(controller.signal))) controller.abort();
  assert.equal(told[0], 'abort');
  await store.discard();
});

test('what is sent is noted, where that is asked for', async () => {
  const { store, input } = await openWorld();
  const clock = { now: () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5)) };
  for (const LogExportedResources of [false, true]) {
    await logExports({ ...store, clock, settings: { LogExportedResources } }, input.resources, 'scanner');
  }
  const { exports } = await store.index.exports(0, 10);
  assert.equal(exports.length, 1);
  const [entry] = exports;
  assert.deepEqual(
    [entry?.level, entry?.remoteModality, entry?.date, entry?.seriesInstanceUid, entry?.sopInstanceUid],
    ['Study', 'scanner', '20260102T030405', '', ''],
  );
  assert.ok(entry?.patientId && entry.studyInstanceUid);
  await store.discard();
});
