// What becomes of jobs when the server ends, is killed, or starts again with what it finds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PharosError, resourceIds } from '../../model/index.ts';
import type { Job } from './index.ts';
import { createInstanceSetJob } from './instance-set-job.ts';
import { type FakeJob, fakeJob, fakeType, memoryIndex, openJobs } from './job-fixture.ts';

const id = '5d2b4c0e-1111-4222-8333-444455556666';
const request = {
  type: 'Fake',
  version: 1,
  priority: 4,
  userData: 'mine',
  createdAt: 1000,
  input: { steps: 3, name: 'x' },
};

function keptJob(state: object, changes: object = {}) {
  return { id, request: JSON.stringify({ ...request, ...changes }), state: JSON.stringify(state) };
}

test('a job that was running when the server was killed goes on from its last step', async () => {
  const { jobs, index } = await openJobs();
  const job = fakeJob({ steps: 3, name: 'killed' });
  const running = await jobs.submit(job, { priority: 2, userData: { a: null } });
  job.finish(0, 1);
  await job.begun(2);
  const restored: FakeJob[] = [];
  const again = await openJobs({ index: memoryIndex([...index.saved.values()]), types: [fakeType(restored)] });
  await restored[0]?.begun(2);
  const view = again.jobs.get(running);
  assert.deepEqual([view?.state, view?.priority, view?.userData], ['Running', 2, { a: null }]);
  assert.deepEqual(view?.content, { Name: 'killed', Done: 2 });
  restored[0]?.finish(2);
  await again.becomes(running, 'Success');
  job.finish(2);
  await Promise.all([jobs.stop(), again.jobs.stop()]);
});

test('steps that follow quickly are kept together, and none is lost where the job is left', async () => {
  const { jobs, index, becomes } = await openJobs({ stepInterval: Number.MAX_VALUE });
  const job = fakeJob({ steps: 100 });
  const id = await jobs.submit(job);
  job.finish(...Array.from({ length: 90 }, (_, step) => step));
  await job.begun(90);
  const done = (): unknown => JSON.parse(index.saved.get(id)?.state ?? '').job;
  assert.deepEqual(done(), { done: 1 });
  assert.ok(index.told.length < 5, index.told.join());
  jobs.pause(id);
  job.finish(90);
  await becomes(id, 'Paused');
  assert.deepEqual(done(), { done: 91 });
  await jobs.stop();
});

test('before the trailing step of a set of instances, which may remove them, its state is durable', async () => {
  const { jobs, index } = await openJobs({ stepInterval: Number.MAX_VALUE });
  const { instance } = resourceIds({ patientId: '', studyInstanceUid: '', seriesInstanceUid: '', sopInstanceUid: '' });
  const input = {
    description: '',
    instances: [instance, instance, instance],
    parents: [],
    resources: [],
    permissive: false,
  };
  const seen: unknown[] = [];
  const job = createInstanceSetJob({
    type: 'Set',
    version: 1,
    input,
    handle: async () => undefined,
    trailingStep: async ({ id }) => {
      seen.push(JSON.parse(index.saved.get(id)?.state ?? '').job, index.told.at(-1));
    },
  });
  assert.equal((await jobs.run(job)).state, 'Success');
  assert.deepEqual(seen, [{ position: 3, failed: [] }, 'sync']);
  await jobs.stop();
});

test('a running job stops after its step when the server ends, and is kept', async () => {
  const { jobs, index } = await openJobs();
  const [job, pending] = [fakeJob({ steps: 2 }), fakeJob()];
  const running = await jobs.submit(job);
  await jobs.submit(pending);
  await job.begun(0);
  const stopped = jobs.stop();
  job.finish(0);
  await stopped;
  assert.deepEqual([job.runsLeft(), jobs.get(running)?.state, jobs.counts().running], [1, 'Pending', 0]);
  const restored: FakeJob[] = [];
  const again = await openJobs({ index, types: [fakeType(restored)] });
  await restored[0]?.begun(1);
  restored[0]?.finish(1);
  restored[1]?.finish(0);
  await again.becomes(running, 'Success');
  await again.jobs.stop();
});

