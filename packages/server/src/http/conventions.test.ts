// The conventions of the protocol that hold for every route.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { test } from 'node:test';
import { PharosError } from '../model/index.ts';
import type { Visit } from './dispatcher.ts';
import * as query from './query-parameters.ts';
import { empty, json, jsonArray, redirect, text, unanswered } from './reply.ts';
import { routeFor } from './route.ts';
import { createTestServer } from './server-fixture.ts';

const route = routeFor<undefined>();
const common = { summary: '', tag: '', reply: 'application/json' } as const;

async function* batches() {
  yield [1];
  yield [{ a: 2 }];
}

const { inject } = createTestServer([
  route({
    ...common,
    method: 'GET',
    path: '/thing',
    query: { n: query.integer('') },
    handler: ({ query: { n } }) => json({ n: n ?? null }),
  }),
  route({
    ...common,
    method: 'PUT',
    path: '/thing',
    query: { n: query.integer('') },
    handler: ({ query: { n } }) => json({ put: n ?? null }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/said',
    query: { words: query.text('') },
    handler: ({ query: { words } }) => text(words ?? ''),
  }),
  route({ ...common, method: 'DELETE', path: '/thing', handler: () => empty() }),
  route({ ...common, method: 'GET', path: '/silent', handler: () => unanswered }),
  route({ ...common, method: 'POST', path: '/silent', handler: () => unanswered }),
  route({ ...common, method: 'GET', path: '/broken', handler: () => Promise.reject(new TypeError('secret')) }),
  route({
    ...common,
    method: 'GET',
    path: '/refused',
    handler: () => Promise.reject(new PharosError('InexistentTag', 'why')),
  }),
  route({ ...common, method: 'GET', path: '/away', handler: () => redirect('app/x') }),
  route({ ...common, method: 'GET', path: '/list', handler: () => jsonArray(batches()) }),
  route({ ...common, method: 'GET', path: '/name/:name', handler: ({ params }) => text(params.name) }),
]);

test('repeated and trailing slashes do not matter', async () => {
  assert.equal((await inject('GET', '//thing/')).body, '{\n   "n" : null\n}');
});

test('every answer forbids guessing of its type', async () => {
  assert.equal((await inject('GET', '/thing')).headers['x-content-type-options'], 'nosniff');
});

test('a known path without the method is 405 with Allow and no body', async () => {
  const { statusCode, headers, body } = await inject('POST', '/thing');
  assert.deepEqual([statusCode, headers.allow, body], [405, 'GET,PUT,DELETE', '']);
});

test('an unknown path is 404 with an error body', async () => {
  const { statusCode, headers, body } = await inject('GET', '/nothing');
  assert.equal(statusCode, 404);
  assert.equal(headers['content-type'], 'text/plain');
  assert.deepEqual(JSON.parse(body), {
    HttpError: 'Not Found',
    HttpStatus: 404,
    Message: 'Unknown resource',
    Method: 'GET',
    OrthancError: 'Unknown resource',
    OrthancStatus: 17,
    Uri: '/nothing',
  });
});

test('WebDAV verbs are 404, others 400, both without body', async () => {
  for (const verb of ['HEAD', 'OPTIONS', 'PROPFIND', 'LOCK'] as const) {
    assert.equal((await inject(verb, '/thing')).statusCode, 404, verb);
  }
  const { statusCode, body } = await inject('PATCH', '/thing');
  assert.deepEqual([statusCode, body], [400, '']);
});

test('verbs of WebDAV reach the routes that have them; filters are told whether they read or write', async () => {
  const seen: string[] = [];
  const folder = (method: 'PROPFIND' | 'LOCK') =>
    route({ ...common, method, path: '/dav/*', handler: ({ params }) => text(`${method} ${params.rest}`) });
  const screen = {
    httpRequest: async ({ method, path }: Visit) => {
      seen.push(`${method} ${path}`);
      return !path.endsWith('/secret');
    },
  };
  const { inject } = createTestServer([folder('PROPFIND'), folder('LOCK')], {}, screen);
  assert.equal((await inject('PROPFIND', '/dav/a/b/')).body, 'PROPFIND a/b');
  assert.equal((await inject('LOCK', '/dav')).body, 'LOCK ');
  assert.equal((await inject('LOCK', '/dav/secret')).statusCode, 403);
  assert.equal((await inject('HEAD', '/dav/a')).statusCode, 404);
  assert.deepEqual(seen, ['GET /dav/a/b', 'PUT /dav', 'PUT /dav/secret', 'GET /dav/a']);
});

test('the method can be faked by header, and by argument of a GET', async () => {
  assert.equal((await inject('POST', '/thing', { headers: { 'x-http-method-override': 'delete' } })).statusCode, 200);
  assert.equal((await inject('GET', '/thing?_method=PUT&n=3')).body, '{\n   "put" : 3\n}');
  assert.equal((await inject('GET', '/thing?_method=patch')).statusCode, 400);
});

test('TRACE is 400, whatever method it fakes', async () => {
  const { server } = createTestServer([]);
  const port = await server.listen();
  const client = request({ port, method: 'TRACE', path: '/thing', headers: { 'x-http-method-override': 'PUT' } });
  client.end();
  const [answer] = await once(client, 'response');
  assert.equal(answer.statusCode, 400);
  answer.resume();
  await server.close();
});

test('arguments count for GET only', async () => {
  assert.equal((await inject('GET', '/thing?n=3&unknown')).body, '{\n   "n" : 3\n}');
  assert.equal((await inject('PUT', '/thing?n=3')).body, '{\n   "put" : null\n}');
});

test('a plus in the query string is a plus', async () => {
  assert.equal((await inject('GET', '/thing?n=+2')).body, '{\n   "n" : 2\n}');
  assert.equal((await inject('GET', '/said?words=a+b%20c%2B')).body, 'a+b c+');
});

test('a bad argument is 400, and says why', async () => {
  const { statusCode, body } = await inject('GET', '/thing?n=x');
  assert.equal(statusCode, 400);
  assert.match(JSON.parse(body).Details, /"n"/);
});

test('a handler that does not answer is 404, or 400 for POST, with an empty body', async () => {
  const [got, posted] = [await inject('GET', '/silent'), await inject('POST', '/silent')];
  assert.deepEqual([got.statusCode, got.body, posted.statusCode, posted.body], [404, '', 400, '']);
});

test('an unexpected error is 500 and keeps its details to itself', async () => {
  const { statusCode, body } = await inject('GET', '/broken');
  assert.equal(statusCode, 500);
  assert.doesNotMatch(body, /secret/);
});

test('an expected error has its number, status and details', async () => {
  const { statusCode, body } = await inject('GET', '/refused');
  const { OrthancStatus, Details } = JSON.parse(body);
  assert.deepEqual([statusCode, OrthancStatus, Details], [404, 21, 'why']);
});

test('errors are bare where HttpDescribeErrors is off', async () => {
  const bare = createTestServer([], { HttpDescribeErrors: false });
  assert.equal((await bare.inject('GET', '/nothing')).body, '');
});

test('redirects are 307 and relative', async () => {
  const { statusCode, headers } = await inject('GET', '/away');
  assert.deepEqual([statusCode, headers.location], [307, 'app/x']);
});

test('JSON is XML for those who accept that', async () => {
  const { headers, body } = await inject('GET', '/list', { headers: { accept: 'application/xml' } });
  assert.equal(headers['content-type'], 'application/xml; charset=utf-8');
  assert.match(body, /<item>1<\/item>/);
});

test('a short array is answered with its length', async () => {
  const { headers, body } = await inject('GET', '/list');
  assert.equal(body, '[\n   1,\n   {\n      "a" : 2\n   }\n]');
  assert.equal(headers['content-length'], String(body.length));
});

test('paths are decoded', async () => {
  assert.equal((await inject('GET', '/name/a%20b%C3%A9')).body, 'a bé');
  assert.equal((await inject('GET', '/name/100%')).body, '100%');
  assert.equal((await inject('GET', `/name/${'x'.repeat(5000)}`)).body.length, 5000);
});

test('routes that write are absent from a read-only server', async () => {
  const writing = route({ ...common, method: 'POST', path: '/write', writes: true, handler: () => empty() });
  const { inject: ask } = createTestServer([writing], { ReadOnly: true });
  assert.equal((await ask('POST', '/write')).statusCode, 404);
});
