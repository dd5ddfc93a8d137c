// The HTTP client with peers that answer, are silent, break off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '@pharos/testkit';
import type { Log, PeerBody } from '../ports/index.ts';
import { answerOf, bodyOf, httpPeer, networkWith, remote, tcpPeer, textOf } from './peer-fixture.ts';

test('a request has its body, its length, credentials and headers, and the next one goes over the same connection', async (t) => {
  const seen: string[] = [];
  const ports = new Set<number | undefined>();
  const url = await httpPeer(t, async (request, response) => {
    const { authorization, 'x-token': token, 'content-length': length, 'content-type': type } = request.headers;
    ports.add(request.socket.remotePort);
    seen.push([request.method, request.url, authorization, token, length, type, await textOf(request)].join(' '));
    response.writeHead(202).end('{}');
  });
  const session = networkWith().open(
    remote(`${url}below/`, {
      username: 'zoë',
      password: 'p:w',
      httpHeaders: { 'X-Token': 'abc', 'Content-Length': '3' },
    }),
  );
  for (let n = 0; n < 30; n += 1) {
    const { status, body } = await session.request({
      method: 'POST',
      path: 'instances',
      body: bodyOf(Buffer.from('one'), Buffer.from('two')),
    });
    assert.deepEqual([status, String(body)], [202, '{}']);
  }
  session.close();
  const credentials = Buffer.from('zoë:p:w').toString('base64');
  assert.deepEqual(
    new Set(seen),
    new Set([`POST /below/instances Basic ${credentials} abc 6 application/dicom onetwo`]),
  );
  assert.equal(ports.size, 1);
});

test('where the peer ended the idle connection, the request is sent again over another one', async (t) => {
  let connections = 0;
  const bodies: string[] = [];
  const url = await tcpPeer(t, (socket) => {
    connections += 1;
    let requests = 0;
    socket.on('data', (data) => {
      requests += 1;
      // As a server does whose time for idle connections is over: the second request finds nobody.
      if (requests > 1 && connections === 1) socket.destroy();
      else {
        bodies.push(String(data).split('\r\n\r\n')[1] ?? '');
        socket.write(answerOf('ok'));
      }
    });
  });
  const session = networkWith().open(remote(url));
  const request = () => session.request({ method: 'POST', path: 'instances', body: bodyOf(Buffer.from('file')) });
  await request();
  assert.equal(String((await request()).body), 'ok');
  assert.deepEqual([connections, bodies.filter((body) => body !== '')], [2, ['file', 'file']]);
  session.close();
});

test('a peer that keeps us waiting is left after its time, whatever it is that it does not do', async (t) => {
  const large = bodyOf(...Array.from({ length: 640 }, () => Buffer.alloc(64 * 1024)));
  const trickle = await httpPeer(t, (request, response) => {
    request.resume();
    const timer = setInterval(() => response.write('x'), 100);
    response.on('close', () => clearInterval(timer));
  });
  const silent = await tcpPeer(t, () => undefined);
  const takesNothing = await tcpPeer(t, (socket) => void socket.pause());
  const network = networkWith({ HttpTimeout: 1 });
  for (const [url, body, details] of [
    [silent, bodyOf(Buffer.from('x')), /no whole answer of the peer within 1 seconds/],
    [trickle, bodyOf(Buffer.from('x')), /no whole answer of the peer within 1 seconds/],
    [takesNothing, large, /the peer has taken no more of the request within 1 seconds/],
  ] as const) {
    const session = network.open(remote(url));
    await assert.rejects(session.request({ method: 'POST', path: 'instances', body }), {
      code: 'NetworkProtocol',
      details,
    });
    session.close();
  }
  const patient = network.open(remote(silent, { timeout: 9_999_999 }));
  const answer = patient.request({ method: 'GET', path: 'system' });
  const first = await Promise.race([answer.catch(() => 'failed'), new Promise((go) => setTimeout(go, 50, 'waits'))]);
  assert.equal(first, 'waits');
  patient.abort();
  await assert.rejects(answer, { details: 'The request was broken off' });
  await assert.rejects(patient.request({ method: 'GET', path: 'system' }), { details: 'The request was broken off' });
});

