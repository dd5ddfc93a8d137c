// What a body says of its job, and how the job is answered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { routeFor } from '../http/index.ts';
import { createTestServer } from '../http/server-fixture.ts';
import { dimsePayload, PharosError } from '../model/index.ts';
import { type FakeJob, fakeJob, type JobsFixture, openJobs } from '../services/jobs/job-fixture.ts';
import { jobOptionsOf, submissionReply } from './jobs-submission.ts';
import { bodyMembers } from './shapes/json-body.ts';

let fixture: JobsFixture;
let job: FakeJob;

const route = routeFor<undefined>();
const { inject } = createTestServer(
  [
    route({
      method: 'POST',
      path: '/submit',
      summary: 'Submits the job of the test',
      tag: 'Test',
      reply: 'application/json',
      handler: async ({ body }) => submissionReply(fixture, job, jobOptionsOf(bodyMembers(await body.json()))),
    }),
  ],
  { MaximumRequestBodySizeMB: 4 },
);

before(async () => {
  fixture = await openJobs();
});
after(() => fixture.jobs.stop());

async function submit(body: unknown) {
  const answer = await inject('POST', '/submit', { body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: answer.statusCode, json: JSON.parse(answer.body) };
}

test('unless asked otherwise the answer is the content of the job that has succeeded', async () => {
  for (const body of [{}, { Synchronous: true, Asynchronous: true }, { Asynchronous: false }]) {
    job = fakeJob({ name: 'now' });
    job.finish(0);
    assert.deepEqual(await submit(body), { status: 200, json: { Done: 1, Name: 'now' } });
  }
});

test('an asynchronous job is answered with its place, priority and data of the user kept', async () => {
  for (const body of [{ Asynchronous: true }, { Synchronous: false }]) {
    job = fakeJob();
    const { status, json } = await submit({ ...body, Priority: -3, UserData: [{ mine: null }] });
    assert.deepEqual([status, json], [200, { ID: json.ID, Path: `/jobs/${json.ID}` }]);
    const view = fixture.jobs.get(json.ID);
    assert.deepEqual([view?.priority, view?.userData], [-3, [{ mine: null }]]);
    job.finish(0);
    await fixture.becomes(json.ID, 'Success');
  }
});

test('a job that fails is an HTTP error, with details and what the peer answered', async () => {
  job = fakeJob();
  job.fail(0, new PharosError('UnknownResource', { details: 'gone', payload: dimsePayload(0xc000) }));
  const { status, json } = await submit({});
  assert.equal(status, 404);
  assert.deepEqual(
    [json.OrthancStatus, json.Details, json.ErrorPayload],
    [17, 'gone', { Type: 'Dimse', Content: { DimseErrorStatus: 0xc000 } }],
  );
});

test('options of another type, or too much of them, are refused and submit nothing', async () => {
  const before = fixture.jobs.ids();
  const deep = `{"UserData": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  for (const body of [
    { Synchronous: 'x' },
    { Asynchronous: 1 },
    { Permissive: null },
    { Priority: '1' },
    { Priority: 1.5 },
    { Priority: 99999999999 },
    { UserData: 'x'.repeat(1024 * 1024) },
    [],
    'null',
    '"text"',
    '{',
    '',
    deep,
  ])
    assert.equal((await submit(body)).status, 400);
  assert.deepEqual(fixture.jobs.ids(), before);
});

test('options have defaults', () => {
  assert.deepEqual(jobOptionsOf({}), { isSynchronous: true, permissive: false, priority: 0, userData: undefined });
  assert.equal(jobOptionsOf({ Permissive: true }).permissive, true);
});
