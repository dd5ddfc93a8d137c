// The server and a client over a network in memory: echo, storage, limits, time, the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CommandField,
  createMessageReader,
  createMessageWriter,
  echoRequest,
  type MessageWriter,
  storeRequest,
} from '../messages/index.ts';
import { type AssociateRq, createPduReader, encodePdu } from '../pdu/index.ts';
import { type Association, AssociationError, openAssociation } from '../scu/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import { type Connection, systemTimers, type Timers, type Transport } from '../upper-layer/index.ts';
import {
  chooseFirstProposed,
  createEchoService,
  createScpServer,
  createStoreService,
  type Request,
  type ScpEvent,
  type ScpServer,
  type ScpServerOptions,
  type Service,
  type StoreSink,
} from './index.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const echo = '1.2.840.10008.1.1';
const implicit = '1.2.840.10008.1.2';
const implementation = { classUid: '2.25.9', versionName: 'TEST' };

interface World {
  readonly transport: Transport;
  readonly server: ScpServer;
  readonly events: ScpEvent[];
  open(callingAet?: string): Promise<Association>;
}

type Setup = Partial<ScpServerOptions> & { readonly begin?: (request: Request) => StoreSink };

async function createWorld({ begin, ...options }: Setup = {}): Promise<World> {
  const transport = createMemoryTransport({ pieceLength: 1000 });
  const events: ScpEvent[] = [];
  const server = createScpServer({
    transport,
    aet: 'PHAROS',
    implementation,
    maximumPduLength: 16384,
    contextRules: () => [{ matches: () => true, choose: chooseFirstProposed(() => true), roles: 'as-proposed' }],
    admit: () => 'accepted',
    authorise: () => true,
    services: [createEchoService(), createStoreService({ begin: begin ?? (() => createSink()) })],
    inactivityTimeout: 0,
    observe: (event) => void events.push(event),
    ...options,
  });
  await server.listen(104);
  const open = (callingAet = 'PEER'): Promise<Association> =>
    openAssociation({
      transport,
      host: 'here',
      port: 104,
      callingAet,
      calledAet: 'PHAROS',
      contexts: [echo, ct].map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: [implicit] })),
      maximumPduLength: 16384,
      implementation,
      timeout: 5000,
    });
  return { transport, server, events, open };
}

function createSink(change: Partial<StoreSink> = {}): StoreSink {
  return { push: () => undefined, finish: async () => 0, abort: async () => {}, ...change };
}

const instance = { contextId: 3, sopClassUid: ct, sopInstanceUid: '2.25.1' };
const kinds = (events: readonly ScpEvent[]): readonly string[] => events.map(({ kind }) => kind);

test('an echo is answered', async () => {
  const { open, server, events } = await createWorld();
  const association = await open();
  assert.equal(await association.echo(), 0);
  assert.equal(await association.echo(), 0);
  await association.release();
  await server.close();
  assert.deepEqual(kinds(events), ['accepted', 'released']);
});

test('a data set reaches the sink byte for byte, with the titles and the address of the peer', async () => {
  const received: number[] = [];
  let seen: Request | undefined;
  const { open, server } = await createWorld({
    begin(request) {
      seen = request;
      return createSink({ push: (chunk) => void received.push(...chunk) });
    },
  });
  const association = await open();
  const data = Array.from({ length: 100 }, (_, index) => new Uint8Array(index * 7).fill(index));
  assert.equal(await association.store({ ...instance, data, moveOriginator: { aet: 'MOVER', messageId: 9 } }), 0);
  assert.deepEqual(
    received,
    data.flatMap((chunk) => [...chunk]),
  );
  assert.deepEqual([seen?.association.callingAet, seen?.association.remoteAddress], ['PEER', '127.0.0.1']);
  assert.equal(seen?.context.transferSyntax, implicit);
  assert.equal(seen?.command.MoveOriginatorMessageID, 9);
  await association.release();
  await server.close();
});

