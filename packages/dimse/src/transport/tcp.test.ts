// What is particular to TCP: slow readers, a door where something goes wrong, peers that vanish.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer, Server, type Socket } from 'node:net';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Connection } from '../upper-layer/index.ts';
import { connectionOf, tcpTransport } from './index.ts';

const host = '127.0.0.1';

test('writes that wait for a slow reader wait for the same', async () => {
  const server = createServer({ pauseOnConnect: true }).listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const socket = connect(address.port, host);
  const reader: Promise<readonly Socket[]> = once(server, 'connection').then(([peer]) => [peer]);
  await once(socket, 'connect');
  const [peer] = await reader;
  const connection = connectionOf(socket);
  const waits: Promise<void>[] = [];
  while (waits.length < 50) {
    const wait = connection.write([new Uint8Array(1 << 18)]);
    if (wait) waits.push(wait);
  }
  assert.equal(new Set(waits).size, 1);
  peer?.resume();
  await Promise.all(waits);
  socket.destroy();
  server.close();
});

test('what was written arrives in order, however the connection ends afterwards', async () => {
  for (const end of ['close', 'destroy'] as const) {
    const { promise, resolve } = Promise.withResolvers<string>();
    const { port, close } = await tcpTransport.listen({ host, port: 0 }, (arrived) => {
      const chunks: Uint8Array[] = [];
      arrived.start({
        data: (chunk) => void chunks.push(chunk),
        closed: () => resolve(Buffer.concat(chunks).toString()),
      });
    });
    const connection = await tcpTransport.connect({ host, port, timeout: 5000 });
    connection.start({ data() {}, closed() {} });
    connection.write([Buffer.from('a'), Buffer.from('b')]);
    connection.write([Buffer.from('c')]);
    await Promise.resolve();
    connection.write([Buffer.from('d')]);
    connection[end]();
    assert.equal(await promise, 'abcd');
    await close();
  }
});

test('the door stays open when connections cannot be taken', async (t) => {
  const listen = t.mock.method(Server.prototype, 'listen');
  const errors: string[] = [];
  const arrived: Connection[] = [];
  const { port, close } = await tcpTransport.listen(
    { host, port: 0 },
    (connection) => {
      arrived.push(connection);
      connection.start({ data() {}, closed() {} });
    },
    ({ message }) => void errors.push(message),
  );
  const server: unknown = listen.mock.calls[0]?.this;
  assert.ok(server instanceof Server);
  for (const message of ['EMFILE', 'ENFILE']) server.emit('error', new Error(message));
  assert.deepEqual(errors, ['EMFILE', 'ENFILE']);
  const connected = once(server, 'connection');
  const peer = await tcpTransport.connect({ host, port, timeout: 5000 });
  await connected;
  assert.equal(arrived.length, 1);
  peer.destroy();
  arrived[0]?.destroy();
  await close();
});

const table = '/proc/net/tcp';

test('peers that are silent are asked whether they are still there', { skip: !existsSync(table) }, async () => {
  const { promise, resolve } = Promise.withResolvers<Connection>();
  const { port, close } = await tcpTransport.listen({ host, port: 0 }, resolve);
  const peer = await tcpTransport.connect({ host, port, timeout: 5000 });
  const arrived = await promise;
  arrived.start({ data() {}, closed() {} });
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const established = '01';
  const rows = readFileSync(table, 'latin1').split('\n');
  const fields = rows
    .map((row) => row.trim().split(/\s+/))
    .find((row) => row[1]?.endsWith(local) && row[3] === established);
  // The kind of timer that runs on the socket; 02 is keep-alive.
  assert.equal(fields?.[5]?.slice(0, 2), '02');
  peer.destroy();
  arrived.destroy();
  await close();
});

/** Opens connections, and counts those that stand; tells when all do. */
const stormSource = `
  const { connect } = require('node:net');
  const { workerData: { count, host, port, shared } } = require('node:worker_threads');
  const standing = new Int32Array(shared);
  for (let index = 0; index < count; index++) {
    connect(port, host).on('error', () => {}).once('connect', () => {
      Atomics.add(standing, 0, 1);
      if (Atomics.load(standing, 0) === count) Atomics.notify(standing, 0);
    });
  }
`;

const storm = 900;
/** Milliseconds: sooner than those that were dropped try again. */
const patience = 900;

function tooNarrow(): string | false {
  const file = '/proc/sys/net/core/somaxconn';
  const most = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return most > storm ? false : `the system lets ${most} connections wait`;
}

test('a storm of connections is not turned away while the process is busy', { skip: tooNarrow() }, async () => {
  const arrived: Connection[] = [];
  const { port, close } = await tcpTransport.listen({ host, port: 0 }, (connection) => void arrived.push(connection));
  const shared = new SharedArrayBuffer(4);
  const standing = new Int32Array(shared);
  const worker = new Worker(stormSource, { eval: true, workerData: { count: storm, host, port, shared } });
  try {
    await once(worker, 'online');
    for (let seen = -1; seen < storm && seen !== Atomics.load(standing, 0); ) {
      seen = Atomics.load(standing, 0);
      Atomics.wait(standing, 0, seen, patience);
    }
    assert.equal(Atomics.load(standing, 0), storm);
  } finally {
    await worker.terminate();
    for (const connection of arrived) connection.destroy();
    await close();
  }
});
