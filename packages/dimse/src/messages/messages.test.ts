// Messages that are cut into fragments come out as they went in, whatever the peer's maximum and wherever the network cuts; messages
// that break the rules are told apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPduReader, encodePdu, type Pdv } from '../pdu/index.ts';
import {
  CommandField,
  type CommandSet,
  createMessageReader,
  createMessageWriter,
  decodeCommandSet,
  encodeCommandSet,
  type MessageReader,
  noDataSet,
  storeRequest,
} from './index.ts';

interface Seen {
  readonly commands: CommandSet[];
  readonly dataSets: number[][];
  readonly violations: string[];
}

function createReader(): Seen & { readonly reader: MessageReader } {
  const commands: CommandSet[] = [];
  const dataSets: number[][] = [];
  const violations: string[] = [];
  const reader = createMessageReader((id) => id === 1 || id === 3, {
    command(_contextId, command) {
      commands.push(command);
      const bytes: number[] = [];
      return {
        push(chunk) {
          bytes.push(...chunk);
          return undefined;
        },
        end: () => void dataSets.push(bytes),
      };
    },
    violation: (_reason, message) => void violations.push(message),
  });
  return { commands, dataSets, violations, reader };
}

const store = storeRequest({
  messageId: 7,
  sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  sopInstanceUid: '2.25.1',
  moveOriginator: { aet: 'MOVER', messageId: 3 },
});

test('a message passes through any maximum PDU length and any cut of the stream', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      chunks,
      fc.integer({ min: 8, max: 60 }),
      fc.integer({ min: 1, max: 50 }),
      async (data, maximum, cut) => {
        const { commands, dataSets, violations, reader } = createReader();
        const pdus = createPduReader(
          { associateBytes: 0, dataBytes: maximum },
          {
            control: () => assert.fail(),
            data() {},
            piece: (...piece) => reader.piece(...piece),
            malformed: ({ message }) => assert.fail(message),
          },
        );
        const written: number[] = [];
        const writer = createMessageWriter({
          peerMaximum: maximum,
          send: (list) => void written.push(...list.flatMap((bytes) => [...bytes])),
        });
        await writer.send(1, store, data);
        for (let at = 0; at < written.length; at += cut) pdus.push(Uint8Array.from(written.slice(at, at + cut)));
        assert.deepEqual(violations, []);
        assert.equal(commands[0]?.MoveOriginatorApplicationEntityTitle, 'MOVER');
        assert.deepEqual(dataSets, [data.flatMap((chunk) => [...chunk])]);
      },
    ),
    { numRuns: 200 },
  );
});

test('a small message is one write', async () => {
  const writes: number[] = [];
  const writer = createMessageWriter({ peerMaximum: 16384, send: (list) => void writes.push(list.length) });
  await writer.send(1, { CommandField: CommandField.cEcho, CommandDataSetType: noDataSet, MessageID: 1 });
  assert.deepEqual(writes, [1]);
});

test('two messages sent at once do not mix', async () => {
  const { commands, dataSets, violations, reader } = createReader();
  const pdus = createPduReader(
    { associateBytes: 0, dataBytes: 1 << 17 },
    { control() {}, data() {}, piece: (...piece) => reader.piece(...piece), malformed() {} },
  );
  const writer = createMessageWriter({
    peerMaximum: 20,
    async send(list) {
      for (const bytes of list) pdus.push(bytes);
    },
  });
  await Promise.all([writer.send(1, store, [Uint8Array.of(1, 2)]), writer.send(3, store, [Uint8Array.of(3, 4)])]);
  assert.deepEqual(violations, []);
  assert.equal(commands.length, 2);
  assert.deepEqual(dataSets, [
    [1, 2],
    [3, 4],
  ]);
});

test('a command set is read as it was written', () => {
  const command: CommandSet = {
    AffectedSOPClassUID: '1.2.3',
    CommandField: 0x8021,
    MessageIDBeingRespondedTo: 65535,
    CommandDataSetType: 1,
    Status: 0xff00,
    OffendingElement: [0x00100020, 0x7fe00010],
    ErrorComment: 'no such thing',
    NumberOfRemainingSuboperations: 12,
  };
  assert.deepEqual(decodeCommandSet(encodeCommandSet(command)), command);
});

test('any bytes as a command set are read without an exception', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void decodeCommandSet(bytes)));
  assert.equal(decodeCommandSet(Uint8Array.of(0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0, 0)), undefined);
});

test('elements of a data set after a command are passed over', () => {
  const response = encodeCommandSet({ CommandField: 0x8010, MessageIDBeingRespondedTo: 1, Status: 0xff00 });
  const failedInstances = Uint8Array.of(0x08, 0, 0x58, 0, 4, 0, 0, 0, 0x31, 0x2e, 0x32, 0);
  assert.deepEqual(decodeCommandSet(Buffer.concat([response, failedInstances])), decodeCommandSet(response));
  assert.equal(decodeCommandSet(failedInstances), undefined);
});

const echo = encodeCommandSet({ CommandField: CommandField.cEcho, CommandDataSetType: noDataSet, MessageID: 1 });
const storeBytes = encodeCommandSet(store);
const command = (bytes: Uint8Array, contextId = 1, isLast = true): Pdv => ({
  contextId,
  isCommand: true,
  isLast,
  bytes,
});
const dataSet = (contextId = 1): Pdv => ({ contextId, isCommand: false, isLast: true, bytes: Uint8Array.of(1) });

const violations: readonly [string, readonly Pdv[]][] = [
  ['a data set without a command', [dataSet()]],
  ['a data set after a command without one', [command(echo), dataSet()]],
  ['a command inside a data set', [command(storeBytes), command(echo)]],
  ['a presentation context that was not accepted', [command(echo, 5)]],
  ['another presentation context inside a message', [command(storeBytes), dataSet(3)]],
  ['a request without a message ID', [command(encodeCommandSet({ ...store, MessageID: undefined }))]],
  ['a response to no message', [command(encodeCommandSet({ CommandField: 0x8001, MessageID: 1, Status: 0 }))]],
  ['a command set that is none', [command(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))]],
  ['a command set without end', Array.from({ length: 70 }, () => command(new Uint8Array(1024), 1, false))],
];

for (const [what, pdvs] of violations) {
  test(`${what} breaks the protocol`, () => {
    const { reader, violations: found } = createReader();
    for (const { contextId, isCommand, isLast, bytes } of pdvs) {
      reader.piece(contextId, (isCommand ? 1 : 0) | (isLast ? 2 : 0), bytes, true);
    }
    assert.equal(found.length, 1);
  });
}

test('an empty fragment may end a command or a data set', () => {
  const { reader, dataSets, commands } = createReader();
  const nothing = new Uint8Array(0);
  reader.piece(1, 1, storeBytes, true);
  reader.piece(1, 3, nothing, true);
  reader.piece(1, 0, Uint8Array.of(5), true);
  reader.piece(1, 2, nothing, true);
  assert.equal(commands.length, 1);
  assert.deepEqual(dataSets, [[5]]);
});

test('several values of one PDU are cut alike', () => {
  const pdu = encodePdu({ kind: 'P-DATA-TF', pdvs: [command(storeBytes), dataSet()] });
  const { reader, dataSets } = createReader();
  const pdus = createPduReader(
    { associateBytes: 0, dataBytes: 1 << 17 },
    { control() {}, data() {}, piece: (...piece) => reader.piece(...piece), malformed() {} },
  );
  for (const byte of pdu) pdus.push(Uint8Array.of(byte));
  assert.deepEqual(dataSets, [[1]]);
});
