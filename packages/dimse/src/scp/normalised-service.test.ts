// N-ACTION and N-EVENT-REPORT as performer: what reaches the service, which status goes out, what peers that break the rules get.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionRequest, CommandField, type CommandSet, noDataSet, responseTo, withDataSet } from '../messages/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import { createNormalisedService, type NormalisedServiceOptions } from './index.ts';
import { createRawPeer, createScpWorld, instance, kinds, type ScpWorldSetup } from './scp-world.ts';

const sopClassUid = instance.sopClassUid;
const sopInstanceUid = '1.2.840.10008.1.20.1.1';
const { contextId } = instance;
const about = { contextId, sopClassUid, sopInstanceUid };

interface Taken {
  readonly type: number | undefined;
  readonly information: readonly number[];
}

/** Serves actions 1 and 2 and event 5; the handler may fail. */
async function createWorld(
  options: Partial<NormalisedServiceOptions> = {},
  setup: ScpWorldSetup = {},
  pieceLength = 1000,
) {
  const taken: Taken[] = [];
  const common = { sopClassUid, sopInstanceUid, maximumBytes: 1000 };
  const handle: NormalisedServiceOptions['handle'] = async ({ command }, information) => {
    taken.push({ type: command.ActionTypeID ?? command.EventTypeID, information: [...information] });
    return { status: 0 };
  };
  const services = [
    createNormalisedService({ ...common, command: CommandField.nAction, typeIds: [1, 2], handle, ...options }),
    createNormalisedService({ ...common, command: CommandField.nEventReport, typeIds: [5], handle }),
  ];
  const transport = createMemoryTransport({ pieceLength });
  const world = await createScpWorld(transport, { services, ...setup });
  return { ...world, transport, taken };
}

test('the information reaches the service as a whole, and the response repeats what was asked', async () => {
  const { open, server, taken } = await createWorld();
  const association = await open();
  const information = [Uint8Array.of(1, 2), Uint8Array.of(3, 4)];
  assert.equal(await association.action({ ...about, actionTypeId: 2, information }), 0);
  assert.equal(await association.eventReport({ ...about, eventTypeId: 5 }), 0);
  assert.deepEqual(taken, [
    { type: 2, information: [1, 2, 3, 4] },
    { type: 5, information: [] },
  ]);
  const request = { messageId: 0, sopClassUid, sopInstanceUid, hasInformation: false, actionTypeId: 1 };
  const response = await association.request(contextId, actionRequest(request));
  const { MessageIDBeingRespondedTo: _, ...told } = response;
  assert.deepEqual(told, {
    AffectedSOPClassUID: sopClassUid,
    CommandField: 0x8130,
    CommandDataSetType: noDataSet,
    Status: 0,
    AffectedSOPInstanceUID: sopInstanceUid,
    ActionTypeID: 1,
  });
  await association.release();
  await server.close();
});

test('what is not served is told apart: class, instance, type, length', async () => {
  const { open, server, taken } = await createWorld();
  const association = await open();
  const [action, report] = [
    { ...about, actionTypeId: 1 },
    { ...about, eventTypeId: 5 },
  ];
  assert.deepEqual(
    [
      await association.action({ ...action, sopClassUid: '1.2.3' }),
      await association.action({ ...action, sopInstanceUid: '1.2.3' }),
      await association.action({ ...action, actionTypeId: 3 }),
      await association.action({ ...action, information: [new Uint8Array(1001)] }),
      await association.eventReport({ ...report, sopClassUid: '1.2.3' }),
      await association.eventReport({ ...report, sopInstanceUid: '1.2.3' }),
      await association.eventReport({ ...report, eventTypeId: 1 }),
      await association.eventReport({ ...report, information: [new Uint8Array(1001)] }),
    ],
    [0x0118, 0x0112, 0x0123, 0x0213, 0x0118, 0x0112, 0x0113, 0x0213],
  );
  assert.deepEqual(taken, []);
  assert.equal(await association.action({ ...action, information: [new Uint8Array(1000)] }), 0);
  await association.release();
  await server.close();
});