test('a step that takes long is broken off when the server ends, and done again', async () => {
  const { jobs, index } = await openJobs({ patience: 1 });
  const job = fakeJob();
  const running = await jobs.submit(job);
  const waiting = jobs.run(fakeJob());
  const refused = assert.rejects(waiting, { code: 'DatabaseUnavailable' });
  await job.begun(0);
  await jobs.stop();
  await refused;
  await assert.rejects(jobs.submit(fakeJob()), { code: 'DatabaseUnavailable' });
  assert.equal(jobs.get(running)?.state, 'Pending');
  assert.equal(index.saved.size, 2);
});

test('what is submitted while the server ends is done after a restart, with all that it was given until then', async () => {
  const { jobs, index } = await openJobs();
  const work = { todo: 1 };
  const growing: Job = { ...fakeJob(), state: () => ({ done: -work.todo }) };
  await jobs.halt();
  const id = await jobs.submit(growing);
  await assert.rejects(jobs.run(fakeJob()), { code: 'DatabaseUnavailable' });
  assert.throws(() => jobs.attend(fakeJob()), { code: 'DatabaseUnavailable' });
  assert.equal(jobs.get(id)?.state, 'Pending');
  work.todo = 2;
  await jobs.stop();
  await assert.rejects(jobs.submit(fakeJob()), { code: 'DatabaseUnavailable' });
  const restored: FakeJob[] = [];
  const again = await openJobs({ index, types: [fakeType(restored)], patience: 1 });
  assert.deepEqual(restored[0]?.state(), { done: -2 });
  await again.jobs.stop();
});

test('nobody waits for a job once the server has dismissed them, and the job goes on', async () => {
  const { jobs } = await openJobs({ patience: 1 });
  const job = fakeJob();
  const refused = assert.rejects(jobs.run(job), { code: 'DatabaseUnavailable' });
  await job.begun(0);
  jobs.dismiss();
  await refused;
  const [id = ''] = jobs.ids();
  assert.equal(jobs.get(id)?.state, 'Running');
  await jobs.stop();
});

test('a job that never ends does not keep the server from ending, and writes nothing afterwards', async () => {
  const { jobs, index } = await openJobs({ patience: 1 });
  const job = fakeJob({ isDeaf: true });
  const stuck = await jobs.submit(job);
  await job.begun(0);
  await jobs.stop();
  const writes = index.told.length;
  job.finish(0);
  while (jobs.get(stuck)?.state === 'Running') await Promise.resolve();
  assert.equal(index.told.length, writes);
});

test('a job that was asked to pause is paused by the end of the server, and stays so', async () => {
  const { jobs, index } = await openJobs({ patience: 1 });
  const job = fakeJob();
  const paused = await jobs.submit(job);
  await job.begun(0);
  jobs.pause(paused);
  await jobs.stop();
  const again = await openJobs({ index });
  assert.equal(again.jobs.get(paused)?.state, 'Paused');
  await again.jobs.stop();
});

test('completed jobs are there after a restart as they were', async () => {
  const { jobs, index, becomes } = await openJobs();
  const [good, bad] = [fakeJob({ name: 'good' }), fakeJob()];
  const [success, failure] = [await jobs.submit(good), await jobs.submit(bad)];
  good.finish(0);
  bad.fail(
    0,
    new PharosError('Timeout', { details: 'late', payload: { type: 'Dimse', content: { DimseErrorStatus: 1 } } }),
  );
  await becomes(failure, 'Failure');
  const before = [success, failure].map((of) => jobs.get(of));
  await jobs.stop();
  const again = await openJobs({ index, patience: 1 });
  assert.deepEqual(
    [success, failure].map((of) => again.jobs.get(of)),
    before,
  );
  assert.equal(again.jobs.resubmit(failure), true);
  await again.jobs.stop();
});

