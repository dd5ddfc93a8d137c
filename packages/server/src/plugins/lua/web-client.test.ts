// Requests of scripts to other servers: who is told what where they are sent on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PeerNetwork, RemotePeer } from '../../ports/index.ts';
import { fetchForScript, type WebRequest } from './web-client.ts';

/** A network whose servers redirect as told, and answer 200 otherwise; who was asked with what. */
function openNetwork(redirections: Readonly<Record<string, string>>) {
  const asked: RemotePeer[] = [];
  const mimes: (string | undefined)[] = [];
  const network: Pick<PeerNetwork, 'open'> = {
    open: (server) => ({
      async request({ body }) {
        asked.push(server);
        mimes.push(body?.mime);
        const location = redirections[server.url];
        return { status: location === undefined ? 200 : 307, location, body: new Uint8Array() };
      },
      abort: () => undefined,
      close: () => undefined,
    }),
  };
  return { network, asked, mimes };
}

const secret: WebRequest & { readonly kind: 'http' } = {
  kind: 'http',
  method: 'POST',
  uri: 'http://mine/a',
  headers: { Authorization: 'Bearer x', Cookie: 'y', 'X-Own': 'z', 'Content-Type': 'text/plain' },
  body: new Uint8Array([1]),
  credentials: { username: 'alice', password: 'secret' },
  timeout: undefined,
};

test('another server that a request is redirected to is told no credentials, cookies or own headers', async () => {
  const { network, asked, mimes } = openNetwork({
    'http://mine/a': 'http://mine/b',
    'http://mine/b': 'http://other/c',
    'http://other/c': 'http://mine/d',
  });
  await fetchForScript(network, secret);
  const own = { Authorization: 'Bearer x', Cookie: 'y', 'X-Own': 'z' };
  assert.deepEqual(
    asked.map(({ url, username, password, httpHeaders }) => [url, username, password, httpHeaders]),
    [
      ['http://mine/a', 'alice', 'secret', own],
      ['http://mine/b', 'alice', 'secret', own],
      ['http://other/c', '', '', {}],
      ['http://mine/d', '', '', {}],
    ],
  );
  assert.deepEqual(mimes, Array(4).fill('text/plain'));
});
