// Who may talk to the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text } from './reply.ts';
import { routeFor } from './route.ts';
import { createTestServer } from './server-fixture.ts';

const whoAmI = routeFor<undefined>()({
  method: 'GET',
  path: '/me',
  summary: '',
  tag: '',
  reply: 'text/plain',
  handler: ({ username, remoteIp }) => text(`${username ?? 'nobody'} from ${remoteIp}`),
});

const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
const secured = { RemoteAccessAllowed: true, AuthenticationEnabled: true, RegisteredUsers: { alice: 'a:b', bob: 'c' } };

test('without remote access only this machine is let in', async () => {
  const { inject } = createTestServer([whoAmI]);
  const remote = await inject('GET', '/me', { remoteAddress: '10.0.0.7' });
  assert.deepEqual(
    [remote.statusCode, remote.headers['www-authenticate'], remote.body],
    [401, 'Basic realm="Orthanc Secure Area"', ''],
  );
  for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    assert.equal((await inject('GET', '/me', { remoteAddress })).statusCode, 200, remoteAddress);
  }
});

test('with authentication only registered users are let in', async () => {
  const { inject } = createTestServer([whoAmI], secured);
  assert.equal((await inject('GET', '/me', { headers: basic('bob:c') })).body, 'bob from 127.0.0.1');
  assert.equal((await inject('GET', '/me', { headers: basic('alice:a:b') })).statusCode, 200);
  const strangers = [undefined, basic('bob:x'), basic('eve:c'), basic('bob'), { authorization: 'Bearer abc' }];
  for (const headers of strangers) assert.equal((await inject('GET', '/me', { headers })).statusCode, 401);
});

test('an unknown path does not tell strangers that it is unknown', async () => {
  const { inject } = createTestServer([whoAmI], secured);
  assert.equal((await inject('GET', '/nothing')).statusCode, 401);
});

test('nobody gets in where no user is registered', async () => {
  const { inject } = createTestServer([whoAmI], { ...secured, RegisteredUsers: {} });
  assert.equal((await inject('GET', '/me', { headers: basic(':') })).statusCode, 401);
});