test('what cannot go on has failed and says why', async () => {
  const pending = { state: 'Running', progress: 0.5, job: { done: 1 } };
  for (const [saved, code, reason] of [
    [keptJob(pending, { type: 'Other' }), 'NotImplemented', /type Other, version 1, are not known/],
    [keptJob(pending, { version: 2 }), 'NotImplemented', /type Fake, version 2, are not known/],
    [keptJob({ ...pending, job: 7 }), 'CorruptedFile', /no steps/],
    [keptJob({ job: { done: 0 } }), 'CorruptedFile', /state of this job was lost/],
    [{ id, request: '', state: '[]' }, 'CorruptedFile', /cannot be read/],
    [{ id, request: '{"type":', state: 'null' }, 'CorruptedFile', /cannot be read/],
  ] as const) {
    const { jobs } = await openJobs({ index: memoryIndex([saved]) });
    const view = jobs.get(id);
    assert.deepEqual([view?.state, view?.failure?.code], ['Failure', code]);
    assert.match(view?.failure?.details ?? '', reason);
    assert.equal(await jobs.remove(id), true);
    await jobs.stop();
  }
});

test('a job of an unknown version goes on once a server knows it', async () => {
  const saved = keptJob({ state: 'Pending', job: { done: 2 } }, { version: 2 });
  const older = await openJobs({ index: memoryIndex([saved]) });
  assert.deepEqual([older.jobs.get(id)?.state, older.jobs.resubmit(id)], ['Failure', false]);
  await older.jobs.stop();
  const restored: FakeJob[] = [];
  const newer = await openJobs({ index: older.index, types: [fakeType(), fakeType(restored, 2)] });
  await restored[0]?.begun(2);
  restored[0]?.finish(2);
  await newer.becomes(id, 'Success');
  await newer.jobs.stop();
});

test('kept jobs whose figures are nonsense are read with sound ones', async () => {
  const nonsense = {
    state: 'Failure',
    progress: 1e9,
    runtime: 'x',
    completedAt: null,
    failure: { code: 'Nope', details: 3 },
  };
  const saved = keptJob({ ...nonsense, job: { done: 0 } }, { priority: 'high', createdAt: {} });
  const { jobs, clock } = await openJobs({ index: memoryIndex([saved]) });
  const view = jobs.get(id);
  assert.deepEqual([view?.progress, view?.runtime, view?.priority, view?.createdAt.getTime()], [1, 0, 0, clock.time]);
  assert.deepEqual(view?.failure, { code: 'InternalError', details: '', payload: undefined });
  await jobs.stop();
});

test('without SaveJobs nothing is kept or read', async () => {
  const index = memoryIndex([keptJob({ state: 'Pending', job: { done: 0 } })]);
  const { jobs } = await openJobs({ index, settings: { SaveJobs: false } });
  assert.deepEqual(jobs.ids(), []);
  const job = fakeJob();
  job.finish(0);
  await jobs.run(job);
  await jobs.stop();
  assert.deepEqual([index.told, index.saved.size], [[], 1]);
});

test('a job that cannot be kept is refused; one that runs goes on where its state cannot be kept', async () => {
  const { jobs, index } = await openJobs();
  index.failure = new PharosError('FullStorage', 'No room on the disk of the index');
  await assert.rejects(jobs.submit(fakeJob()), { code: 'FullStorage' });
  assert.deepEqual(jobs.ids(), []);
  const job = fakeJob({ steps: 2 });
  job.finish(0, 1);
  assert.equal((await jobs.run(job)).state, 'Success');
  await jobs.stop();
});

test('jobs of the last run are forgotten where that is asked for', async () => {
  const index = memoryIndex([keptJob({ state: 'Pending', done: 0 })]);
  const { jobs } = await openJobs({ index, forgets: true });
  assert.deepEqual([jobs.ids(), index.saved.size], [[], 0]);
  await jobs.stop();
});
