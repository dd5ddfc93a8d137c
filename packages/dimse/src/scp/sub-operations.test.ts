// A service that sends instances to the peer whose request it works on, as C-GET does (PS3.7 9.1.3).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CommandField,
  type CommandSet,
  cancelRequest,
  echoRequest,
  getRequest,
  responseTo,
  retrieveResponse,
  Status,
} from '../messages/index.ts';
import { AssociationError } from '../operations/index.ts';
import { encodePdu } from '../pdu/index.ts';
import { openAssociation } from '../scu/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import { createEchoService, createStoreService, type Service } from './index.ts';
import {
  createRawPeer,
  createScpWorld,
  createSink,
  instance,
  kinds,
  type RawPeer,
  type ScpWorld,
} from './scp-world.ts';

const ct = instance.sopClassUid;
const get = (messageId: number): CommandSet => getRequest({ messageId, sopClassUid: '1.2.840.10008.5.1.4.1.2.2.3' });

interface Sender extends Service {
  /** What came of each sub-operation: its status, or why it failed. */
  readonly outcomes: (number | string)[];
}

/** Sends so many instances of some size, unless it is cancelled, each with a pending response. */
function sender(count: number, size = 1000): Sender {
  const outcomes: (number | string)[] = [];
  return {
    outcomes,
    command: CommandField.cGet,
    asksPeer: true,
    begin: ({ command, isCancelled, respond }, peer) => ({
      push: () => undefined,
      abort: async () => {},
      async finish() {
        let completed = 0;
        const counters = () => ({ remaining: count - completed, completed, failed: 0, warning: 0 });
        while (completed < count && !isCancelled()) {
          try {
            const data = [new Uint8Array(size)];
            outcomes.push(await peer.store({ ...instance, sopInstanceUid: `1.2.${completed}`, data }));
          } catch (error) {
            outcomes.push(error instanceof AssociationError ? error.failure : 'unknown');
          }
          completed += 1;
          const status = isCancelled() ? Status.cancel : completed < count ? Status.pending : Status.success;
          await respond(retrieveResponse(command, { status, subOperations: counters(), hasIdentifier: false }));
        }
      },
    }),
  };
}

