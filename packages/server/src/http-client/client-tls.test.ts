// The HTTP client with peers over TLS, and behind a proxy.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeCertificate, opensslMissing, silentLog } from '@pharos/testkit';
import type { RemotePeer } from '../ports/index.ts';
import { folderOf, listening, networkWith, remote } from './peer-fixture.ts';
import { proxyEnvironment } from './proxy.ts';

test('requests go through the proxy, with its credentials: HTTP as they are, HTTPS as a tunnel', {
  skip: opensslMissing(),
}, async (t) => {
  const { both } = makeCertificate(folderOf(t), 'peer');
  const tlsPeer = createHttpsServer({ cert: readFileSync(both), key: readFileSync(both) }, (_request, response) => {
    response.end('secure');
  });
  const port = await listening(t, tlsPeer);
  const seen: string[] = [];
  const proxy = createHttpServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    response.end('plain');
  });
  proxy.on('connect', (request, socket: Socket, head: Buffer) => {
    seen.push(`${request.method} ${request.url} ${request.headers['proxy-authorization']}`);
    const there = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.write(head);
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
  });
  const HttpProxy = `user:pass@127.0.0.1:${await listening(t, proxy)}`;
  const network = networkWith({ HttpProxy, HttpsCACertificates: both });
  for (const [url, content] of [
    ['http://peer.invalid/', 'plain'],
    [`https://localhost:${port}/`, 'secure'],
  ] as const) {
    const session = network.open(remote(url));
    assert.equal(String((await session.request({ method: 'GET', path: 'system' })).body), content);
    session.close();
  }
  const credentials = `Basic ${Buffer.from('user:pass').toString('base64')}`;
  assert.deepEqual(seen, [`GET http://peer.invalid/system ${credentials}`, `CONNECT localhost:${port} ${credentials}`]);
});

test('a proxy of no use is told when the server starts, without its password', () => {
  for (const option of ['socks5://u:secret@h:1', 'http://', 'u:secret@h:no'])
    assert.throws(() => networkWith({ HttpProxy: option }), {
      code: 'BadParameterType',
      details: /^Option HttpProxy must be an HTTP proxy as \[user:password@\]host:port$/,
    });
  assert.throws(() => proxyEnvironment('h:1', '24.0.0'), { code: 'NotImplemented', details: /needs Node 24\.5/ });
  assert.equal(proxyEnvironment('', '24.0.0'), undefined);
});

test('tokens are told to be of no use, where the option is set and where a peer wants one', () => {
  const warnings: string[] = [];
  const logger = { error() {}, info() {}, trace() {}, warn: (message: string) => void warnings.push(message) };
  const network = networkWith({ Pkcs11: { Module: '/lib/token.so' } }, { ...silentLog, of: () => logger });
  assert.match(warnings.join(), /^Option Pkcs11 is set, but certificates of PKCS#11 tokens are not supported/);
  const details = /^Pkcs11 is on for this peer, but .*: use CertificateFile of the peer$/;
  assert.throws(() => network.open(remote('https://h/', { pkcs11: true })), { code: 'NotImplemented', details });
});

test('authorities, unverified peers, and a client certificate whose key has a pass phrase', {
  skip: opensslMissing(),
}, async (t) => {
  const folder = folderOf(t);
  const [ours, theirs] = [makeCertificate(folder, 'ours'), makeCertificate(folder, 'theirs')];
  const peer = createHttpsServer(
    {
      cert: readFileSync(ours.both),
      key: readFileSync(ours.both),
      ca: readFileSync(theirs.certificate),
      requestCert: true,
    },
    (_request, response) => response.end('{}'),
  );
  const url = `https://127.0.0.1:${await listening(t, peer)}/`;
  const status = async (settings: object, more: Partial<RemotePeer> = {}): Promise<number> => {
    const session = networkWith(settings).open(remote(url, more));
    try {
      return (await session.request({ method: 'GET', path: 'system' })).status;
    } finally {
      session.close();
    }
  };
  const shown = { certificateFile: theirs.certificate, certificateKeyFile: theirs.key };
  const trusting = { HttpsCACertificates: ours.certificate };
  assert.equal(await status(trusting, shown), 200);
  assert.equal(await status({ HttpsVerifyPeers: false }, shown), 200);
  await assert.rejects(status(trusting), { details: /it may want a CertificateFile/ });
  await assert.rejects(status({}, shown), { details: /set HttpsCACertificates to a PEM file with the authority/ });
  await assert.rejects(status({ HttpsCACertificates: ours.key }, shown), { details: /There is no certificate in/ });
  await assert.rejects(status({ HttpsCACertificates: join(folder, 'none') }), { details: /set option HttpsCACert/ });
  const network = networkWith();
  assert.throws(() => network.check(remote(url, { ...shown, certificateKeyFile: ours.key })), /do not belong together/);
  assert.throws(() => network.check(remote(url, { certificateFile: join(folder, 'none') })), {
    code: 'InexistentFile',
  });
  const locked = join(folder, 'locked.key');
  writeFileSync(
    locked,
    execFileSync('openssl', ['rsa', '-aes256', '-passout', 'pass:open sesame', '-in', theirs.key], { stdio: 'pipe' }),
  );
  const keyed = { ...shown, certificateKeyFile: locked };
  assert.equal(await status(trusting, { ...keyed, certificateKeyPassword: 'open sesame' }), 200);
  assert.throws(() => network.check(remote(url, keyed)), { code: 'BadParameterType' });
});
