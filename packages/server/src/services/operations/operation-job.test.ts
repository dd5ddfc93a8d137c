// Operations of scripts as a job: what is chained, what goes on after a failure, what joins it, where it goes on after a restart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standardDictionary } from '@pharos/dicom';
import { openIngest, silentLog, syntheticInstance } from '@pharos/testkit';
import { type OrthancId, PharosError } from '../../model/index.ts';
import type { ModalityNetwork, RemoteModality } from '../../ports/index.ts';
import { createJobs, type Job, type JobContext, type JobView } from '../jobs/index.ts';
import {
  type Action,
  createOperations,
  type Operation,
  type OperationJobDependencies,
  operationJobType,
} from './index.ts';

const remote: RemoteModality = { aet: 'FAR', host: '192.0.2.1', port: 104, localAet: 'PHAROS', timeout: 1 };

/** Two instances, a network and a machine that remember what they were to do; nothing else is there. */
async function openWorld() {
  const store = await openIngest();
  const ids: OrthancId[] = [];
  for (const instance of [1, 2]) {
    const made = syntheticInstance({ kind: 'header', patient: 1, study: 1, series: 1, instance, elements: [] });
    ids.push((await store.store(made)).ids.instance);
  }
  const told: string[] = [];
  const network: Pick<ModalityNetwork, 'openStore'> = {
    openStore: ({ aet }) => ({
      async store({ sopInstanceUid }) {
        told.push(`${aet} ${sopInstanceUid.slice(-1)}`);
        if (aet === 'BROKEN') throw new PharosError('NetworkProtocol', 'it is broken');
      },
      abort: () => void told.push(`abort ${aet}`),
      close: async () => void told.push(`close ${aet}`),
    }),
  };
  const absent = (): never => {
    throw new Error('this is not there');
  };
  const deps: OperationJobDependencies = {
    ...store,
    reader: { open: absent, header: absent, stream: async function* () {}, lend: absent, sequence: absent },
    dictionary: standardDictionary,
    clock: { now: () => new Date() },
    transcoder: { attachment: absent },
    settings: { OverwriteInstances: 'Never', DicomAssociationCloseDelay: 60 },
    network,
    peerNetwork: { check: absent, open: absent },
    peers: { get: absent },
    callCommand: async (command) => {
      told.push(command);
      throw new PharosError('SystemCommand', 'it is unknown');
    },
  };
  const [first, second] = ids;
  assert.ok(first && second);
  return { store, deps, told, first, second };
}

const send = (resource: string, aet = 'FAR'): Operation => ({
  resource,
  action: { kind: 'store-scu', remote: { ...remote, aet } },
});
const then = (action: Action): Operation => ({ resource: '', action });

function contextOf(signal = new AbortController().signal): JobContext {
  return { id: 'job', signal, log: silentLog.of('jobs'), progress: () => undefined, offer: () => undefined };
}

const pendingView: JobView = {
  id: 'job',
  type: 'SequenceOfOperations',
  state: 'Pending',
  priority: 0,
  userData: undefined,
  progress: 0,
  createdAt: new Date(0),
  completedAt: undefined,
  expectedAt: undefined,
  seenAt: new Date(0),
  runtime: 0,
  failure: undefined,
  content: {},
};

/** Jobs that are only taken, to be run by the test. */
function createTaker() {
  const taken: Job[] = [];
  return {
    taken,
    jobs: {
      async submit(job: Job) {
        taken.push(job);
        return 'job';
      },
      get: () => (taken.length === 0 ? undefined : pendingView),
    },
  };
}

async function runAll(job: Job | undefined, context = contextOf()): Promise<void> {
  assert.ok(job);
  for await (const _step of job.run(context));
}

test('what is sent is removed, also where it could not be sent; what was not made goes nowhere', async () => {
  const { store, deps, told, first, second } = await openWorld();
  const { taken, jobs } = createTaker();
  const operations = createOperations(deps, jobs);
  await operations.submit([
    send(first, 'BROKEN'),
    then({ kind: 'delete' }),
    { resource: second, action: { kind: 'call-system', command: 'no-such-program', args: [] } },
    send(''),
    send('no-identifier'),
    send(second),
  ]);
  operations.hurry();
  await runAll(taken[0]);
  assert.deepEqual(told, ['BROKEN 1', 'close BROKEN', 'no-such-program', 'FAR 2', 'close FAR']);
  assert.deepEqual(
    [(await store.index.get(first, {}))?.id, (await store.index.get(second, {}))?.id],
    [undefined, second],
  );
  assert.deepEqual(taken[0]?.content(), { CountOperations: 6, Description: 'Lua' });
  await store.discard();
});

