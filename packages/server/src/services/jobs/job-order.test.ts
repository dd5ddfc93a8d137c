// Which jobs run, how many at a time, and how many are remembered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeJob, openJobs } from './job-fixture.ts';

test('the highest priority goes first, and among equals the job that came first', async () => {
  const { jobs, becomes } = await openJobs();
  const order: string[] = [];
  const named = (name: string) => fakeJob({ name, onStep: () => order.push(name) });
  const submitted = [];
  for (const [name, priority] of [
    ['first', 0],
    ['low', -5],
    ['plain', 0],
    ['high', 5],
    ['plain too', 0],
    ['high too', 5],
  ] as const) {
    const job = named(name);
    submitted.push({ job, id: await jobs.submit(job, { priority }) });
  }
  for (const { job } of submitted) job.finish(0);
  for (const { id } of submitted) await becomes(id, 'Success');
  assert.deepEqual(order, ['first', 'high', 'high too', 'plain', 'plain too', 'low']);
  await jobs.stop();
});

test('no more jobs run than are allowed to, and the next begins when one ends', async () => {
  const { jobs, becomes } = await openJobs({ concurrency: 2 });
  const all = [fakeJob(), fakeJob(), fakeJob()];
  const ids: string[] = [];
  for (const job of all) ids.push(await jobs.submit(job));
  const states = () => ids.map((id) => jobs.get(id)?.state);
  await Promise.all([all[0]?.begun(0), all[1]?.begun(0)]);
  assert.deepEqual(states(), ['Running', 'Running', 'Pending']);
  assert.deepEqual(jobs.counts(), { pending: 1, running: 2, succeeded: 0, failed: 0 });
  all[1]?.finish(0);
  await all[2]?.begun(0);
  await becomes(ids[1] ?? '', 'Success');
  assert.deepEqual(states(), ['Running', 'Success', 'Running']);
  all[0]?.finish(0);
  all[2]?.finish(0);
  await jobs.stop();
});

test('the jobs that ended last are remembered, and removed ones are forgotten for good', async () => {
  const { jobs, becomes, index } = await openJobs({ settings: { JobsHistorySize: 2 } });
  const ids: string[] = [];
  for (let n = 0; n < 4; n++) {
    const job = fakeJob();
    job.finish(0);
    const id = await jobs.submit(job);
    ids.push(id);
    await becomes(id, 'Success');
  }
  const [, , third = '', fourth = ''] = ids;
  assert.deepEqual(jobs.ids(), [third, fourth].sort());
  assert.equal(await jobs.remove(third), true);
  assert.deepEqual([jobs.ids(), jobs.get(third)], [[fourth], undefined]);
  await index.until(() => index.saved.size === 1);
  assert.deepEqual([...index.saved.keys()], [fourth]);
  assert.equal(jobs.counts().succeeded, 4);
  await jobs.stop();
});

test('jobs beyond a bound are refused, and nothing is lost', async () => {
  const { jobs } = await openJobs({ settings: { SaveJobs: false } });
  const first = fakeJob();
  const waiting = Array.from({ length: 10_000 }, (_, n) =>
    jobs.run(n === 0 ? first : fakeJob()).catch(() => undefined),
  );
  await assert.rejects(jobs.submit(fakeJob()), { code: 'NotEnoughMemory' });
  await assert.rejects(jobs.run(fakeJob()), { code: 'NotEnoughMemory' });
  assert.equal(jobs.ids().length, 10_000);
  first.finish(0);
  await jobs.stop();
  await Promise.all(waiting);
});