test('time that our own side takes to read the file is not held against the peer', async (t) => {
  const url = await httpPeer(t, async (request, response) => void response.end(await textOf(request)));
  const session = networkWith({ HttpTimeout: 1 }).open(remote(url));
  const slow: PeerBody = {
    length: 4,
    mime: 'application/dicom',
    async *open() {
      yield Buffer.from('ab');
      await new Promise((go) => setTimeout(go, 1500));
      yield Buffer.from('cd');
    },
  };
  assert.equal(String((await session.request({ method: 'POST', path: 'x', body: slow })).body), 'abcd');
  session.close();
});

test('what a peer did that breaks off, refuses early or is no HTTP server is told', async (t) => {
  const large = bodyOf(...Array.from({ length: 640 }, () => Buffer.alloc(64 * 1024)));
  const network = networkWith();
  const request = async (url: string, body: PeerBody) => {
    const session = network.open(remote(url));
    try {
      return await session.request({ method: 'POST', path: 'instances', body });
    } finally {
      session.close();
    }
  };
  const small = bodyOf(Buffer.from('x'));
  const inBody = await tcpPeer(t, (socket) => socket.once('data', () => socket.destroy()));
  const inAnswer = await tcpPeer(t, (socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')),
  );
  const noHttp = await tcpPeer(t, (socket) => socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')));
  const tls = (await tcpPeer(t, (socket) => socket.once('data', () => socket.end('no TLS')))).replace('http', 'https');
  for (const [url, body, details] of [
    [inBody, large, /^POST http:\/\/127\.0\.0\.1:\d+\/instances: the peer broke off the connection/],
    [inAnswer, small, /the peer broke off the connection/],
    [noHttp, small, /the peer does not speak HTTP: check its URL/],
    [tls, small, /the peer does not speak HTTPS: check its URL/],
    ['http://127.0.0.1:9/', small, /ECONNREFUSED/],
    ['http://:bad/', small, /URL of the peer cannot be read/],
  ] as const) {
    await assert.rejects(request(url, body), { code: 'NetworkProtocol', details });
  }
  const early = await httpPeer(t, (_request, response) => void response.writeHead(401).end('no'));
  assert.equal((await request(early, large)).status, 401);
  const endless = await httpPeer(t, (_request, response) => {
    const more = (): void => {
      while (response.write(Buffer.alloc(64 * 1024)));
      response.once('drain', more);
    };
    more();
  });
  await assert.rejects(request(endless, small), { details: 'The answer of the peer is too long' });
});

test('a file that cannot be read to its end is told as such, and is closed where the peer leaves', async (t) => {
  let isClosed = false;
  const body: PeerBody = {
    length: 1e9,
    mime: 'application/dicom',
    async *open() {
      try {
        for (;;) yield Buffer.alloc(64 * 1024);
      } finally {
        isClosed = true;
      }
    },
  };
  const url = await httpPeer(t, (_request, response) => void response.writeHead(413).end());
  const session = networkWith().open(remote(url));
  assert.equal((await session.request({ method: 'POST', path: 'x', body })).status, 413);
  while (!isClosed) await new Promise(setImmediate);
  const broken: PeerBody = {
    ...body,
    // biome-ignore lint/correctness/useYield: it fails before
    async *open() {
      throw new Error('disk failure');
    },
  };
  const sink = await httpPeer(t, (request) => void request.resume());
  await assert.rejects(networkWith().open(remote(sink)).request({ method: 'POST', path: 'x', body: broken }), {
    details: /disk failure/,
  });
  session.close();
});

test('HttpVerbose tells of requests, and of no secret', async (t) => {
  const lines: unknown[] = [];
  const logger = { error() {}, warn() {}, trace() {}, info: (...facts: readonly unknown[]) => void lines.push(facts) };
  const log: Log = { ...silentLog, of: () => logger };
  const url = await httpPeer(t, (_request, response) => void response.end('{"PatientName": "Doe"}'));
  const session = networkWith({ HttpVerbose: true, HttpTimeout: 1 }, log).open(
    remote(url.replace('//', '//user:hidden@'), {
      username: 'u',
      password: 'hidden',
      httpHeaders: { Token: 'hidden' },
    }),
  );
  await session.request({ method: 'POST', path: 'instances?token=hidden', body: bodyOf(Buffer.from('Doe')) });
  session.close();
  assert.match(JSON.stringify(lines), /POST http:\/\/127\.0\.0\.1:\d+\/instances.*"bytes":3.*Answer of a peer: 200/);
  assert.doesNotMatch(JSON.stringify(lines), /hidden|Doe/);
});
