// The life of a job: what each request does in each state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dimsePayload, PharosError } from '../../model/index.ts';
import { fakeJob, openJobs } from './job-fixture.ts';

const canceled = { code: 'CanceledJob', details: '', payload: undefined };

test('a job runs step by step, and tells its progress, times and when it may end', async () => {
  const { jobs, clock, becomes, index } = await openJobs();
  const job = fakeJob({ steps: 4, name: 'four' });
  const id = await jobs.submit(job, { priority: 3, userData: { mine: [1] } });
  await job.begun(0);
  const running = jobs.get(id);
  assert.deepEqual([running?.state, running?.progress, running?.expectedAt], ['Running', 0, undefined]);
  clock.time += 1000;
  job.finish(0);
  await job.begun(1);
  const later = jobs.get(id);
  assert.deepEqual([later?.progress, later?.runtime, later?.expectedAt?.getTime()], [0.25, 1000, clock.time + 3000]);
  job.finish(1, 2, 3);
  await becomes(id, 'Success');
  assert.deepEqual(jobs.get(id), {
    id,
    type: 'Fake',
    state: 'Success',
    priority: 3,
    userData: { mine: [1] },
    progress: 1,
    createdAt: new Date(clock.time - 1000),
    completedAt: new Date(clock.time),
    expectedAt: undefined,
    seenAt: new Date(clock.time),
    runtime: 1000,
    failure: undefined,
    content: { Name: 'four', Done: 4 },
  });
  assert.deepEqual(index.told.slice(0, 2), ['save', 'sync']);
  await jobs.stop();
});

test('progress within a step is told, and never leaves its bounds', async () => {
  const { jobs } = await openJobs();
  const job = fakeJob({ steps: 2, onStep: (step, { progress }) => progress(step === 0 ? 0.4 : 7) });
  const id = await jobs.submit(job);
  await job.begun(0);
  assert.equal(jobs.get(id)?.progress, 0.4);
  job.finish(0);
  await job.begun(1);
  assert.equal(jobs.get(id)?.progress, 1);
  job.finish(1);
  await jobs.stop();
});

test('a failure tells its code, details and payload, and what is unexpected is an internal error', async () => {
  const { jobs, becomes } = await openJobs();
  const payload = dimsePayload(0xa700);
  for (const [thrown, failure] of [
    [
      new PharosError('NetworkProtocol', { details: 'refused', payload }),
      { code: 'NetworkProtocol', details: 'refused', payload },
    ],
    [new TypeError('a bug'), { code: 'InternalError', details: '', payload: undefined }],
  ] as const) {
    const job = fakeJob();
    const id = await jobs.submit(job);
    job.fail(0, thrown);
    await becomes(id, 'Failure');
    assert.deepEqual(jobs.get(id)?.failure, failure);
  }
  assert.deepEqual(jobs.counts(), { pending: 0, running: 0, succeeded: 0, failed: 2 });
  await jobs.stop();
});

test('a pending job is paused at once, and goes on when it is resumed', async () => {
  const { jobs, becomes } = await openJobs();
  const [first, second] = [fakeJob(), fakeJob()];
  const [one, two] = [await jobs.submit(first), await jobs.submit(second)];
  assert.equal(jobs.get(two)?.state, 'Pending');
  assert.equal(jobs.pause(two), true);
  assert.equal(jobs.get(two)?.state, 'Paused');
  first.finish(0);
  second.finish(0);
  await becomes(one, 'Success');
  assert.equal(jobs.get(two)?.state, 'Paused');
  assert.equal(jobs.resume(two), true);
  await becomes(two, 'Success');
  await jobs.stop();
});

test('a running job is paused after its step, lets go of everything, and goes on from there', async () => {
  const { jobs, becomes } = await openJobs();
  const job = fakeJob({ steps: 3 });
  const id = await jobs.submit(job);
  await job.begun(0);
  jobs.pause(id);
  assert.equal(jobs.get(id)?.state, 'Running');
  assert.equal(jobs.resume(id), false);
  job.finish(0);
  await becomes(id, 'Paused');
  assert.deepEqual([job.runsLeft(), jobs.get(id)?.content.Done], [1, 1]);
  jobs.resume(id);
  job.finish(1, 2);
  await becomes(id, 'Success');
  assert.equal(jobs.get(id)?.content.Done, 3);
  await jobs.stop();
});

test('pending and paused jobs are cancelled at once', async () => {
  const { jobs } = await openJobs();
  const running = fakeJob();
  await jobs.submit(running);
  const [pending, paused] = [await jobs.submit(fakeJob()), await jobs.submit(fakeJob())];
  jobs.pause(paused);
  for (const id of [pending, paused]) {
    assert.equal(jobs.cancel(id), true);
    assert.deepEqual([jobs.get(id)?.state, jobs.get(id)?.failure], ['Failure', canceled]);
  }
  running.finish(0);
  await jobs.stop();
});

