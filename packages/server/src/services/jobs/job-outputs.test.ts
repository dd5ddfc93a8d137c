// Files that jobs made: when they can be had, and when they go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobOutput } from './index.ts';
import { fakeJob, openJobs } from './job-fixture.ts';

function outputs() {
  const removed: string[] = [];
  const make = (fileName: string): JobOutput => ({
    fileName,
    mime: 'application/zip',
    length: 1,
    async *open() {
      yield Buffer.from('x');
    },
    remove: async () => void removed.push(fileName),
  });
  return { removed, make };
}

async function openWithOutputs(MediaArchiveSize: number) {
  const fixture = await openJobs({ settings: { MediaArchiveSize, JobsHistorySize: 3 } });
  const { removed, make } = outputs();
  const jobOf = (name: string) => fakeJob({ onStep: (_, { offer }) => offer('archive', make(name)) });
  const succeed = async (name: string): Promise<string> => {
    const job = jobOf(name);
    job.finish(0);
    const id = await fixture.jobs.submit(job);
    await fixture.becomes(id, 'Success');
    return id;
  };
  return { ...fixture, removed, jobOf, succeed };
}

test('an output is there once the job has succeeded, until it is removed', async () => {
  const { jobs, becomes, removed, jobOf } = await openWithOutputs(1);
  const job = jobOf('a');
  const id = await jobs.submit(job);
  await job.begun(0);
  assert.equal(jobs.output(id, 'archive'), undefined);
  assert.equal(await jobs.removeOutput(id, 'archive'), false);
  job.finish(0);
  await becomes(id, 'Success');
  assert.equal(jobs.output(id, 'archive')?.fileName, 'a');
  assert.deepEqual([jobs.output(id, 'other'), await jobs.removeOutput(id, 'other')], [undefined, false]);
  assert.equal(await jobs.removeOutput(id, 'archive'), true);
  assert.deepEqual(
    [removed, jobs.output(id, 'archive'), await jobs.removeOutput(id, 'archive')],
    [['a'], undefined, false],
  );
  await jobs.stop();
});

test('outputs go with their job: removed, failed, fallen out of the history, and at the end', async () => {
  const { jobs, becomes, removed, jobOf, succeed } = await openWithOutputs(10);
  await jobs.remove(await succeed('removed'));
  const failing = jobOf('failed');
  const id = await jobs.submit(failing);
  failing.fail(0, new Error('no'));
  await becomes(id, 'Failure');
  for (const name of ['old', 'kept', 'kept too', 'newest']) await succeed(name);
  assert.deepEqual(removed, ['removed', 'failed', 'old']);
  await jobs.stop();
  assert.deepEqual(removed.slice(3), ['kept', 'kept too', 'newest']);
});

test('beyond the bound the output that was used longest ago goes', async () => {
  const { jobs, removed, succeed } = await openWithOutputs(2);
  const first = await succeed('first');
  await succeed('second');
  assert.ok(jobs.output(first, 'archive'));
  await succeed('third');
  assert.deepEqual(removed, ['second']);
  await jobs.stop();
});
