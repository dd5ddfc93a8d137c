// Where the server listens, over TLS or not, and how it stops.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { bytes, text } from './reply.ts';
import { routeFor } from './route.ts';
import { createTestServer, testSettings } from './server-fixture.ts';

const route = routeFor<undefined>();
const hello = route({
  method: 'GET',
  path: '/hello',
  summary: '',
  tag: '',
  reply: 'text/plain',
  handler: () => text('hello'),
});

const slowRoute = (work: () => Promise<void>) =>
  route({
    method: 'GET',
    path: '/slow',
    summary: '',
    tag: '',
    reply: 'text/plain',
    handler: async () => {
      await work();
      return text('done');
    },
  });

test('a port that is taken is refused with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  assert.ok(address && typeof address === 'object');
  const { server } = createTestServer([hello], { HttpPort: address.port });
  await assert.rejects(server.listen(), /another program listens/);
  other.close();
});

test('a request in flight is answered before the server is closed', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begun: () => void = () => undefined;
  const whenBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const slow = slowRoute(async () => {
    begun();
    await held;
  });
  const { server } = createTestServer([slow]);
  const client = request({ port: await server.listen(), path: '/slow' });
  client.end();
  await whenBegun;
  const closing = server.close();
  release();
  const [answer] = await once(client, 'response');
  assert.equal(answer.statusCode, 200);
  answer.resume();
  await closing;
});

for (const { answer, size } of [
  { answer: 'small', size: 1 },
  { answer: 'large', size: 100_000 },
]) {
  test(`each of many connections gets its own ${answer} answers, also while others go away with theirs unread`, async () => {
    const echo = route({
      method: 'GET',
      path: '/echo/:word',
      summary: '',
      tag: '',
      reply: 'text/plain',
      handler: ({ params }) => bytes(Buffer.from(params.word.repeat(size)), 'text/plain'),
    });
    const { server } = createTestServer([echo]);
    const port = await server.listen();
    const agent = new Agent({ keepAlive: true, maxSockets: 7 });
    const get = async (word: string) => {
      const client = request({ port, path: `/echo/${word}`, agent }).end();
      const [response] = await once(client, 'response');
      let body = '';
      for await (const chunk of response) body += chunk;
      return body;
    };
    const deserters = Array.from({ length: 5 }, () => connect(port, '127.0.0.1'));
    for (const socket of deserters)
      socket.on('connect', () => socket.end('GET /echo/x HTTP/1.1\r\nHost: x\r\n\r\n').destroy());
    const words = Array.from({ length: 200 }, (_, n) => `word${n}`);
    const answers = await Promise.all(words.map(get));
    for (const [n, word] of words.entries()) assert.ok(answers[n] === word.repeat(size), word);
    agent.destroy();
    await server.close();
  });
}

test('the name of a large file is sent byte for byte, however many clients there are', async () => {
  const name = Buffer.from('filename="Müller.dcm"', 'utf8');
  const file = route({
    method: 'GET',
    path: '/file',
    summary: '',
    tag: '',
    reply: 'application/dicom',
    handler: () =>
      bytes(Buffer.alloc(100_000), 'application/dicom', { 'Content-Disposition': name.toString('latin1') }),
  });
  const { server } = createTestServer([file]);
  const port = await server.listen();
  const sockets = Array.from({ length: 6 }, () => connect(port, '127.0.0.1'));
  const answers: Buffer[] = [];
  for (const socket of sockets) {
    socket.write('GET /file HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const received: Buffer[] = [];
    for await (const chunk of socket) received.push(chunk);
    answers.push(Buffer.concat(received));
  }
  await server.close();
  for (const answer of answers) assert.ok(answer.includes(name));
});

const patient = { HttpRequestTimeout: 0.1 };
const headers: readonly Record<string, string>[] = [{}, { 'Content-Length': '2' }, { Expect: 'something' }];

for (const given of headers) {
  test(`an answer that takes longer than a client may be silent is waited for ${JSON.stringify(given)}`, async () => {
    const { server } = createTestServer([slowRoute(() => setTimeout(500))], patient);
    try {
      const client = request({ port: await server.listen(), path: '/slow', headers: given });
      client.end(given['Content-Length'] ? '{}' : undefined);
      const [answer] = await once(client, 'response');
      assert.equal(answer.statusCode, 200);
      answer.resume();
    } finally {
      await server.close();
    }
  });
}

test('a certificate that cannot be used is refused with the name of its option', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-tls-'));
  const noPem = join(folder, 'no.pem');
  writeFileSync(noPem, 'no certificate');
  const listen = (settings: object) => createTestServer([hello], { SslEnabled: true, ...settings }).server.listen();
  await assert.rejects(listen({ SslCertificate: noPem }), /Option SslCertificate must name a PEM file/);
  await assert.rejects(listen({ SslCertificate: join(folder, 'none') }), /set option SslCertificate to a PEM file/);
  rmSync(folder, { recursive: true });
});

const openssl = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();

function makeCertificate(folder: string): string {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', ...subject],
    { stdio: 'ignore' },
  );
  const both = join(folder, 'both.pem');
  writeFileSync(both, Buffer.concat([readFileSync(certificate), readFileSync(key)]));
  return both;
}

test('TLS with one file for certificate and key, client certificates where asked for', {
  skip: openssl ? false : 'the openssl program is not installed',
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-tls-'));
  const pem = makeCertificate(folder);
  const get = async (port: number, options: object) => {
    const client = secureRequest({
      host: '127.0.0.1',
      port,
      path: '/hello',
      ca: readFileSync(join(folder, 'certificate.pem')),
      ...options,
    });
    client.end();
    const [answer] = await once(client, 'response');
    answer.resume();
    return answer.statusCode;
  };
  const settings = { ...testSettings, SslEnabled: true, SslCertificate: pem, SslTrustedClientCertificates: pem };
  const open = createTestServer([hello], settings);
  const openPort = await open.server.listen();
  assert.equal(await get(openPort, {}), 200);
  await assert.rejects(get(openPort, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }));
  await open.server.close();

  const strict = createTestServer([hello], { ...settings, SslVerifyPeers: true });
  const strictPort = await strict.server.listen();
  await assert.rejects(get(strictPort, {}));
  assert.equal(await get(strictPort, { cert: readFileSync(pem), key: readFileSync(pem) }), 200);
  await strict.server.close();

  const noPem = join(folder, 'no.pem');
  writeFileSync(noPem, 'no certificate');
  const trusting = createTestServer([hello], {
    ...settings,
    SslVerifyPeers: true,
    SslTrustedClientCertificates: noPem,
  });
  await assert.rejects(trusting.server.listen(), /Option SslTrustedClientCertificates/);
  const ciphers = createTestServer([hello], { ...settings, SslCiphersAccepted: ['no cipher'] });
  await assert.rejects(ciphers.server.listen(), /Option SslCiphersAccepted/);
  rmSync(folder, { recursive: true });
});
