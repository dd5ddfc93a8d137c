// Bodies of requests: forms, limits, what clients announce.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { PharosError } from '../model/index.ts';
import { json, text } from './reply.ts';
import { bodyOf } from './request-body.ts';
import { routeFor } from './route.ts';
import { createTestServer } from './server-fixture.ts';

const route = routeFor<string[]>();
const common = { summary: '', tag: '', reply: 'text/plain', method: 'POST' } as const;

function uploads() {
  const received: string[] = [];
  const upload = route({
    ...common,
    path: '/upload',
    handler: async ({ body }) => {
      const content = await body.text();
      if (content === 'bad') throw new PharosError('BadFileFormat');
      received.push(content);
      return text(String(content.length));
    },
  });
  const count = route({
    ...common,
    path: '/count',
    handler: async ({ body }) => {
      let size = 0;
      for await (const chunk of body.stream()) size += chunk.length;
      return json(size);
    },
  });
  return {
    received,
    routes: [upload, count].map((each) => ({
      ...each,
      handler: (call: Parameters<typeof each.handler>[0]) => each.handler(call, received),
    })),
  };
}

const form = (parts: readonly string[]) =>
  `${parts.map((part) => `--X\r\nContent-Disposition: form-data; name="f"; filename="a.dcm"\r\n\r\n${part}\r\n`).join('')}--X--\r\n`;
const formType = { 'content-type': 'multipart/form-data; boundary=X' };

test('each part of a form is posted on its own, and the answer is empty', async () => {
  const { received, routes } = uploads();
  const { inject } = createTestServer(routes);
  const { statusCode, body } = await inject('POST', '/upload', { headers: formType, body: form(['one', 'two', '']) });
  assert.deepEqual([statusCode, body, received], [200, '', ['one', 'two', '']]);
});

test('the failure of a part is the failure of the form', async () => {
  const { routes } = uploads();
  const { inject } = createTestServer(routes);
  assert.equal(
    (await inject('POST', '/upload', { headers: formType, body: form(['one', 'bad', 'two']) })).statusCode,
    400,
  );
});

test('a form that ends too early, or has no boundary, is 400', async () => {
  const { routes } = uploads();
  const { inject } = createTestServer(routes);
  assert.equal(
    (await inject('POST', '/upload', { headers: formType, body: form(['one']).slice(0, -12) })).statusCode,
    400,
  );
  const headers = { 'content-type': 'multipart/form-data' };
  assert.equal((await inject('POST', '/upload', { headers, body: 'x' })).statusCode, 400);
});

test('a file sent in several forms is put together', async () => {
  const { received, routes } = uploads();
  const { inject } = createTestServer(routes);
  const headers = { ...formType, 'x-requested-with': 'XMLHttpRequest', 'x-file-name': 'a', 'x-file-size': '6' };
  await inject('POST', '/upload', { headers, body: form(['abc']) });
  assert.deepEqual(received, []);
  await inject('POST', '/upload', { headers, body: form(['def']) });
  assert.deepEqual(received, ['abcdef']);
});

test('a body beyond MaximumRequestBodySizeMB is 413, announced or not', async () => {
  const { routes } = uploads();
  const { server } = createTestServer(routes);
  const port = await server.listen();
  for (const headers of [{ 'content-length': '2000000' }, { 'transfer-encoding': 'chunked' }]) {
    const client = request({ port, method: 'POST', path: '/count', headers });
    client.on('error', () => undefined);
    client.write(Buffer.alloc(1_900_000));
    client.end(Buffer.alloc(100_000));
    const [answer] = await once(client, 'response');
    assert.equal(answer.statusCode, 413);
    answer.resume();
  }
  await server.close();
});

