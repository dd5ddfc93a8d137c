// /jobs, asked of a whole server that was given jobs of a kind that only tests know.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLog, createMetrics, createServer, loadConfiguration, type PharosServer } from '../app/index.ts';
import { dimsePayload, PharosError } from '../model/index.ts';
import type { Job, JobContext, JobStep, JobType } from '../services/jobs/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'pharos-rest-jobs-'));
let server: PharosServer;

/** One step, which ends when the test says so; may offer an archive. */
function createJob({ fileName }: { readonly fileName?: string } = {}) {
  const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  end.promise.catch(() => undefined);
  async function* run({ signal, offer }: JobContext): AsyncGenerator<JobStep> {
    begun.resolve();
    signal.addEventListener('abort', () => end.reject(signal.reason));
    await end.promise;
    if (fileName) offer('archive', archive(fileName));
    yield { progress: 1 };
  }
  const job: Job = {
    type: 'Test',
    version: 1,
    input: {},
    state: () => ({}),
    content: () => ({ Description: 'REST API' }),
    run,
    reset: () => undefined,
  };
  return { job, begun: begun.promise, finish: () => end.resolve(), fail: (error: unknown) => end.reject(error) };
}

function archive(fileName: string) {
  return {
    fileName,
    mime: 'application/zip',
    length: 3,
    async *open() {
      yield Buffer.from('zip');
    },
    remove: async () => undefined,
  };
}

const testType: JobType = { name: 'Test', version: 1, restore: () => createJob().job };

async function open(): Promise<PharosServer> {
  const values = { StorageDirectory: folder, HttpPort: 0, DicomServerEnabled: false, ConcurrentJobs: 1 };
  const { settings } = loadConfiguration({ values });
  const log = createLog({ level: 'default', readable: false, stream: { write: () => undefined } });
  return createServer(settings, { log, metrics: createMetrics(true), jobTypes: [testType] });
}

before(async () => {
  server = await open();
});

after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function ask(method: string, path: string) {
  const answer = await fetch(`http://127.0.0.1:${server.httpPort}${path}`, { method });
  const text = await answer.text();
  return { status: answer.status, text, type: answer.headers.get('content-type'), headers: answer.headers };
}

const getJson = async (path: string) => JSON.parse((await ask('GET', path)).text);

/** Runs a job to its end; gives its identifier. */
async function ended(made: ReturnType<typeof createJob>): Promise<string> {
  const before = new Set(server.services.jobs.ids());
  const running = server.services.jobs.run(made.job).catch(() => undefined);
  const id = server.services.jobs.ids().find((known) => !before.has(known)) ?? '';
  await running;
  return id;
}

async function succeeded(options: { readonly fileName?: string } = {}): Promise<string> {
  const made = createJob(options);
  made.finish();
  return ended(made);
}

async function failed(error: PharosError): Promise<string> {
  const made = createJob();
  made.fail(error);
  return ended(made);
}

const time = /^\d{8}T\d{6}\.\d{6}$/;

test('GET /jobs lists identifiers, sorted, or the jobs', async () => {
  const ids = [await succeeded(), await succeeded()].sort();
  assert.deepEqual(await getJson('/jobs'), ids);
  assert.deepEqual(
    (await getJson('/jobs?expand')).map(({ ID }: { ID: string }) => ID),
    ids,
  );
  assert.deepEqual(await getJson('/jobs?expand=false'), ids);
  assert.equal((await ask('GET', '/jobs?expand=x')).status, 400);
});

test('GET /jobs/{id} tells what Orthanc tells of a job that has succeeded', async () => {
  const made = createJob();
  made.finish();
  const id = await server.services.jobs.submit(made.job, { priority: -7, userData: { a: ['ü'] } });
  let job = await getJson(`/jobs/${id}`);
  while (job.State !== 'Success') job = await getJson(`/jobs/${id}`);
  const { CreationTime, CompletionTime, Timestamp, EffectiveRuntime, ...rest } = job;
  for (const value of [CreationTime, CompletionTime, Timestamp]) assert.match(value, time);
  assert.equal(typeof EffectiveRuntime, 'number');
  assert.deepEqual(rest, {
    Content: { Description: 'REST API' },
    ErrorCode: 0,
    ErrorDescription: 'Success',
    ErrorDetails: '',
    ID: id,
    Priority: -7,
    Progress: 100,
    State: 'Success',
    Type: 'Test',
    UserData: { a: ['ü'] },
  });
});

