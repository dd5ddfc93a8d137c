// What the server does with peers that are too many, silent, slow, hasty or not allowed, and what they are told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommandField, echoRequest, noDataSet, responseTo, Status, storeRequest } from '../messages/index.ts';
import { AssociationError } from '../operations/index.ts';
import { encodePdu } from '../pdu/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import { systemTimers, type Timers } from '../upper-layer/index.ts';
import type { Service } from './index.ts';
import {
  createRawPeer,
  createScpWorld,
  createSink,
  echo,
  instance,
  kinds,
  type ScpWorld,
  type ScpWorldSetup,
} from './scp-world.ts';

const createWorld = (setup?: ScpWorldSetup): Promise<ScpWorld> =>
  createScpWorld(createMemoryTransport({ pieceLength: 1000 }), setup);

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
  const { open, server, told } = await createWorld();
  const association = await open();
  const abandoned = association.request(
    1,
    { CommandField: 0x0020, AffectedSOPClassUID: '1.2.3', CommandDataSetType: 1 },
    [new Uint8Array(8)],
  );
  await told('unsupported');
  assert.equal(server.associations, 1);
  association.abort();
  await assert.rejects(abandoned, { failure: 'aborted' });
  await server.close();
});

test('a C-CANCEL reaches a service that is sending responses, and only for its own message', async () => {
  let sent = 0;
  const endless: Service = {
    command: CommandField.cFind,
    begin: ({ command, isCancelled, respond }) => ({
      push: () => undefined,
      async finish() {
        while (!isCancelled()) {
          sent += 1;
          await respond(responseTo(command, Status.pending, { CommandDataSetType: 1 }), [new Uint8Array(5000)]);
          await new Promise(setImmediate);
        }
        await respond(responseTo(command, Status.cancel));
      },
      abort: async () => {},
    }),
  };
  const { transport, server } = await createWorld({ services: [endless] });
  const peer = await createRawPeer(transport);
  const cancel = (messageId: number): Promise<void> =>
    peer.writer.send(3, {
      CommandField: CommandField.cCancel,
      MessageIDBeingRespondedTo: messageId,
      CommandDataSetType: noDataSet,
    });
  await peer.writer.send(3, { CommandField: CommandField.cFind, MessageID: 7, CommandDataSetType: noDataSet });
  await cancel(6);
  while (sent < 10) await new Promise(setImmediate);
  await cancel(7);
  while (peer.told.at(-1) !== `response 7: ${Status.cancel}`) await new Promise(setImmediate);
  assert.equal(peer.told.length, 1 + sent + 1);
  peer.connection.destroy();
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

test('a peer that leaves the connection open after release or abort takes no association away from others', async () => {
  for (const pdu of [{ kind: 'A-RELEASE-RQ' }, { kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 1 }] as const) {
    const { transport, open, server } = await createWorld({ maximumAssociations: 1 });
    const peer = await createRawPeer(transport);
    peer.connection.write([encodePdu(pdu)]);
    while (peer.told.length < 2) await new Promise(setImmediate);
    assert.deepEqual(peer.told, ['A-ASSOCIATE-AC', pdu.kind === 'A-RELEASE-RQ' ? 'A-RELEASE-RP' : 'A-ABORT']);
    await (await open()).release();
    peer.connection.destroy();
    await server.close();
  }
});

test('beyond the limit of connections the oldest silent one gives way, not whoever is served', async () => {
  const { transport, open, server, told } = await createWorld({ maximumConnections: 3 });
  const served = await open();
  const closed: number[] = [];
  for (const number of [1, 2, 3, 4]) {
    const connection = await transport.connect({ host: 'here', port: 104, timeout: 0 });
    connection.start({ data: () => undefined, closed: () => void closed.push(number) });
  }
  await told('crowded');
  while (closed.length < 2) await new Promise(setImmediate);
  assert.deepEqual(closed, [1, 2]);
  assert.equal(await served.echo(), 0);
  await (await open()).release();
  await served.release();
  await server.close();
});

test('one address does not get all associations', async () => {
  const { open, server } = await createWorld({ maximumAssociations: 9, maximumAssociationsOfPeer: 1 });
  const first = await open();
  await assert.rejects(open(), /transiently: local limit exceeded/);
  await first.release();
  await server.close();
});

test('an association without a command for too long is aborted', async () => {
  const { open, server, told } = await createWorld({ inactivityTimeout: 100 });
  const association = await open();
  await told('timeout');
  while (server.associations > 0) await new Promise(setImmediate);
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
  const { transport, server, told } = await createWorld({ inactivityTimeout: 100, artim: 100 });
  const peer = await createRawPeer(transport);
  peer.connection.pause();
  for (const messageId of [1, 2, 3]) await peer.writer.send(3, echoRequest(messageId));
  await told('timeout');
  while (server.associations > 0) await new Promise(setImmediate);
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

test('what throws unexpectedly ends its own association, is told, and the others go on', async () => {
  const { open, server, events } = await createWorld({
    authorise({ association }) {
      if (association.callingAet === 'BAD') throw new Error('a fault');
      return true;
    },
  });
  const good = await open('GOOD');
  const bad = await open('BAD');
  await assert.rejects(bad.echo(), AssociationError);
  assert.equal(await good.echo(), 0);
  const faults = events.filter(({ kind }) => kind === 'fault');
  assert.deepEqual(faults, [{ kind: 'fault', remoteAddress: '127.0.0.1', error: new Error('a fault') }]);
  await good.release();
  await server.close();
});