test('a body that is held as a whole is 413 beyond 64 MB, unread where its length is announced', async () => {
  const { routes, received } = uploads();
  const { server } = createTestServer(routes, { MaximumRequestBodySizeMB: 1024 });
  const port = await server.listen();
  const client = request({ port, method: 'POST', path: '/upload', headers: { 'content-length': '67108865' } });
  client.on('error', () => undefined);
  client.write('x');
  const [answer] = await once(client, 'response');
  assert.deepEqual([answer.statusCode, received], [413, []]);
  client.destroy();
  await server.close();

  let taken = 0;
  const mebibytes = (async function* () {
    for (const chunk = Buffer.alloc(1024 * 1024); taken < 1000; taken++) yield chunk;
  })();
  await assert.rejects(bodyOf(() => mebibytes, '', undefined).bytes(), { code: 'BodyTooLarge' });
  assert.equal(taken, 64);
});

test('a client that still sends a body too long hears 413, and is not cut off', async () => {
  const { routes } = uploads();
  const { server } = createTestServer(routes);
  const port = await server.listen();
  for (const path of ['/count', '/upload']) {
    const client = request({ port, method: 'POST', path, headers: { 'transfer-encoding': 'chunked' } });
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      client.once('response', resolve).once('error', reject);
      client.write(Buffer.alloc(1_100_000));
    });
    assert.equal(answer.statusCode, 413);
    client.on('error', () => undefined).destroy();
  }
  await server.close();
});

test('who sends a large body on hears why it was refused, and is cut off in the end', async () => {
  const { routes } = uploads();
  const { server } = createTestServer(routes);
  const port = await server.listen();
  for (let n = 0; n < 5; n += 1) {
    const client = request({ port, method: 'POST', path: '/count', headers: { 'content-length': '64000000' } });
    client.write(Buffer.alloc(64_000_000));
    const [answer] = await once(client, 'response');
    assert.equal(answer.statusCode, 413);
    client.on('error', () => undefined).destroy();
  }
  const stubborn = request({ port, method: 'POST', path: '/count', headers: { 'transfer-encoding': 'chunked' } });
  const isCut = new Promise<void>((resolve) => stubborn.once('close', resolve));
  stubborn.on('error', () => undefined).on('response', (answer) => answer.on('error', () => undefined).resume());
  const piece = Buffer.alloc(64 * 1024);
  const send = (): void => {
    if (!stubborn.destroyed && !stubborn.socket?.destroyed) stubborn.write(piece, () => setImmediate(send));
  };
  send();
  await isCut;
  await server.close();
});

test('an Expect header that says nothing sensible is ignored', async () => {
  const { routes } = uploads();
  const { server } = createTestServer(routes);
  const port = await server.listen();
  for (const expect of ['', 'something', '100-continue']) {
    const client = request({ port, method: 'POST', path: '/count', headers: { expect, 'content-length': '3' } });
    client.end('abc');
    const [answer] = await once(client, 'response');
    assert.equal(answer.statusCode, 200, `Expect: ${expect}`);
    answer.resume();
  }
  await server.close();
});

test('a POST without any body is one with an empty body', async () => {
  const { routes } = uploads();
  const { inject } = createTestServer(routes);
  assert.equal((await inject('POST', '/count')).body, '0');
});

test('a body that is poured waits for its taker, and the connection outlives a refusal', async () => {
  const taken: number[] = [];
  let isBusy = false;
  const pour = routeFor<undefined>()({
    ...common,
    path: '/pour',
    handler: async ({ body }) => {
      await body.pour((chunk) => {
        assert.equal(isBusy, false);
        if (chunk[0] === 0x78) throw new PharosError('BadFileFormat');
        taken.push(chunk.length);
        isBusy = true;
        return new Promise((resolve) =>
          setImmediate(() => {
            isBusy = false;
            resolve();
          }),
        );
      });
      return json(taken.reduce((sum, length) => sum + length, 0));
    },
  });
  const { server } = createTestServer([pour]);
  const port = await server.listen();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = async (content: Buffer) => {
    const client = request({ port, method: 'POST', path: '/pour', agent });
    client.end(content);
    const [answer] = await once(client, 'response');
    let reply = '';
    for await (const piece of answer) reply += String(piece);
    return { status: Number(answer.statusCode), reply };
  };
  assert.equal((await send(Buffer.from('x refused'))).status, 400);
  assert.deepEqual(await send(Buffer.alloc(600_000)), { status: 200, reply: '600000' });
  agent.destroy();
  await server.close();
});