function world(service: Service, inactivityTimeout = 0): Promise<ScpWorld> {
  return createScpWorld(createMemoryTransport({ pieceLength: 1000 }), {
    services: [createEchoService(), createStoreService({ begin: () => createSink() }), service],
    inactivityTimeout,
    artim: 1000,
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}

const isStore = ({ CommandField: field }: CommandSet): boolean => field === CommandField.cStore;

/** Answers every instance with success until the request is answered with success itself. */
function answerStores(peer: RawPeer, messageId: number): Promise<void> {
  let answered = 0;
  return until(() => {
    const store = peer.commands.filter(isStore)[answered];
    if (!store) return peer.told.includes(`response ${messageId}: 0`);
    answered += 1;
    peer.writer.send(3, responseTo(store, Status.success));
    return false;
  });
}

test('a requestor gets instances of many fragments on its own association', async () => {
  const service = sender(3, 300_000);
  const { transport, server } = await world(service);
  const received: number[] = [];
  const association = await openAssociation({
    transport,
    host: 'here',
    port: 104,
    callingAet: 'PEER',
    calledAet: 'PHAROS',
    contexts: [{ abstractSyntax: '1.2.3', transferSyntaxes: ['1.2.840.10008.1.2'] }].concat({
      abstractSyntax: ct,
      transferSyntaxes: ['1.2.840.10008.1.2'],
    }),
    roles: [{ sopClassUid: ct, scu: false, scp: true }],
    services: [
      createStoreService({
        begin: () => {
          let bytes = 0;
          return createSink({
            push(chunk) {
              bytes += chunk.length;
              return undefined;
            },
            finish: async () => (received.push(bytes) === 2 ? 0xb000 : 0),
          });
        },
      }),
    ],
    maximumPduLength: 16384,
    implementation: { classUid: '2.25.9', versionName: 'TEST' },
    timeout: 5000,
  });
  const seen: number[] = [];
  const outcome = await association.get({
    contextId: 1,
    sopClassUid: '1.2.3',
    identifier: [new Uint8Array(2)],
    progress: ({ remaining }) => void seen.push(remaining),
  });
  assert.deepEqual([outcome.status, outcome.completed, outcome.remaining, seen], [0, 3, 0, [2, 1]]);
  assert.deepEqual(
    [received, service.outcomes],
    [
      [300_000, 300_000, 300_000],
      [0, 0xb000, 0],
    ],
  );
  assert.equal(await association.request(1, echoRequest(0)).then(({ Status: status }) => status), 0);
  await association.release();
  await server.close();
});

test('a C-CANCEL goes past the sub-operation that is under way', async () => {
  const service = sender(1000);
  const { transport, server } = await world(service);
  const peer = await createRawPeer(transport);
  await peer.writer.send(3, get(7), [new Uint8Array(2)]);
  await until(() => peer.commands.some(isStore));
  await peer.writer.send(3, cancelRequest(7));
  const [store] = peer.commands.filter(isStore);
  assert.ok(store);
  await peer.writer.send(3, responseTo(store, Status.success));
  await until(() => peer.told.includes(`response 7: ${Status.cancel}`));
  assert.deepEqual(service.outcomes, [Status.success]);
  await server.close(0);
});

test('a peer that does not answer a sub-operation is left alone after a while; reading it does not save it', async () => {
  const service = sender(2);
  const { transport, server, events, told } = await world(service, 60);
  const peer = await createRawPeer(transport);
  await peer.writer.send(3, get(7), [new Uint8Array(2)]);
  await told('timeout');
  await until(() => service.outcomes.length > 0);
  assert.deepEqual(service.outcomes, ['closed']);
  assert.ok(!kinds(events).includes('failed'));
  await server.close();
});

test('the time that the service takes itself is not counted as the silence of the peer', async () => {
  const slow = sender(1);
  const service: Service = {
    ...slow,
    begin(request, peer) {
      const exchange = slow.begin(request, peer);
      return { ...exchange, finish: () => new Promise((resolve) => setTimeout(resolve, 120)).then(exchange.finish) };
    },
  };
  const { transport, server, events } = await world(service, 50);
  const peer = await createRawPeer(transport);
  await peer.writer.send(3, get(7), [new Uint8Array(2)]);
  await answerStores(peer, 7);
  assert.deepEqual(slow.outcomes, [Status.success]);
  assert.ok(!kinds(events).includes('timeout'));
  await server.close(0);
});

const hostile: Readonly<Record<string, (peer: RawPeer, store: CommandSet) => unknown>> = {
  'answers another request': (peer, store) =>
    peer.writer.send(3, { ...responseTo(store, Status.success), MessageIDBeingRespondedTo: 999 }),
  'answers with another command': (peer, store) =>
    peer.writer.send(3, { ...responseTo(store, Status.success), CommandField: 0x8030 }),
  'makes another request': (peer) => peer.writer.send(3, { ...echoRequest(8), AffectedSOPClassUID: ct }),
  'sends what is no command': (peer) => peer.connection.write([Uint8Array.of(4, 0, 0, 0, 0, 6, 0, 0, 0, 2, 3, 3)]),
  aborts: (peer) => peer.connection.write([encodePdu({ kind: 'A-ABORT', source: 0, reason: 0 })]),
  'hangs up': (peer) => peer.connection.destroy(),
};

for (const [what, act] of Object.entries(hostile)) {
  test(`a peer that ${what} ends its own association and no other`, async () => {
    const service = sender(5);
    const { transport, server, events, told } = await world(service);
    const other = await createRawPeer(transport);
    await other.writer.send(3, get(1), [new Uint8Array(2)]);
    await until(() => other.commands.some(isStore));
    const peer = await createRawPeer(transport);
    await peer.writer.send(3, get(7), [new Uint8Array(2)]);
    await until(() => peer.commands.some(isStore));
    const [store] = peer.commands.filter(isStore);
    assert.ok(store);
    act(peer, store);
    await told('aborted');
    await until(() => service.outcomes.length > 0);
    assert.deepEqual(service.outcomes.splice(0), ['closed']);
    await answerStores(other, 1);
    assert.deepEqual(service.outcomes, [0, 0, 0, 0, 0]);
    assert.ok(!kinds(events).includes('failed'));
    await server.close(0);
  });
}

test('a peer that asks for release in the middle is answered, and its request is over', async () => {
  const service = sender(5);
  const { transport, server, told } = await world(service);
  const peer = await createRawPeer(transport);
  await peer.writer.send(3, get(7), [new Uint8Array(2)]);
  await until(() => peer.commands.some(isStore));
  peer.connection.write([encodePdu({ kind: 'A-RELEASE-RQ' })]);
  await told('released');
  await until(() => peer.told.includes('A-RELEASE-RP'));
  assert.deepEqual(service.outcomes, ['closed']);
  assert.ok(peer.told.includes(`response 7: ${Status.cancel}`));
  await server.close(0);
});

test('the counters of responses fit their 16 bits, and what remains is not told at the end', () => {
  const subOperations = { remaining: 70_000, completed: 2, failed: 1, warning: 0 };
  const pending = retrieveResponse(get(7), { status: Status.pending, subOperations, hasIdentifier: false });
  assert.equal(pending.NumberOfRemainingSuboperations, 0xffff);
  const warning = retrieveResponse(get(7), { status: 0xb000, subOperations, hasIdentifier: true });
  assert.deepEqual(
    [warning.NumberOfRemainingSuboperations, warning.NumberOfFailedSuboperations, warning.CommandDataSetType],
    [undefined, 1, 1],
  );
});