test('cancelling ends what a running job waits for, even one that was asked to pause', async () => {
  const { jobs, becomes } = await openJobs();
  const job = fakeJob();
  const id = await jobs.submit(job);
  await job.begun(0);
  jobs.pause(id);
  jobs.cancel(id);
  await becomes(id, 'Failure');
  assert.deepEqual([jobs.get(id)?.failure, job.runsLeft()], [canceled, 1]);
  await jobs.stop();
});

test('a job that does not listen is cancelled after its step', async () => {
  const { jobs, becomes } = await openJobs();
  const job = fakeJob({ steps: 2, isDeaf: true });
  const id = await jobs.submit(job);
  await job.begun(0);
  jobs.cancel(id);
  assert.equal(jobs.get(id)?.state, 'Running');
  job.finish(0);
  await becomes(id, 'Failure');
  assert.deepEqual(jobs.get(id)?.failure, canceled);
  await jobs.stop();
});

test('a failed job is submitted again from its first step, with fresh figures', async () => {
  const { jobs, clock, becomes } = await openJobs();
  const job = fakeJob({ steps: 2 });
  const id = await jobs.submit(job);
  job.finish(0);
  await job.begun(1);
  clock.time += 500;
  jobs.cancel(id);
  await becomes(id, 'Failure');
  assert.deepEqual([jobs.get(id)?.runtime, jobs.get(id)?.progress], [500, 0.5]);
  assert.equal(jobs.resubmit(id), true);
  const again = jobs.get(id);
  assert.deepEqual([again?.runtime, again?.progress, again?.failure, again?.completedAt], [0, 0, undefined, undefined]);
  job.finish(1);
  await becomes(id, 'Success');
  assert.equal(jobs.get(id)?.content.Done, 2);
  await jobs.stop();
});

test('a job that wants to retry waits, leaves its place, and goes on', async () => {
  const { jobs, becomes } = await openJobs();
  const [job, other] = [fakeJob({ steps: 2, retryAfter: { 0: 1 } }), fakeJob()];
  const [id, next] = [await jobs.submit(job), await jobs.submit(other)];
  const retries = becomes(id, 'Retry');
  job.finish(0, 1);
  await retries;
  await other.begun(0);
  other.finish(0);
  await becomes(next, 'Success');
  await becomes(id, 'Success');
  await jobs.stop();
});

test('a job that waits for its retry can be paused, resumed and cancelled', async () => {
  const { jobs, becomes } = await openJobs();
  const job = fakeJob({ steps: 3, retryAfter: { 0: 3_600_000, 1: 3_600_000 } });
  const id = await jobs.submit(job);
  job.finish(0, 1);
  await becomes(id, 'Retry');
  jobs.pause(id);
  assert.equal(jobs.get(id)?.state, 'Paused');
  jobs.resume(id);
  await job.begun(1);
  await becomes(id, 'Retry');
  jobs.cancel(id);
  assert.deepEqual(jobs.get(id)?.failure, canceled);
  await jobs.stop();
});

test('requests that do not fit the state change nothing', async () => {
  const { jobs, becomes } = await openJobs();
  const [done, waiting] = [fakeJob(), fakeJob()];
  const [success, running] = [await jobs.submit(done), await jobs.submit(waiting)];
  done.finish(0);
  await becomes(success, 'Success');
  await waiting.begun(0);
  const requests = ['pause', 'cancel', 'resume', 'resubmit'] as const;
  assert.deepEqual(
    requests.map((request) => jobs[request](success)),
    [true, true, false, false],
  );
  assert.equal(jobs.get(success)?.state, 'Success');
  assert.deepEqual([jobs.resume(running), jobs.resubmit(running), await jobs.remove(running)], [false, false, false]);
  assert.deepEqual(
    requests.map((request) => jobs[request]('unknown')),
    [false, false, false, false],
  );
  assert.deepEqual([jobs.get('unknown'), await jobs.remove('unknown')], [undefined, false]);
  waiting.finish(0);
  await jobs.stop();
});

test('who waits for a job gets its end, or what made it fail, even where no history is kept', async () => {
  const { jobs } = await openJobs({ settings: { JobsHistorySize: 0 } });
  const [good, bad, cancelled] = [fakeJob(), fakeJob(), fakeJob()];
  good.finish(0);
  assert.deepEqual((await jobs.run(good)).content, { Name: 'fake', Done: 1 });
  const payload = dimsePayload(1);
  bad.fail(0, new PharosError('UnknownResource', { details: 'gone', payload }));
  await assert.rejects(jobs.run(bad), { code: 'UnknownResource', details: 'gone', payload });
  const waiting = jobs.run(cancelled);
  await cancelled.begun(0);
  for (const id of jobs.ids()) jobs.cancel(id);
  await assert.rejects(waiting, { code: 'CanceledJob', details: undefined });
  assert.deepEqual(jobs.ids(), []);
  await jobs.stop();
});
