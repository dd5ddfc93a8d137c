// One end of an association against a peer that says what it likes, byte by byte, over a pair in memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AssociateAc, type AssociateRq, createPduReader, encodePdu, type Pdu } from '../pdu/index.ts';
import { createMemoryPair } from '../transport/index.ts';
import { type AbortCause, type Connection, createUpperLayer, type Timers, type UpperLayer } from './index.ts';

const user = { maximumPduLength: 16384, roles: [] };
const names = {
  protocolVersion: 1,
  calledAet: 'ANY',
  callingAet: 'PEER',
  applicationContext: '1.2.840.10008.3.1.1.1',
  user,
};
const request: AssociateRq = { kind: 'A-ASSOCIATE-RQ', ...names, contexts: [] };
const answer: AssociateAc = { kind: 'A-ASSOCIATE-AC', ...names, contexts: [] };
const data: Pdu = {
  kind: 'P-DATA-TF',
  pdvs: [{ contextId: 1, isCommand: true, isLast: true, bytes: Uint8Array.of(1, 2) }],
};

interface Peer {
  send(...pdus: readonly Pdu[]): void;
  sendBytes(bytes: Uint8Array): void;
  /** The next PDU that comes, or `closed`. */
  next(): Promise<Pdu | 'closed'>;
  close(): void;
}

function createPeer(connection: Connection): Peer {
  const pdus: Pdu[] = [];
  let isClosed = false;
  let wake: () => void = () => {};
  const reader = createPduReader(
    { associateBytes: 1 << 19, dataBytes: 1 << 17 },
    {
      control: (pdu) => void pdus.push(pdu),
      data: () => void pdus.push({ kind: 'P-DATA-TF', pdvs: [] }),
      piece: () => undefined,
      malformed({ message }) {
        throw new Error(message);
      },
    },
  );
  connection.start({
    data(chunk) {
      reader.push(chunk);
      wake();
    },
    closed() {
      isClosed = true;
      wake();
    },
  });
  const next = async (): Promise<Pdu | 'closed'> => {
    const pdu = pdus.shift();
    if (pdu) return pdu;
    if (isClosed) return 'closed';
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    return next();
  };
  return {
    send: (...pdus) => void connection.write(pdus.map(encodePdu)),
    sendBytes: (sent) => void connection.write([sent]),
    next,
    close: () => connection.close(),
  };
}

interface Side {
  readonly layer: UpperLayer;
  readonly peer: Peer;
  readonly told: string[];
  readonly causes: AbortCause[];
  readonly ended: Promise<void>;
  /** How the connection was ended. */
  readonly calls: string[];
  /** Lets the ARTIM timer run out. */
  expire(): void;
}

interface SideOptions {
  readonly request?: AssociateRq;
  readonly isManual?: boolean;
}

function createSide({ request: own, isManual }: SideOptions = {}): Side {
  const [near, far] = createMemoryPair();
  const told: string[] = [];
  const causes: AbortCause[] = [];
  let expire: (() => void) | undefined;
  const timers: Timers = {
    after(_milliseconds, run) {
      expire = run;
      return () => {
        expire = undefined;
      };
    },
    now: () => 0,
  };
  const peer = createPeer(far);
  const { promise, resolve } = Promise.withResolvers<void>();
  const calls: string[] = [];
  const watched: Connection = {
    ...near,
    close() {
      calls.push('close');
      near.close();
    },
    destroy() {
      calls.push('destroy');
      near.destroy();
    },
  };
  const layer = createUpperLayer({
    connection: watched,
    timers,
    artim: 1000,
    request: own,
    user: {
      associateIndication() {
        told.push('associate');
        if (!isManual) layer.accept(answer);
      },
      associateConfirm: ({ kind }) => void told.push(kind),
      data(_contextId, _control, bytes) {
        told.push(`data ${bytes.join()}`);
        return undefined;
      },
      releaseIndication() {
        told.push('release');
        if (!isManual) layer.respondToRelease();
      },
      releaseConfirm: () => void told.push('released'),
      abortIndication(cause) {
        told.push('abort');
        causes.push(cause);
      },
      ended: resolve,
    },
  });
  return { layer, peer, told, causes, calls, ended: promise, expire: () => expire?.() };
}

async function establish(options?: SideOptions): Promise<Side> {
  const side = createSide(options);
  side.peer.send(options?.request ? answer : request);
  await side.peer.next();
  while (side.layer.state !== 'Sta6') await new Promise(setImmediate);
  return side;
}

test('an association is accepted, carries data and is released', async () => {
  const { layer, peer, told, ended } = await establish();
  peer.send(data, { kind: 'A-RELEASE-RQ' });
  assert.equal(await peer.next().then(kindOf), 'A-RELEASE-RP');
  assert.equal(layer.state, 'Sta13');
  peer.close();
  await ended;
  assert.equal(layer.state, 'Sta1');
  assert.deepEqual(told, ['associate', 'data 1,2', 'release']);
});