test('a failed job tells its error, with what the peer answered', async () => {
  const id = await failed(new PharosError('NetworkProtocol', { details: 'refused', payload: dimsePayload(0xa700) }));
  const { State, ErrorCode, ErrorDescription, ErrorDetails, ErrorPayload } = await getJson(`/jobs/${id}`);
  assert.deepEqual(
    { State, ErrorCode, ErrorDescription, ErrorDetails, ErrorPayload },
    {
      State: 'Failure',
      ErrorCode: 9,
      ErrorDescription: 'Error in the network protocol',
      ErrorDetails: 'refused',
      ErrorPayload: { Type: 'Dimse', Content: { DimseErrorStatus: 0xa700 } },
    },
  );
});

test('jobs are paused, resumed, cancelled and submitted again', async () => {
  const [first, second] = [createJob(), createJob()];
  const running = await server.services.jobs.submit(first.job);
  const id = await server.services.jobs.submit(second.job);
  const state = async () => (await getJson(`/jobs/${id}`)).State;
  const post = async (request: string) => {
    const { status, text, type } = await ask('POST', `/jobs/${id}/${request}`);
    return `${status} ${text} ${type ?? ''}`.trim();
  };
  const [done, refused] = ['200 {} application/json', '400'];
  assert.deepEqual([await state(), await post('resume'), await post('resubmit')], ['Pending', refused, refused]);
  assert.deepEqual([await post('pause'), await state(), await post('pause')], [done, 'Paused', done]);
  assert.deepEqual([await post('resume'), await state()], [done, 'Pending']);
  assert.deepEqual([await post('cancel'), await state(), await post('cancel')], [done, 'Failure', done]);
  assert.equal((await getJson(`/jobs/${id}`)).ErrorCode, 37);
  assert.deepEqual([await post('pause'), await post('resume'), await state()], [done, refused, 'Failure']);
  assert.deepEqual([await post('resubmit'), await state()], [done, 'Pending']);
  assert.match(
    await (await fetch(`http://127.0.0.1:${server.httpPort}/tools/metrics-prometheus`)).text(),
    /orthanc_jobs_pending 1 /,
  );
  await post('cancel');
  assert.equal((await ask('POST', `/jobs/${running}/cancel`)).status, 200);
  while ((await getJson(`/jobs/${running}`)).State === 'Running');
});

test('an unknown job is 400 for requests, 404 otherwise', async () => {
  for (const request of ['cancel', 'pause', 'resume', 'resubmit']) {
    const { status, text } = await ask('POST', `/jobs/unknown/${request}`);
    assert.deepEqual([request, status, text], [request, 400, '']);
  }
  const { status, text } = await ask('GET', '/jobs/unknown');
  assert.deepEqual([status, text], [404, '']);
  for (const [method, path] of [
    ['DELETE', '/jobs/unknown'],
    ['GET', '/jobs/unknown/archive'],
    ['DELETE', '/jobs/unknown/archive'],
  ] as const) {
    const answer = await ask(method, path);
    assert.deepEqual([path, answer.status, JSON.parse(answer.text).OrthancStatus], [path, 404, 7]);
  }
});

test('DELETE /jobs/{id} forgets a completed job only', async () => {
  const made = createJob();
  const running = await server.services.jobs.submit(made.job);
  assert.equal((await ask('DELETE', `/jobs/${running}`)).status, 404);
  made.finish();
  while ((await getJson(`/jobs/${running}`)).State !== 'Success');
  const { status, text, type } = await ask('DELETE', `/jobs/${running}`);
  assert.deepEqual([status, text, type], [200, '', 'text/plain']);
  assert.equal((await ask('GET', `/jobs/${running}`)).status, 404);
});

test('an output is downloaded under its name, and deleted', async () => {
  const id = await succeeded({ fileName: 'a"\r\nb.zip' });
  const { status, text, type, headers } = await ask('GET', `/jobs/${id}/archive`);
  assert.deepEqual([status, text, type], [200, 'zip', 'application/zip']);
  assert.equal(headers.get('content-disposition'), 'filename="ab.zip"');
  assert.equal(headers.get('content-length'), '3');
  assert.match((await ask('GET', `/jobs/${id}/other`)).text, /Job has no such output: other/);
  assert.equal((await ask('DELETE', `/jobs/${id}/archive`)).status, 200);
  for (const method of ['GET', 'DELETE']) assert.equal((await ask(method, `/jobs/${id}/archive`)).status, 404);
});

test('jobs are there after a restart, and one that was running is begun again', async () => {
  const success = await succeeded();
  const made = createJob();
  const running = await server.services.jobs.submit(made.job, { priority: 3 });
  await made.begun;
  const closed = server.close();
  made.finish();
  await closed;
  server = await open();
  assert.equal((await getJson(`/jobs/${success}`)).State, 'Success');
  const { State, Priority } = await getJson(`/jobs/${running}`);
  assert.deepEqual([State, Priority], ['Running', 3]);
  await ask('POST', `/jobs/${running}/cancel`);
  while ((await getJson(`/jobs/${running}`)).State === 'Running');
});
