// Large answers: sent in pieces, compressed where agreed, given up where the client goes away.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { writeJson } from './json-text.ts';
import { type Json, json, jsonArray, stream } from './reply.ts';
import { routeFor } from './route.ts';
import { createTestServer } from './server-fixture.ts';

const route = routeFor<undefined>();
const common = { summary: '', tag: '', reply: 'application/json', method: 'GET' } as const;

async function* many(count: number) {
  for (let i = 0; i < count; i++) yield Array.from({ length: 100 }, (_, k) => ({ number: i * 100 + k }));
}

test('a long array is streamed and complete', async () => {
  const { inject } = createTestServer([route({ ...common, path: '/list', handler: () => jsonArray(many(500)) })]);
  const { headers, body } = await inject('GET', '/list');
  assert.equal(headers['content-length'], undefined);
  const values: unknown = JSON.parse(body);
  assert.ok(Array.isArray(values) && values.length === 50_000);
});

test('large answers to clients that read slowly keep to themselves, whatever the lengths of their values', async () => {
  const valueFor = (letter: string): Json => ({
    few: letter.repeat(600_000),
    // More than the system keeps for a client that does not read.
    many: Array.from({ length: 10_000 }, () => ({ value: letter.repeat(2_000) })),
    more: letter.repeat(200_000),
  });
  const handler = ({ params }: { params: { letter: string } }) => json(valueFor(params.letter));
  const { server } = createTestServer([route({ ...common, path: '/large/:letter', handler })]);
  const port = await server.listen();
  const begin = async (letter: string) => {
    const client = request({ port, path: `/large/${letter}` }).end();
    const [answer]: readonly IncomingMessage[] = await once(client, 'response');
    assert.ok(answer);
    return { letter, answer };
  };
  const begun = await Promise.all(['a', 'b'].map(begin));
  const read = async ({ letter, answer }: (typeof begun)[number]) => {
    const body = await text(answer);
    assert.equal(answer.headers['content-length'], String(body.length));
    assert.ok(body === writeJson(valueFor(letter)), `the answer with ${letter}`);
  };
  await Promise.all(begun.map(read));
  await server.close();
});

test('a stream that fails before its first piece is answered as an error', async () => {
  const failing = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('disk')) }) };
  const { inject } = createTestServer([route({ ...common, path: '/file', handler: () => stream(failing, 'x/y') })]);
  assert.equal((await inject('GET', '/file')).statusCode, 500);
});

test('a stream that fails later cuts the connection, so that nobody takes a part for the whole', async () => {
  async function* failing(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(1000);
    throw new Error('disk');
  }
  const { server } = createTestServer([route({ ...common, path: '/file', handler: () => stream(failing(), 'x/y') })]);
  const client = request({ port: await server.listen(), path: '/file' });
  client.end();
  await assert.rejects(async () => {
    const [answer] = await once(client, 'response');
    for await (const _chunk of answer);
  });
  await server.close();
});

test('the source is closed when the client goes away', async () => {
  let closed: () => void = () => undefined;
  const whenClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  async function* endless(): AsyncGenerator<Buffer> {
    try {
      for (;;) yield Buffer.alloc(65536);
    } finally {
      closed();
    }
  }
  const { server } = createTestServer([route({ ...common, path: '/file', handler: () => stream(endless(), 'x/y') })]);
  const client = request({ port: await server.listen(), path: '/file' });
  client.on('error', () => undefined);
  client.end();
  await once(client, 'response');
  client.destroy();
  await whenClosed;
  await server.close();
});

test('answers are compressed where HttpCompressionEnabled and the client agree, and they are not small', async () => {
  const large = route({ ...common, path: '/large', handler: () => json('x'.repeat(5000)) });
  const small = route({ ...common, path: '/small', handler: () => json('x') });
  const { inject } = createTestServer([large, small], { HttpCompressionEnabled: true });
  const headers = { 'accept-encoding': 'deflate, gzip' };
  assert.equal((await inject('GET', '/large', { headers })).headers['content-encoding'], 'gzip');
  assert.equal((await inject('GET', '/large')).headers['content-encoding'], undefined);
  assert.equal((await inject('GET', '/small', { headers })).headers['content-encoding'], undefined);
});

test('a handler may see that its client has gone before there is an answer', async () => {
  const begun = Promise.withResolvers<void>();
  const seen = Promise.withResolvers<readonly boolean[]>();
  const handler = async ({ isAbandoned }: { isAbandoned(): boolean }) => {
    const before = isAbandoned();
    begun.resolve();
    while (!isAbandoned()) await setImmediate();
    seen.resolve([before, isAbandoned()]);
    return json({});
  };
  const { server } = createTestServer([route({ ...common, path: '/slow', handler })]);
  const client = request({ port: await server.listen(), path: '/slow' }).end();
  client.on('error', () => undefined);
  await begun.promise;
  client.destroy();
  assert.deepEqual(await seen.promise, [false, true]);
  await server.close();
});