test('nothing is pushed while the sink asks to wait', async () => {
  let waiting = false;
  let pushes = 0;
  const { open, server } = await createWorld({
    begin: () =>
      createSink({
        push() {
          assert.equal(waiting, false);
          waiting = true;
          pushes += 1;
          return new Promise((resolve) =>
            setImmediate(() => {
              waiting = false;
              resolve();
            }),
          );
        },
        async finish() {
          assert.equal(waiting, false);
          return 0;
        },
      }),
  });
  const association = await open();
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(100_000)] }), 0);
  assert.ok(pushes > 50);
  await association.release();
  await server.close();
});

test('the status of the sink is the status of the response', async () => {
  const { open, server } = await createWorld({ begin: () => createSink({ finish: async () => 0xa900 }) });
  const association = await open();
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(10)] }), 0xa900);
  await association.release();
  await server.close();
});

test('a sink that fails half way is aborted and the association goes on', async () => {
  let aborted = 0;
  let isBroken = true;
  const failing = createSink({
    push: async () => {
      if (isBroken) throw new Error('full');
    },
    async abort() {
      aborted += 1;
    },
  });
  const { open, server } = await createWorld({ begin: () => failing });
  const association = await open();
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(50_000)] }), 0xa700);
  assert.equal(aborted, 1);
  isBroken = false;
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(50_000)] }), 0);
  await association.release();
  await server.close();
});

test('where an instance cannot begin, its data set is dropped and the status is out of resources', async () => {
  const { open, server } = await createWorld({
    begin() {
      throw new Error('no');
    },
  });
  const association = await open();
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(50_000)] }), 0xa700);
  assert.equal(await association.echo(), 0);
  await association.release();
  await server.close();
});

test('a peer that goes away inside a data set leaves nothing behind', async () => {
  const aborted = Promise.withResolvers<void>();
  const { open, server } = await createWorld({ begin: () => createSink({ abort: async () => aborted.resolve() }) });
  const association = await open();
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(600_000);
    throw new Error('the file ends here');
  }
  await assert.rejects(association.store({ ...instance, data: broken() }), /the file ends here/);
  await aborted.promise;
  await assert.rejects(association.echo(), AssociationError);
  await server.close();
});

test('a command that is not allowed ends the association without an answer', async () => {
  const { open, server, events } = await createWorld({
    authorise: ({ sopClassUid, association }) => sopClassUid === echo || association.callingAet === 'FRIEND',
  });
  const association = await open();
  assert.equal(await association.echo(), 0);
  await assert.rejects(association.store({ ...instance, data: [new Uint8Array(10)] }), { failure: 'aborted' });
  assert.ok(kinds(events).includes('refused'));
  const friend = await open('FRIEND');
  assert.equal(await friend.store({ ...instance, data: [new Uint8Array(10)] }), 0);
  await friend.release();
  await server.close();
});

test('a command that nobody serves is left without an answer and the association goes on', async () => {
  const { open, server, events } = await createWorld();
  const association = await open();
  const abandoned = association.request(
    1,
    { CommandField: 0x0020, AffectedSOPClassUID: '1.2.3', CommandDataSetType: 1 },
    [new Uint8Array(8)],
  );
  while (!kinds(events).includes('unsupported')) await new Promise(setImmediate);
  assert.equal(server.associations, 1);
  association.abort();
  await assert.rejects(abandoned, { failure: 'aborted' });
  await server.close();
});

test('an association does not wait for another', async () => {
  const slow = Promise.withResolvers<number>();
  const { open, server } = await createWorld({
    begin: ({ association }) =>
      createSink({ finish: async () => (association.callingAet === 'SLOW' ? slow.promise : 0) }),
  });
  const [first, second] = await Promise.all([open('SLOW'), open('FAST')]);
  const stored = first.store({ ...instance, data: [new Uint8Array(10)] });
  assert.equal(await second.store({ ...instance, data: [new Uint8Array(10)] }), 0);
  slow.resolve(0xb000);
  assert.equal(await stored, 0xb000);
  await Promise.all([first.release(), second.release()]);
  await server.close();
});

