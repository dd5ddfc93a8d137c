// Peers, with whole servers: one of ours, a real Orthanc, one over TLS that asks for a certificate, and those that are of no use.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
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

async function listen(t: TestContext, server: Server): Promise<string> {
  t.after(() => server.close());
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
      const refused = await ask('POST', '/peers/far/store-straight', 'no DICOM');
      assert.equal(refused.status, 500);
      assert.match(refused.json.Details, /peer "far": HTTP status 400, the peer does not take this for a DICOM file/);
    } finally {
      await far.discard();
    }
  });
}

test('a peer over TLS sees the certificate of the client, and is known by its own', {
  skip: opensslMissing(),
}, async (t) => {
  const received: Buffer[] = [];
  const options = { ...pemOf(ours), ca: readFileSync(theirs), requestCert: true, rejectUnauthorized: true };
  const far = createHttpsServer(options, (request, response) => {
    request.on('data', (chunk: Buffer) => received.push(chunk));
    request.on('end', () => response.end('{}'));
  });
  const url = (await listen(t, far)).replace('http:', 'https:');
  await peer('tls', { Url: url, CertificateFile: theirs });
  assert.equal((await ask('POST', '/peers/tls/store', instance)).status, 200);
  assert.ok(Buffer.concat(received).equals(file));
  await peer('tls', { Url: url });
  const without = await ask('POST', '/peers/tls/store', instance);
  assert.equal(without.status, 500);
  assert.match(without.json.Details, /it may want a CertificateFile/);
  const missing = await ask('PUT', '/peers/tls', { Url: url, CertificateFile: join(folder, 'none.pem') });
  assert.equal(missing.status, 404);
  assert.match(missing.json.Details, /Cannot read ".*none\.pem": set CertificateFile/);
  const stranger = createHttpsServer(pemOf(theirs), (_request, response) => response.end('{}'));
  await peer('stranger', { Url: (await listen(t, stranger)).replace('http:', 'https:') });
  assert.match((await ask('POST', '/peers/stranger/store', instance)).json.Details, /self-signed certificate/);
});

test('what a peer that is of no use did is told, and its job can be submitted again', async (t) => {
  const far = await startServer({ configuration: users });
  const silent = createServer(() => undefined);
  const rude = createServer((socket) => socket.once('data', () => socket.destroy()));
  try {
    for (const [name, description, details] of [
      ['down', { Url: 'http://127.0.0.1:9/' }, /POST http:\/\/127\.0\.0\.1:9\/instances: .*ECONNREFUSED/],
      ['wrong', { Url: far.url, Username: 'alice', Password: 'mistaken' }, /"wrong": HTTP status 401, the user name/],
      ['silent', { Url: await listen(t, silent), Timeout: 1 }, /no whole answer of the peer within 1 seconds/],
      ['rude', { Url: await listen(t, rude) }, /POST http.*: the peer broke off the connection/],
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
    ['/peers/any/store', { Resources: [instance], Transcode: 'x' }, 400],
  ] as const) {
    assert.equal((await ask('POST', path, body)).status, status, JSON.stringify(body));
  }
});

test('nothing but JSON of a peer reaches a client, and where it says to be elsewhere, that is told', async (t) => {
  const far = createHttpServer((request, response) => {
    request.resume();
    if (request.url?.startsWith('/moved')) response.writeHead(301, { Location: 'https://u:p@new.example/x?y=z' });
    else response.setHeader('Content-Type', 'text/html');
    response.end('<script>');
  });
  const url = await listen(t, far);
  await peer('page', { Url: url });
  await peer('moved', { Url: `${url}moved` });
  for (const [method, path, details] of [
    ['GET', '/peers/page/system', /peer "page".*is no JSON/],
    ['POST', '/peers/page/store-straight', /peer "page".*is no JSON/],
    ['GET', '/peers/moved/system', /HTTP status 301, the peer is at https:\/\/new\.example\/x: check its URL/],
    ['POST', '/peers/moved/store', /HTTP status 301, the peer is at https:\/\/new\.example\/x: check its URL/],
  ] as const) {
    const { status, json } = await ask(method, path, method === 'POST' ? instance : undefined);
    assert.equal(status, 500);
    assert.match(json.Details, details);
  }
});

test('peers and modalities in the database, and a job under way, outlive a restart', async (t) => {
  const configuration = { OrthancPeersInDatabase: true, DicomModalitiesInDatabase: true };
  const received: string[] = [];
  const reached = Promise.withResolvers<void>();
  let isSilent = true;
  const far = createHttpServer((request, response) => {
    if (isSilent) {
      reached.resolve();
      return;
    }
    received.push(`${request.headers.authorization} ${request.headers['x-token']}`);
    request.resume().on('end', () => response.end('{}'));
  });
  const description = {
    Url: await listen(t, far),
    Username: 'alice',
    Password: 'pw',
    HttpHeaders: { 'X-Token': 'abc' },
  };
  const first = await startServer({ configuration });
  try {
    const ours = clientOf(first);
    await ours('POST', '/instances', file);
    await ours('PUT', '/peers/far', { ...description, RemoteSelf: 'me', Timeout: 100 });
    await ours('PUT', '/peers/gone', [description.Url]);
    await ours('DELETE', '/peers/gone');
    await ours('PUT', '/modalities/pacs', ['PACS', 'pacs.example', 104]);
    const known = (await ours('GET', '/modalities?expand')).json;
    const { json } = await ours('POST', '/peers/far/store', { Resources: [instance], Synchronous: false });
    await reached.promise;
    // Others do not wait for it.
    assert.equal((await ours('GET', '/peers/far')).status, 200);
    assert.equal(await first.stop(), 0);
    isSilent = false;
    const second = await startServer({ configuration, folder: first.folder });
    try {
      const again = clientOf(second);
      const { State, Content } = await endOf(again, json.ID);
      assert.equal(State, 'Success');
      assert.deepEqual(
        [Content.Peer.Username, Content.Peer.RemoteSelf, Content.Size],
        ['alice', 'me', String(file.length)],
      );
      assert.deepEqual(received, [`Basic ${btoa('alice:pw')} abc`]);
      assert.deepEqual((await again('GET', '/peers')).json, ['far']);
      assert.deepEqual((await again('GET', '/modalities?expand')).json, known);
    } finally {
      await second.stop();
    }
  } finally {
    await first.discard();
  }
});