test('operations that come while the job waits for more join it, others begin a new one', async () => {
  const { store, deps, told, first, second } = await openWorld();
  const { taken, jobs } = createTaker();
  const operations = createOperations(deps, jobs);
  await operations.submit([]);
  assert.equal(taken.length, 0);
  await operations.submit([send(first)]);
  const [job] = taken;
  assert.ok(job);
  const steps = job.run(contextOf())[Symbol.asyncIterator]();
  await steps.next();
  const next = steps.next();
  await operations.submit([send(second)]);
  await next;
  operations.hurry();
  assert.equal((await steps.next()).done, true);
  await operations.submit([send(first)]);
  assert.equal(taken.length, 2);
  assert.deepEqual(told, ['FAR 1', 'FAR 2', 'close FAR']);
  await store.discard();
});

test('a job goes on where it was left, and is cancelled while it waits', async () => {
  const { store, deps, told, first, second } = await openWorld();
  const { taken, jobs } = createTaker();
  await createOperations(deps, jobs).submit([send(first), send(''), send(second)]);
  const [job] = taken;
  assert.ok(job);
  for await (const _step of job.run(contextOf())) break;
  const kept: unknown = JSON.parse(JSON.stringify(job.state()));
  await runAll(operationJobType(deps).restore(job.input, kept));
  assert.deepEqual(told, ['FAR 1', 'close FAR', 'FAR 1', 'FAR 2', 'close FAR']);
  assert.throws(
    () => operationJobType(deps).restore(job.input, { position: 0, operations: [{ resource: 1 }] }),
    /cannot be read/,
  );
  const controller = new AbortController();
  const waiting = runAll(job, contextOf(controller.signal));
  while (told.length < 7) await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await assert.rejects(waiting, /canceled/);
  await store.discard();
});

test('two jobs at a time have an association each, which is open while anything is sent over it', async () => {
  const { store, deps, first, second } = await openWorld();
  const told: string[] = [];
  let opened = 0;
  const network: Pick<ModalityNetwork, 'openStore'> = {
    openStore() {
      opened += 1;
      const name = opened;
      let isOpen = true;
      return {
        async store({ sopInstanceUid }) {
          await new Promise((resolve) => setImmediate(resolve));
          if (!isOpen) throw new PharosError('NetworkProtocol', 'it is closed');
          told.push(`${name} ${sopInstanceUid.slice(-1)}`);
        },
        abort: () => undefined,
        async close() {
          isOpen = false;
          told.push(`close ${name}`);
        },
      };
    },
  };
  const { taken, jobs } = createTaker();
  const operations = createOperations({ ...deps, network }, jobs);
  await operations.submit(Array.from({ length: 1000 }, () => send(first)));
  await operations.submit([send(second), send(second, 'OTHER'), send(second)]);
  operations.hurry();
  assert.equal(taken.length, 2);
  await Promise.all(taken.map((job) => runAll(job)));
  assert.equal(told.filter((line) => line.endsWith(' 1') && !line.startsWith('close')).length, 1000);
  assert.equal(told.filter((line) => line.endsWith(' 2') && !line.startsWith('close')).length, 3);
  assert.equal(told.filter((line) => line.startsWith('close')).length, opened);
  await store.discard();
});

test('nothing is added to a job that will not do it: cancelled, removed, paused or not taken', async () => {
  const { store, deps, first } = await openWorld();
  const jobs = await createJobs({
    index: store.index,
    settings: { SaveJobs: false, JobsHistorySize: 10, MediaArchiveSize: 1 },
    concurrency: 1,
    types: [],
    clock: deps.clock,
    log: silentLog,
  });
  let isFull = false;
  const operations = createOperations(deps, {
    submit: (job) => (isFull ? Promise.reject(new PharosError('NotEnoughMemory')) : jobs.submit(job)),
    get: (id) => jobs.get(id),
  });
  const known = new Set<string>();
  /** The job that has taken operations: undefined, where it was there already. */
  const newJob = async (): Promise<string | undefined> => {
    await operations.submit([send(first)]);
    const id = jobs.ids().find((other) => !known.has(other));
    if (id !== undefined) known.add(id);
    return id;
  };
  const cancelled = await newJob();
  assert.ok(cancelled);
  assert.equal(await newJob(), undefined);
  jobs.cancel(cancelled);
  const removed = await newJob();
  assert.ok(removed);
  jobs.cancel(removed);
  await jobs.remove(removed);
  const paused = await newJob();
  assert.ok(paused);
  jobs.pause(paused);
  isFull = true;
  await assert.rejects(operations.submit([send(first)]), { code: 'NotEnoughMemory' });
  isFull = false;
  assert.ok(await newJob());
  await jobs.stop();
  await store.discard();
});