test('beyond the limit an association is rejected as transient', async () => {
  const { open, server } = await createWorld({ maximumAssociations: 2 });
  const [first, second] = await Promise.all([open(), open()]);
  await assert.rejects(open(), /transiently: local limit exceeded/);
  await first.release();
  while (server.associations > 1) await new Promise(setImmediate);
  const third = await open();
  await Promise.all([second.release(), third.release()]);
  await server.close();
});

test('an association without a command for too long is aborted', async () => {
  const { open, server, events } = await createWorld({ inactivityTimeout: 100 });
  const association = await open();
  while (server.associations > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(kinds(events).includes('timeout'));
  await assert.rejects(association.echo(), AssociationError);
  await server.close();
});

test('the time that the server itself takes is not counted as inactivity', async () => {
  const { open, server } = await createWorld({
    inactivityTimeout: 300,
    begin: () => createSink({ finish: () => new Promise((resolve) => setTimeout(resolve, 500, 0)) }),
  });
  const association = await open();
  assert.equal(await association.store({ ...instance, data: [new Uint8Array(10)] }), 0);
  await association.release();
  await server.close();
});

test('a connection that never says anything is closed', async () => {
  const delays: number[] = [];
  const impatient: Timers = {
    ...systemTimers,
    after: (milliseconds, run) => systemTimers.after(delays.push(milliseconds), run),
  };
  const { transport, server } = await createWorld({ timers: impatient, artim: 12_345 });
  const silent = await transport.connect({ host: 'here', port: 104, timeout: 0 });
  const { promise, resolve } = Promise.withResolvers<void>();
  silent.start({ data: () => assert.fail(), closed: () => resolve() });
  await promise;
  assert.deepEqual(delays, [12_345]);
  await server.close();
});

test('a peer without a title is dropped without a word, and that is all that is told', async () => {
  const { server, events, open } = await createWorld();
  await assert.rejects(open('   '), { failure: 'closed' });
  await server.close();
  assert.deepEqual(kinds(events), ['dropped']);
});

test('closing finishes what is being stored and lets nobody in', async () => {
  const storing = Promise.withResolvers<number>();
  const begun = Promise.withResolvers<void>();
  const { open, server } = await createWorld({
    begin: () =>
      createSink({
        finish() {
          begun.resolve();
          return storing.promise;
        },
      }),
  });
  const [busy, idle] = await Promise.all([open(), open()]);
  const stored = busy.store({ ...instance, data: [new Uint8Array(10)] });
  await begun.promise;
  const closed = server.close();
  await assert.rejects(open(), { failure: 'connect' });
  storing.resolve(0);
  assert.equal(await stored, 0);
  await closed;
  await assert.rejects(idle.echo(), AssociationError);
});

test('a peer that sends requests without waiting for answers is served in order', async () => {
  const order: string[] = [];
  const { transport, server } = await createWorld({
    begin: ({ command }) =>
      createSink({
        async finish() {
          order.push(`begin ${command.MessageID}`);
          await new Promise(setImmediate);
          order.push(`end ${command.MessageID}`);
          return 0;
        },
      }),
  });
  const peer = await createRawPeer(transport);
  const data = [new Uint8Array(2000)];
  for (const messageId of [1, 2, 3]) await peer.writer.send(3, storeRequest({ ...instance, messageId }), data);
  while (peer.told.length < 4) await new Promise(setImmediate);
  assert.deepEqual(peer.told, ['A-ASSOCIATE-AC', 'response 1: 0', 'response 2: 0', 'response 3: 0']);
  assert.deepEqual(order, ['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  peer.connection.destroy();
  await server.close();
});

test('a peer that asks for release without waiting for its answer is answered first', async () => {
  const { transport, server, events } = await createWorld({
    begin: () => createSink({ finish: () => new Promise((resolve) => setTimeout(resolve, 20, 0)) }),
  });
  const peer = await createRawPeer(transport);
  await peer.writer.send(3, storeRequest({ ...instance, messageId: 1 }), [new Uint8Array(2000)]);
  peer.connection.write([encodePdu({ kind: 'A-RELEASE-RQ' })]);
  while (peer.told.length < 3) await new Promise(setImmediate);
  assert.deepEqual(peer.told, ['A-ASSOCIATE-AC', 'response 1: 0', 'A-RELEASE-RP']);
  peer.connection.close();
  await server.close();
  assert.deepEqual(kinds(events), ['accepted', 'released']);
});

test('a release inside a data set gives the instance up', async () => {
  let aborted = 0;
  const { transport, server } = await createWorld({
    begin: () =>
      createSink({
        async abort() {
          aborted += 1;
        },
      }),
  });
  const peer = await createRawPeer(transport);
  await peer.writer.send(3, storeRequest({ ...instance, messageId: 1 }));
  peer.connection.write([encodePdu({ kind: 'A-RELEASE-RQ' })]);
  while (peer.told.length < 2) await new Promise(setImmediate);
  assert.deepEqual(peer.told, ['A-ASSOCIATE-AC', 'A-RELEASE-RP']);
  assert.equal(aborted, 1);
  peer.connection.close();
  await server.close();
  assert.equal(aborted, 1);
});

test('a peer that does not read its answers is not waited for longer than one that says nothing', async () => {
  const { transport, server, events } = await createWorld({ inactivityTimeout: 100, artim: 100 });
  const peer = await createRawPeer(transport);
  peer.connection.pause();
  for (const messageId of [1, 2, 3]) await peer.writer.send(3, echoRequest(messageId));
  while (server.associations > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(kinds(events).includes('timeout'));
  await server.close();
});

test('where a service fails without an answer the association is aborted', async () => {
  const broken: Service = {
    command: CommandField.cEcho,
    begin: ({ respond, command }) => ({
      push: () => undefined,
      finish: () =>
        respond({ ...command, CommandField: 0x8030, MessageIDBeingRespondedTo: 1, CommandDataSetType: 1 }, halfOf()),
      abort: async () => {},
    }),
  };
  function* halfOf(): Generator<Uint8Array> {
    yield new Uint8Array(10);
    throw new Error('no more');
  }
  const { open, server, events } = await createWorld({ services: [broken] });
  const association = await open();
  await assert.rejects(association.echo(), { failure: 'aborted' });
  assert.deepEqual(kinds(events).slice(0, 2), ['accepted', 'failed']);
  await server.close();
});

interface RawPeer {
  readonly connection: Connection;
  readonly writer: MessageWriter;
  /** Kinds of control PDUs, and responses by message ID and status. */
  readonly told: string[];
}

/** A peer that says what it likes once its association is established. */
async function createRawPeer(transport: Transport): Promise<RawPeer> {
  const connection = await transport.connect({ host: 'here', port: 104, timeout: 0 });
  const told: string[] = [];
  const reader = createMessageReader(() => true, {
    command: (_contextId, command) =>
      void told.push(`response ${command.MessageIDBeingRespondedTo}: ${command.Status}`),
    violation: (_reason, message) => assert.fail(message),
  });
  const pdus = createPduReader(
    { associateBytes: 10_000, dataBytes: 16384 },
    {
      control: ({ kind }) => void told.push(kind),
      data() {},
      piece: (...piece) => reader.piece(...piece),
      malformed: ({ message }) => assert.fail(message),
    },
  );
  connection.start({ data: (chunk) => void pdus.push(chunk), closed() {} });
  connection.write([encodePdu(request)]);
  while (told.length === 0) await new Promise(setImmediate);
  const writer = createMessageWriter({ peerMaximum: 16384, send: (chunks) => void connection.write(chunks) });
  return { connection, writer, told };
}

const request: AssociateRq = {
  kind: 'A-ASSOCIATE-RQ',
  protocolVersion: 1,
  calledAet: 'PHAROS',
  callingAet: 'PEER',
  applicationContext: '1.2.840.10008.3.1.1.1',
  contexts: [{ id: 3, abstractSyntax: ct, transferSyntaxes: [implicit] }],
  user: { maximumPduLength: 16384, roles: [] },
};
