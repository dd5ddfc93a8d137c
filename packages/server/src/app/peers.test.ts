// Peers, with whole servers: one of ours, a real Orthanc, one over TLS that asks for a certificate, and those that are of no use.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  makeCertificate,
  opensslMissing,
  orthancCommand,
  type ServerProcess,
  startServer,
  syntheticInstance,
} from '@pharos/testkit';
import { type Ask, clientOf, endOf } from './client-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'pharos-peers-'));
const users = { RegisteredUsers: { alice: 'a secret of alice' }, AuthenticationEnabled: true };
const credentials = { Username: 'alice', Password: 'a secret of alice' };
const file = syntheticInstance({ kind: 'mr', patient: 1, study: 1, series: 1, instance: 1 });

const ours = makeCertificate(folder, 'ours').both;
const theirs = makeCertificate(folder, 'theirs').both;

let server: ServerProcess;
let ask: Ask;
let instance = '';

before(async () => {
  server = await startServer({
    configuration: { LogExportedResources: true, HttpsCACertificates: opensslMissing() ? '' : ours },
  });
  ask = clientOf(server);
  instance = (await ask('POST', '/instances', file)).json.ID;
});
after(async () => {
  await server.discard();
  rmSync(folder, { recursive: true });
});

const pemOf = (path: string) => ({ cert: readFileSync(path), key: readFileSync(path) });

async function peer(name: string, description: object): Promise<void> {
  const answer = await fetch(`${server.url}/peers/${name}`, { method: 'PUT', body: JSON.stringify(description) });
  assert.equal(answer.status, 200);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  return `http://127.0.0.1:${address.port}/`;
}

const bytesAt = async (url: string): Promise<Buffer> => {
  const answer = await fetch(url, { headers: { Authorization: `Basic ${btoa('alice:a secret of alice')}` } });
  return Buffer.from(await answer.arrayBuffer());
};

const orthanc = orthancCommand();
for (const [what, command] of [
  ['another server of ours', undefined],
  ['a real Orthanc', orthanc],
] as const) {
  const skip = what === 'a real Orthanc' && !orthanc && 'Orthanc is not installed';
  test(`a file goes to ${what} with credentials, plain and compressed, byte for byte`, { skip }, async () => {
    const far = await startServer({ command, configuration: users });
    try {
      await peer('far', { Url: far.url, ...credentials });
      for (const Compress of [false, true]) {
        const { status, json } = await ask('POST', '/peers/far/store', { Resources: [instance], Compress });
        assert.equal(status, 200);
        assert.deepEqual(json.Peer, [`${far.url}/`, 'alice', '']);
        assert.equal(json.Compress, Compress);
        assert.equal(Number(json.Size) === file.length, !Compress);
        assert.ok(Buffer.from(file).equals(await bytesAt(`${far.url}/instances/${instance}/file`)));
        await fetch(`${far.url}/instances/${instance}`, {
          method: 'DELETE',
          headers: { Authorization: `Basic ${btoa('alice:a secret of alice')}` },
        });
      }
      assert.equal((await ask('GET', '/peers/far/system')).json.ApiVersion > 0, true);
      const straight = await ask('POST', '/peers/far/store-straight', file);
      assert.deepEqual([straight.status, straight.json.ID], [200, instance]);
      assert.equal((await ask('POST', '/peers/far/store-straight', 'no DICOM')).status, 400);
    } finally {
      await far.discard();
    }
  });
}

test('a peer over TLS sees the certificate of the client, and is known by its own', {
  skip: opensslMissing(),
}, async () => {
  const received: Buffer[] = [];
  const options = { ...pemOf(ours), ca: readFileSync(theirs), requestCert: true, rejectUnauthorized: true };
  const far = createHttpsServer(options, (request, response) => {
    request.on('data', (chunk: Buffer) => received.push(chunk));
    request.on('end', () => response.end('{}'));
  });
  const url = (await listen(far)).replace('http:', 'https:');
  await peer('tls', { Url: url, CertificateFile: theirs });
  assert.equal((await ask('POST', '/peers/tls/store', instance)).status, 200);
  assert.ok(Buffer.concat(received).equals(file));
  await peer('tls', { Url: url });
  const without = await ask('POST', '/peers/tls/store', instance);
  assert.equal(without.status, 500);
  assert.match(without.json.Details, /certificate/);
  await peer('tls', { Url: url, CertificateFile: join(folder, 'none.pem') });
  assert.match(
    (await ask('POST', '/peers/tls/store', instance)).json.Details,
    /Cannot read ".*none\.pem": set CertificateFile/,
  );
  far.close();
  const stranger = createHttpsServer(pemOf(theirs), (_request, response) => response.end('{}'));
  await peer('stranger', { Url: (await listen(stranger)).replace('http:', 'https:') });
  assert.match((await ask('POST', '/peers/stranger/store', instance)).json.Details, /self-signed certificate/);
  stranger.close();
});

test('what a peer that is of no use did is told, and its job can be submitted again', async () => {
  const far = await startServer({ configuration: users });
  const silent = createServer(() => undefined);
  const rude = createServer((socket) => socket.once('data', () => socket.destroy()));
  try {
    for (const [name, description, details] of [
      ['down', { Url: 'http://127.0.0.1:9/' }, /POST http:\/\/127\.0\.0\.1:9\/instances: .*ECONNREFUSED/],
      ['wrong', { Url: far.url, Username: 'alice', Password: 'mistaken' }, /"wrong": HTTP status 401, the user name/],
      ['silent', { Url: await listen(silent), Timeout: 1 }, /has been silent for 1 seconds/],
      ['rude', { Url: await listen(rude) }, /POST http.*(hang up|ECONNRESET|EPIPE)/],
    ] as const) {
      await peer(name, description);
      const { status, json } = await ask('POST', `/peers/${name}/store`, instance);
      assert.equal(status, 500, name);
      assert.match(json.Details, details);
      assert.doesNotMatch(JSON.stringify(json), /mistaken|secret/);
    }
    const { json } = await ask('POST', '/peers/wrong/store', { Resources: [instance], Synchronous: false });
    const failed = await endOf(ask, json.ID);
    assert.equal(failed.State, 'Failure');
    await peer('wrong', { Url: far.url, ...credentials });
    await ask('POST', `/jobs/${json.ID}/resubmit`, '');
    assert.equal((await endOf(ask, json.ID)).State, 'Success');
    assert.equal((await ask('GET', '/peers/down/system')).status, 500);
    await peer('wrong', { Url: far.url, Username: 'alice', Password: 'mistaken' });
    assert.equal((await ask('GET', '/peers/wrong/system')).status, 401);
  } finally {
    silent.close();
    rude.close();
    await far.discard();
  }
});

test('what is wrong with a request is told', async () => {
  await peer('any', { Url: 'http://127.0.0.1:9/' });
  for (const [path, body, status] of [
    ['/peers/any/store', 'nothing', 400],
    ['/peers/any/store', '66a662ce-7430e543-bad44d47-0dc5a943-ec7a538d', 404],
    ['/peers/nobody/store', [instance], 404],
    ['/peers/any/store', { Resources: [instance], Compress: 'x' }, 400],
  ] as const) {
    assert.equal((await ask('POST', path, body)).status, status, JSON.stringify(body));
  }
});
