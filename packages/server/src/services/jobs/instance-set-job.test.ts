// Jobs made of one command for each instance.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOrthancId, type OrthancId, PharosError } from '../../model/index.ts';
import { createInstanceSetJob, type InstanceSet, type JobType, readInstanceSet } from './index.ts';
import { openJobs } from './job-fixture.ts';

function idOf(n: number): OrthancId {
  const id = Array.from({ length: 5 }, () => String(n).padStart(8, '0')).join('-');
  assert.ok(isOrthancId(id));
  return id;
}

const instances = [idOf(1), idOf(2), idOf(3)];
const setOf = (changes: Partial<InstanceSet> = {}): InstanceSet => ({
  description: 'REST API',
  instances,
  parents: [idOf(9)],
  resources: [{ level: 'Study', id: idOf(9) }],
  permissive: false,
  ...changes,
});

interface World {
  readonly handled: string[];
  failing: OrthancId | undefined;
  trailing: number;
}

function send(world: World, input: InstanceSet, kept?: unknown) {
  return createInstanceSetJob(
    {
      type: 'Send',
      version: 1,
      input,
      async handle(instance) {
        if (instance === world.failing) throw new PharosError('NetworkProtocol', 'refused');
        world.handled.push(instance);
      },
      async trailingStep() {
        world.trailing += 1;
      },
      content: () => ({ RemoteAet: 'THERE' }),
    },
    kept,
  );
}

const newWorld = (): World => ({ handled: [], failing: undefined, trailing: 0 });

test('each instance is handled once, then the trailing step, and Content says what was done', async () => {
  const { jobs } = await openJobs();
  const world = newWorld();
  const { content, progress } = await jobs.run(send(world, setOf()));
  assert.deepEqual([world.handled, world.trailing, progress], [instances, 1, 1]);
  assert.deepEqual(content, {
    Description: 'REST API',
    FailedInstancesCount: 0,
    InstancesCount: 3,
    ParentResources: [idOf(9)],
    RemoteAet: 'THERE',
    Resources: [{ ID: idOf(9), Type: 'Study' }],
  });
  const nothing = await jobs.run(send(world, setOf({ instances: [], parents: [], resources: [] })));
  assert.deepEqual(nothing.content, {
    Description: 'REST API',
    FailedInstancesCount: 0,
    InstancesCount: 0,
    RemoteAet: 'THERE',
  });
  await jobs.stop();
});

test('an instance that fails ends the job, unless it is permissive: then it is counted', async () => {
  const { jobs } = await openJobs();
  const world = { ...newWorld(), failing: idOf(2) };
  await assert.rejects(jobs.run(send(world, setOf())), { code: 'NetworkProtocol', details: 'refused' });
  assert.deepEqual([world.handled, world.trailing], [[idOf(1)], 0]);
  const { content } = await jobs.run(send(world, setOf({ permissive: true })));
  assert.deepEqual([content.FailedInstancesCount, world.trailing], [1, 1]);
  await jobs.stop();
});

test('a failed job begins again where it is submitted again, and a kept one goes on', async () => {
  const world: World = { ...newWorld(), failing: idOf(3) };
  const type: JobType = {
    name: 'Send',
    version: 1,
    restore: (input, state) => send(world, readInstanceSet(input), state),
  };
  const { jobs, index, becomes } = await openJobs({ types: [type] });
  const id = await jobs.submit(send(world, setOf()));
  await becomes(id, 'Failure');
  world.failing = undefined;
  jobs.resubmit(id);
  await becomes(id, 'Success');
  assert.deepEqual(world.handled, [idOf(1), idOf(2), ...instances]);
  await jobs.stop();
  const kept = index.saved.get(id);
  assert.ok(kept);
  const state = { state: 'Running', progress: 0.25, job: { position: 2, failed: [0] } };
  index.saved.set(id, { ...kept, state: JSON.stringify(state) });
  const again = await openJobs({ types: [type], index });
  await again.becomes(id, 'Success');
  assert.deepEqual([world.handled.slice(5), again.jobs.get(id)?.content.FailedInstancesCount], [[idOf(3)], 1]);
  await again.jobs.stop();
});

test('what was kept is checked before it is believed', () => {
  const good = setOf();
  assert.deepEqual(readInstanceSet(JSON.parse(JSON.stringify(good))), good);
  for (const bad of [
    undefined,
    null,
    [],
    { ...good, instances: ['../../etc/passwd'] },
    { ...good, parents: 'x' },
    { ...good, resources: [{ level: 'Frame', id: idOf(1) }] },
    { ...good, permissive: 1 },
  ])
    assert.throws(() => readInstanceSet(bad), { code: 'CorruptedFile' });
  for (const state of [null, 7, {}, { position: -1, failed: [] }, { position: 0, failed: ['x'] }])
    assert.throws(() => send(newWorld(), good, state), { code: 'CorruptedFile' });
});

test('cancelling a permissive job ends it, rather than count an instance', async () => {
  const { jobs, becomes } = await openJobs();
  const reached = Promise.withResolvers<void>();
  const job = createInstanceSetJob({
    type: 'Send',
    version: 1,
    input: setOf({ permissive: true }),
    handle: (_, { signal }) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new PharosError('NetworkProtocol', 'broken off')));
        reached.resolve();
      }),
  });
  const id = await jobs.submit(job);
  await reached.promise;
  jobs.cancel(id);
  await becomes(id, 'Failure');
  const view = jobs.get(id);
  assert.deepEqual([view?.failure?.code, view?.content.FailedInstancesCount], ['CanceledJob', 0]);
  await jobs.stop();
});