test('a service that fails gives a processing failure, or what it says, with a comment', async () => {
  const failing = async (): Promise<never> => {
    throw new Error('secret');
  };
  for (const [options, status, comment] of [
    [{ handle: failing }, 0x0110, undefined],
    [{ handle: failing, outcomeOf: () => ({ status: 0x0131, comment: 'known' }) }, 0x0131, 'known'],
    [{ handle: async () => ({ status: 0x0110, comment: 'no' }) }, 0x0110, 'no'],
  ] as const) {
    const { open, server } = await createWorld(options);
    const association = await open();
    const request = { messageId: 0, sopClassUid, sopInstanceUid, hasInformation: false, actionTypeId: 1 };
    const { Status, ErrorComment } = await association.request(contextId, actionRequest(request));
    assert.deepEqual([Status, ErrorComment], [status, comment]);
    await association.release();
    await server.close();
  }
});

test('who may not act is not answered: the association ends', async () => {
  const { open, server, events, taken } = await createWorld({}, { authorise: () => false });
  const association = await open();
  await assert.rejects(association.action({ ...about, actionTypeId: 1 }), { failure: 'aborted' });
  assert.ok(kinds(events).includes('refused'));
  assert.deepEqual(taken, []);
  await server.close();
});

test('megabytes of information too many are read to their end, refused, and the association goes on', async () => {
  const { open, server, taken } = await createWorld({}, {}, 1 << 16);
  const association = await open();
  const information = Array.from({ length: 32 }, () => new Uint8Array(1 << 20));
  assert.equal(await association.action({ ...about, actionTypeId: 1, information }), 0x0213);
  assert.equal(await association.action({ ...about, actionTypeId: 1 }), 0);
  assert.deepEqual(taken, [{ type: 1, information: [] }]);
  await association.release();
  await server.close();
});

const command = (change: Partial<CommandSet>): CommandSet => ({
  CommandField: CommandField.nAction,
  MessageID: 1,
  CommandDataSetType: noDataSet,
  RequestedSOPClassUID: sopClassUid,
  RequestedSOPInstanceUID: sopInstanceUid,
  ActionTypeID: 1,
  ...change,
});

test('commands that lack elements get a status, and responses that answer nothing get none', async () => {
  const { server, transport, taken } = await createWorld();
  const { connection, writer, told } = await createRawPeer(transport);
  await writer.send(contextId, command({ MessageID: 1, RequestedSOPClassUID: undefined }));
  await writer.send(contextId, command({ MessageID: 2, RequestedSOPInstanceUID: undefined }));
  await writer.send(contextId, command({ MessageID: 3, ActionTypeID: undefined }));
  await writer.send(contextId, responseTo(command({ MessageID: 99 }), 0, { ActionTypeID: 1 }));
  await writer.send(contextId, responseTo(command({ MessageID: 99 }), 0, { CommandDataSetType: withDataSet }), [
    new Uint8Array(5000),
  ]);
  await writer.send(contextId, command({ MessageID: 4 }));
  while (told.length < 5) await new Promise(setImmediate);
  assert.deepEqual(told, ['A-ASSOCIATE-AC', 'response 1: 280', 'response 2: 274', 'response 3: 291', 'response 4: 0']);
  assert.equal(taken.length, 1);
  connection.destroy();
  await server.close();
});

test('a peer that goes away in the middle of its information leaves nothing behind', async () => {
  const { server, transport, taken, told: serverTold } = await createWorld();
  const { connection, writer } = await createRawPeer(transport);
  async function* half(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(20_000);
    connection.destroy();
  }
  await writer.send(contextId, command({ CommandDataSetType: withDataSet }), half()).catch(() => undefined);
  await serverTold('aborted');
  assert.equal(server.associations, 0);
  assert.deepEqual(taken, []);
  await server.close();
});
