// Instances that come by C-GET: the file that is passed on, back-pressure, and what goes wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, encodeDataSet, parsePart10, Tag } from '@pharos/dicom';
import { type CommandSet, type Exchange, type Request, Status, storeRequest } from '@pharos/dimse';
import { createReceiver, type Receive } from './received-instance.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const explicit = '1.2.840.10008.1.2.1';
const context = { id: 3, abstractSyntax: ct, transferSyntax: explicit };
const store = storeRequest({ messageId: 1, sopClassUid: ct, sopInstanceUid: '2.25.1' });

interface Begun {
  readonly exchange: Exchange;
  readonly responses: readonly CommandSet[];
}

function begin(receive: Receive, command: CommandSet = store): Begun {
  const responses: CommandSet[] = [];
  const request: Request = {
    association: {
      callingAet: 'PHAROS',
      calledAet: 'FAR',
      remoteAddress: '127.0.0.1',
      contexts: new Map(),
      peer: { maximumPduLength: 0, roles: [] },
    },
    context,
    command,
    isCancelled: () => false,
    respond: async (response) => void responses.push(response),
  };
  return {
    exchange: createReceiver(receive).begin(request, {
      store: async () => Status.success,
      eventReport: async () => Status.success,
    }),
    responses,
  };
}

async function readAll(file: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const dataSet = encodeDataSet(createDataSet([{ tag: Tag.SOPInstanceUID, value: '2.25.1' }]), explicit);

test('the file has a meta header, and its receiver says the status', async () => {
  let file = new Uint8Array(0);
  const { exchange, responses } = begin(async (instance) => {
    assert.deepEqual(
      [instance.sopClassUid, instance.sopInstanceUid, instance.transferSyntax],
      [ct, '2.25.1', explicit],
    );
    file = new Uint8Array(await readAll(instance.file));
    return 0xb000;
  });
  exchange.push(dataSet);
  await exchange.finish();
  assert.deepEqual([responses[0]?.CommandField, responses[0]?.Status], [0x8001, 0xb000]);
  const parsed = parsePart10(file);
  assert.equal(parsed.transferSyntax, explicit);
  assert.equal(parsed.meta.text(Tag.MediaStorageSOPClassUID), ct);
  assert.equal(parsed.dataSet.text(Tag.SOPInstanceUID), '2.25.1');
});

test('the network waits for a receiver that does not read, and no more once it gave up', async () => {
  const gate = Promise.withResolvers<number>();
  const { exchange, responses } = begin(() => gate.promise);
  let wait: Promise<void> | undefined;
  let pushed = 0;
  for (; !wait; pushed++) wait = exchange.push(new Uint8Array(100_000));
  assert.ok(pushed <= 3);
  gate.resolve(Status.outOfResources);
  await wait;
  assert.equal(exchange.push(new Uint8Array(10_000_000)), undefined);
  await exchange.finish();
  assert.equal(responses[0]?.Status, Status.outOfResources);
});

test('a receiver that fails is a failure of its instance alone', async () => {
  const { exchange, responses } = begin(() => Promise.reject(new Error('no')));
  exchange.push(dataSet);
  await exchange.finish();
  assert.equal(responses[0]?.Status, Status.cannotUnderstand);
});

test('a receiver is told that its instance will not be complete, and is waited for', async () => {
  let told: unknown;
  const { exchange } = begin(async ({ file }) => {
    await readAll(file).catch((error: unknown) => {
      told = error;
    });
    return 0;
  });
  exchange.push(dataSet);
  await exchange.abort();
  assert.match(String(told), /did not come to its end/);
});

test('what names no instance, or has no data set, is no instance', async () => {
  let received = 0;
  const nameless = begin(async () => ++received, { ...store, AffectedSOPInstanceUID: undefined });
  await nameless.exchange.finish();
  assert.deepEqual([nameless.responses[0]?.Status, received], [Status.cannotUnderstand, 0]);
  const empty = begin(async ({ file }) => (await readAll(file)).length);
  await empty.exchange.finish();
  assert.equal(empty.responses[0]?.Status, Status.cannotUnderstand);
});