test('bytes that are no PDU are answered by an abort of the provider with its reason', async () => {
  const { peer, causes } = await establish();
  peer.sendBytes(Uint8Array.of(0x47, 0x45, 0x54));
  assert.deepEqual(await peer.next(), { kind: 'A-ABORT', source: 2, reason: 1 });
  assert.equal(causes[0]?.by, 'provider');
});

test('a PDU out of turn is answered by an abort of the provider', async () => {
  const { peer, told } = await establish();
  peer.send(request);
  assert.deepEqual(await peer.next(), { kind: 'A-ABORT', source: 2, reason: 2 });
  assert.deepEqual(told, ['associate', 'abort']);
});

test('data before any association are answered by an abort and are told to nobody', async () => {
  const { peer, told } = createSide();
  peer.send(data);
  assert.deepEqual(await peer.next(), { kind: 'A-ABORT', source: 0, reason: 0 });
  assert.deepEqual(told, []);
});

test('a peer that goes on after its rejection is aborted once, however much it sends', async () => {
  const { layer, peer, expire } = createSide({ isManual: true });
  peer.send(request);
  while (layer.state !== 'Sta3') await new Promise(setImmediate);
  layer.reject({ kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 3 });
  peer.send(request, request, request, request);
  assert.equal(kindOf(await peer.next()), 'A-ASSOCIATE-RJ');
  assert.deepEqual(await peer.next(), { kind: 'A-ABORT', source: 2, reason: 2 });
  await new Promise(setImmediate);
  expire();
  assert.equal(await peer.next(), 'closed');
});

test('after an abort of the peer nothing is kept that it has not read', async () => {
  const { layer, peer, calls } = await establish();
  peer.send({ kind: 'A-ABORT', source: 0, reason: 0 });
  while (layer.state !== 'Sta1') await new Promise(setImmediate);
  assert.deepEqual(calls, ['destroy']);
});

test('whoever says nothing is closed when the ARTIM timer runs out', async () => {
  const { peer, expire, ended } = createSide();
  expire();
  assert.equal(await peer.next(), 'closed');
  await ended;
});

test('whoever does not close after its rejection is closed when the ARTIM timer runs out', async () => {
  const { layer, peer, expire } = createSide({ isManual: true });
  peer.send(request);
  while (layer.state !== 'Sta3') await new Promise(setImmediate);
  layer.reject({ kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 3 });
  assert.deepEqual(await peer.next(), { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 3 });
  expire();
  assert.equal(await peer.next(), 'closed');
});

test('another protocol version is rejected by the provider', async () => {
  const { peer, told } = createSide();
  peer.send({ ...request, protocolVersion: 2 });
  assert.deepEqual(await peer.next(), { kind: 'A-ASSOCIATE-RJ', result: 1, source: 2, reason: 2 });
  assert.deepEqual(told, []);
});

test('after a local abort what the peer still sends is not told', async () => {
  const { layer, peer, told } = await establish();
  layer.abort();
  peer.send(data, { kind: 'A-RELEASE-RQ' });
  assert.deepEqual(await peer.next(), { kind: 'A-ABORT', source: 0, reason: 0 });
  await new Promise(setImmediate);
  assert.deepEqual(told, ['associate']);
});

test('an abort of the peer closes the connection and says who aborted', async () => {
  const { peer, causes } = await establish();
  peer.send({ kind: 'A-ABORT', source: 0, reason: 0 });
  assert.equal(await peer.next(), 'closed');
  assert.equal(causes[0]?.by, 'peer-user');
});

test('a connection that is lost ends the association', async () => {
  const { peer, causes, ended } = await establish();
  peer.close();
  await ended;
  assert.equal(causes[0]?.by, 'connection');
});

test('both sides may ask for release at the same time', async () => {
  const { layer, peer, told } = await establish({ request, isManual: true });
  layer.release();
  peer.send({ kind: 'A-RELEASE-RQ' });
  assert.equal(await peer.next().then(kindOf), 'A-RELEASE-RQ');
  while (layer.state !== 'Sta9') await new Promise(setImmediate);
  layer.respondToRelease();
  assert.equal(await peer.next().then(kindOf), 'A-RELEASE-RP');
  peer.send({ kind: 'A-RELEASE-RP' });
  assert.equal(await peer.next(), 'closed');
  assert.deepEqual(told, ['A-ASSOCIATE-AC', 'release', 'released']);
});

function kindOf(pdu: Pdu | 'closed'): string {
  return pdu === 'closed' ? pdu : pdu.kind;
}
