// Peers that send rubbish: the server drops them, leaves nothing behind, and goes on serving the others.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { CommandField, createMessageWriter, noDataSet, storeRequest } from '../messages/index.ts';
import { encodePdu, PduType } from '../pdu/index.ts';
import { openAssociation } from '../scu/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import { chooseFirstProposed, createEchoService, createScpServer, createStoreService } from './index.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const echo = '1.2.840.10008.1.1';
const implicit = '1.2.840.10008.1.2';
const implementation = { classUid: '2.25.9', versionName: 'TEST' };

/** Sinks that were begun and neither finished nor aborted. */
let open = 0;
const transport = createMemoryTransport();
const server = createScpServer({
  transport,
  implementation,
  maximumPduLength: 16384,
  contextRules: () => [{ matches: () => true, choose: chooseFirstProposed(() => true), roles: 'default' }],
  admit: () => 'accepted',
  authorise: () => true,
  services: [
    createEchoService(),
    createStoreService({
      begin() {
        open += 1;
        const done = async (): Promise<number> => {
          open -= 1;
          return 0;
        };
        return { push: () => undefined, finish: done, abort: async () => void done() };
      },
    }),
  ],
  inactivityTimeout: 0,
});
await server.listen(104);
after(() => server.close());

/** What a well-behaved peer would say: request, C-ECHO, C-STORE, release. */
async function conversation(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const contexts = [echo, ct].map((abstractSyntax, index) => ({
    id: 2 * index + 1,
    abstractSyntax,
    transferSyntaxes: [implicit],
  }));
  chunks.push(
    encodePdu({
      kind: 'A-ASSOCIATE-RQ',
      protocolVersion: 1,
      calledAet: 'PHAROS',
      callingAet: 'PEER',
      applicationContext: '1.2.840.10008.3.1.1.1',
      contexts,
      user: { maximumPduLength: 16384, roles: [{ sopClassUid: ct, scu: true, scp: true }] },
    }),
  );
  const writer = createMessageWriter({ peerMaximum: 100, send: (list) => void chunks.push(...list) });
  await writer.send(1, { CommandField: CommandField.cEcho, CommandDataSetType: noDataSet, MessageID: 1 });
  await writer.send(3, storeRequest({ messageId: 2, sopClassUid: ct, sopInstanceUid: '2.25.1' }), [
    new Uint8Array(500),
  ]);
  chunks.push(encodePdu({ kind: 'A-RELEASE-RQ' }));
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

/** Sends bytes in pieces, then hangs up; gives what the server answered when it is done with the peer. */
async function say(bytes: Uint8Array, pieceLength: number): Promise<readonly number[]> {
  const peer = await transport.connect({ host: '', port: 104, timeout: 0 });
  const { promise, resolve } = Promise.withResolvers<void>();
  const answer: number[] = [];
  peer.start({ data: (chunk) => void answer.push(...chunk), closed: () => resolve() });
  for (let at = 0; at < bytes.length; at += pieceLength) peer.write([bytes.subarray(at, at + pieceLength)]);
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  peer.close();
  await promise;
  return answer;
}

async function assertServing(): Promise<void> {
  const association = await openAssociation({
    transport,
    host: '',
    port: 104,
    callingAet: 'GOOD',
    calledAet: 'PHAROS',
    contexts: [{ abstractSyntax: echo, transferSyntaxes: [implicit] }],
    maximumPduLength: 16384,
    implementation,
    timeout: 5000,
  });
  assert.equal(await association.echo(), 0);
  await association.release();
  while (server.associations > 0) await new Promise(setImmediate);
  assert.equal(open, 0);
}

test('a conversation that comes byte by byte is served', async () => {
  const answer = await say(await conversation(), 1);
  assert.deepEqual([answer[0], answer.at(-10)], [PduType.associateAc, PduType.releaseRp]);
  await assertServing();
});

test('a conversation that stops anywhere leaves nothing behind', async () => {
  const bytes = await conversation();
  for (let length = 0; length < bytes.length; length += 7) await say(bytes.subarray(0, length), bytes.length);
  await assertServing();
});

test('a conversation with bytes changed anywhere leaves nothing behind', async () => {
  const bytes = await conversation();
  const changes = fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(changes, fc.integer({ min: 1, max: 400 }), async (list, pieceLength) => {
      const changed = bytes.slice();
      for (const [at, value] of list) changed[at] = value;
      await say(changed, pieceLength);
    }),
    { numRuns: 300 },
  );
  await assertServing();
});

test('rubbish is not answered by more than an abort', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 6, maxLength: 300 }), async (bytes) => {
      const answer = await say(bytes, 50);
      assert.ok(answer.length === 0 || (answer.length === 10 && answer[0] === PduType.abort));
    }),
    { numRuns: 100 },
  );
  await assertServing();
});
