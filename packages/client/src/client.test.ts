// The client with a server: what comes back has the types and the bytes that it should, failures say why.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { freePort, type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';
import { createPharosClient, type PharosClient, PharosClientError, PharosJobError } from './index.ts';

const identity = { kind: 'mr', patient: 1, study: 1, series: 1 } as const;
const credentials = { username: 'ann', password: 'pä:ss' };
let server: ServerProcess;
let client: PharosClient;
let instance = '';
let study = '';

async function upload(body: Uint8Array<ArrayBuffer>) {
  const stored = await client.post('/instances', { body });
  assert.ok('Status' in stored);
  return stored;
}

const bytesOf = (number: number) => new Uint8Array(syntheticInstance({ ...identity, instance: number }));

before(async () => {
  server = await startServer({
    configuration: { AuthenticationEnabled: true, RegisteredUsers: { [credentials.username]: credentials.password } },
  });
  client = createPharosClient({ url: server.url, ...credentials });
  for (const number of [1, 2, 3]) ({ ID: instance, ParentStudy: study } = await upload(bytesOf(number)));
});
after(() => server.discard());

/** The failure of a request. */
async function failureOf(request: Promise<unknown>): Promise<PharosClientError> {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof PharosClientError, `${error} is no PharosClientError`);
  return error;
}

/** A server that answers everything with `answer`. */
async function answering(answer: Parameters<typeof createServer>[1]) {
  const other = createServer({}, answer);
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const close = async () => {
    other.closeAllConnections();
    other.close();
    await once(other, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

test('JSON is parsed, text is text, files are not read before they are asked for', async () => {
  assert.equal((await client.get('/system')).Version, '1.13.0');
  assert.match(await client.get('/tools/now'), /^\d{8}T\d{6}$/);
  const file = await client.get('/instances/{id}/file', { params: { id: instance } });
  assert.equal(file.bodyUsed, false);
  assert.deepEqual(new Uint8Array(await file.arrayBuffer()), bytesOf(3));
});

test('arguments and bodies arrive', async () => {
  const [first] = await client.get('/studies', { query: { expand: true, limit: 1, since: 0 } });
  assert.ok(typeof first === 'object');
  assert.equal(first.MainDicomTags?.StudyDescription, 'Synthetic MR');
  const found = await client.post('/tools/find', { body: { Level: 'Instance', Query: { InstanceNumber: '2' } } });
  assert.equal(found.length, 1);
  const label = { params: { id: study, label: 'teaching' } };
  await client.put('/studies/{id}/labels/{label}', label);
  assert.deepEqual(await client.get('/studies/{id}/labels', { params: { id: study } }), ['teaching']);
  await client.delete('/studies/{id}/labels/{label}', label);
  assert.deepEqual(await client.get('/studies/{id}/labels', { params: { id: study } }), []);
});

test('a path below another keeps its slashes', async () => {
  const nested = await client.get('/instances/{id}/content/{rest}', { params: { id: instance, rest: '0010-0020' } });
  assert.equal((await nested.text()).trim(), 'PAT0000001');
});

test('no parameter leads to another path', async () => {
  for (const id of ['', '.', '..']) {
    await assert.rejects(() => client.delete('/studies/{id}', { params: { id } }), /Parameter "id" cannot be/);
  }
  assert.equal((await failureOf(client.delete('/studies/{id}', { params: { id: '../patients' } }))).status, 404);
});

test('what is sent may be a stream', async () => {
  const body = new Blob([bytesOf(1)]).stream();
  const stored = await client.post('/instances', { body });
  assert.ok('Status' in stored);
  assert.equal(stored.Status, 'AlreadyStored');
});

test('a stream of any length is sent with little memory', async () => {
  await using sink = await answering((request, response) => {
    request.resume().once('end', () => response.end('{}'));
  });
  const megabyte = 2 ** 20;
  let sent = 0;
  let most = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
      if (sent++ < 400) controller.enqueue(new Uint8Array(megabyte));
      else controller.close();
    },
  });
  await createPharosClient({ url: sink.url }).post('/instances', { body });
  assert.ok(most < 200 * megabyte, `${most} bytes were held`);
});

test('a failure tells what the server said', async () => {
  const failure = await failureOf(client.post('/tools/find', { body: { Level: 'Planet', Query: {} } }));
  assert.equal(failure.status, 400);
  assert.equal(failure.orthancMessage, 'Parameter out of range');
  assert.ok(failure.details);
  assert.match(failure.message, /^POST http:\S+\/tools\/find: 400 Bad Request: Parameter out of range: /);
});

test('user name and password are needed, may be in the URL, and are not told', async () => {
  assert.equal((await failureOf(createPharosClient({ url: server.url }).get('/system'))).status, 401);
  const { username, password } = credentials;
  const url = server.url.replace('//', `//${username}:${encodeURIComponent(password)}@`);
  const known = createPharosClient({ url: `${url}//` });
  assert.equal(known.url, server.url);
  await known.get('/system');
  const failure = await failureOf(known.get('/studies/{id}', { params: { id: 'none' } }));
  assert.doesNotMatch(failure.message, /ann/);
});

test('a server that is not there is told', async () => {
  const port = await freePort();
  const failure = await failureOf(createPharosClient({ url: `http://127.0.0.1:${port}` }).get('/system'));
  assert.equal(failure.status, undefined);
  assert.match(failure.message, /GET http:\S+\/system: no answer: .*ECONNREFUSED/);
  assert.throws(() => createPharosClient({ url: 'ftp://example.org' }), /is no URL of HTTP/);
});

test('an answer that is no JSON where JSON was promised is a failure too', async () => {
  await using other = await answering((_request, response) => response.end('<html>'));
  assert.match(
    (await failureOf(createPharosClient({ url: other.url }).get('/system'))).message,
    /the answer is no JSON/,
  );
});

test('a server that says nothing is given up; a body that has begun is not', async () => {
  await using silent = await answering(() => undefined);
  const failure = await failureOf(createPharosClient({ url: silent.url, timeoutMs: 50 }).get('/system'));
  assert.match(failure.message, /no answer: not within 50 ms/);
  await using slow = await answering((_request, response) => {
    response.write('first ');
    setTimeout(() => response.end('last'), 700);
  });
  const { url } = slow;
  const file = await createPharosClient({ url, timeoutMs: 500 }).get('/instances/{id}/file', { params: { id: 'x' } });
  assert.equal(await file.text(), 'first last');
});

test('a request can be given up', async () => {
  await using silent = await answering(() => undefined);
  const controller = new AbortController();
  const asked = createPharosClient({ url: silent.url }).get('/system', { signal: controller.signal });
  controller.abort();
  await assert.rejects(asked, { name: 'AbortError' });
});

test('a job is waited for, and its progress is told', async () => {
  const submitted = await client.post('/studies/{id}/anonymize', {
    params: { id: study },
    body: { Asynchronous: true, UserData: 'mine' },
  });
  const seen: number[] = [];
  const job = await client.waitForJob(submitted, { onProgress: ({ Progress }) => seen.push(Progress) });
  assert.deepEqual([job.State, job.UserData, seen.at(-1)], ['Success', 'mine', 100]);
});

test('a job that fails is a failure with the job', async () => {
  const port = await freePort();
  await client.put('/modalities/{id}', {
    params: { id: 'down' },
    body: { AET: 'DOWN', Host: '127.0.0.1', Port: port },
  });
  const body = { Resources: [study], Asynchronous: true };
  const submitted = await client.post('/modalities/{id}/store', { params: { id: 'down' }, body });
  await assert.rejects(client.waitForJob(submitted), (error) => {
    assert.ok(error instanceof PharosJobError);
    assert.equal(error.job.State, 'Failure');
    assert.match(error.message, /DicomModalityStore.* failed: /);
    return true;
  });
});

test('changes come in order, each once, page by page', async () => {
  const changes = await Array.fromAsync(client.changes(0, { limit: 2 }));
  const numbers = changes.map(({ Seq }) => Seq);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((a, b) => a - b),
  );
  assert.ok(changes.filter(({ ChangeType }) => ChangeType === 'NewInstance').length >= 3);
  const after = await Array.fromAsync(client.changes(numbers[2]));
  assert.equal(after[0]?.Seq, numbers[3]);
});

test('changes can be followed while they happen, until the signal', async () => {
  const last = (await client.get('/changes', { query: { last: true } })).Last;
  const controller = new AbortController();
  const changes = client.changes(last, { follow: true, pauseMs: 10, signal: controller.signal });
  const next = changes.next();
  const { ID: id } = await upload(bytesOf(4));
  const { value } = await next;
  assert.equal(value?.ChangeType, 'NewInstance');
  assert.equal(value.ID, id);
  controller.abort();
  assert.equal((await changes.next()).done, true);
});

test('what the document does not know does not compile', () => {
  const never = async () => {
    // @ts-expect-error: no such path
    await client.get('/planets');
    // @ts-expect-error: no such method of this path
    await client.put('/system');
    // @ts-expect-error: the parameter is missing
    await client.get('/studies/{id}');
    // @ts-expect-error: the parameter has another name
    await client.get('/studies/{id}', { params: { study } });
    // @ts-expect-error: no such argument
    await client.get('/studies', { query: { expnd: true } });
    // @ts-expect-error: a flag is there or not
    await client.get('/changes', { query: { last: false } });
    // @ts-expect-error: the body is missing
    await client.post('/tools/find');
    // @ts-expect-error: Level is missing
    await client.post('/tools/find', { body: { Query: {} } });
    // @ts-expect-error: a file is no text
    (await client.get('/instances/{id}/file', { params: { id: instance } })).toUpperCase();
  };
  assert.equal(typeof never, 'function');
});
