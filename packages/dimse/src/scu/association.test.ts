// What a requestor is told when its peer rejects, is silent, breaks the rules or goes away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCommandSet, noDataSet } from '../messages/index.ts';
import { type AssociateAc, encodePdu, type Pdu, PduType } from '../pdu/index.ts';
import { createMemoryTransport } from '../transport/index.ts';
import type { Connection, Transport } from '../upper-layer/index.ts';
import { type Association, openAssociation } from './index.ts';

const echo = '1.2.840.10008.1.1';
const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';

function acceptance(change: Partial<AssociateAc> = {}): AssociateAc {
  return {
    kind: 'A-ASSOCIATE-AC',
    protocolVersion: 1,
    calledAet: 'PEER',
    callingAet: 'PHAROS',
    applicationContext: '1.2.840.10008.3.1.1.1',
    contexts: [{ id: 1, result: 0, transferSyntax: implicit }],
    user: { maximumPduLength: 16384, roles: [] },
    ...change,
  };
}

/** A peer that answers the n-th chunk that comes by the n-th list of PDUs, or by what `bytes` says. */
async function peerThat(...answers: readonly (readonly Pdu[] | Uint8Array | 'close')[]): Promise<Transport> {
  const transport = createMemoryTransport();
  await transport.listen({ port: 104 }, (connection: Connection) => {
    let at = 0;
    connection.start({
      data() {
        const answer = answers[at++];
        if (answer === 'close') connection.close();
        else if (answer instanceof Uint8Array) connection.write([answer]);
        else if (answer) connection.write(answer.map(encodePdu));
      },
      closed() {},
    });
  });
  return transport;
}

function open(transport: Transport, timeout = 5000): Promise<Association> {
  return openAssociation({
    transport,
    host: 'there',
    port: 104,
    callingAet: 'PHAROS',
    calledAet: 'PEER',
    contexts: [{ abstractSyntax: echo, transferSyntaxes: [explicit, implicit] }],
    maximumPduLength: 16384,
    implementation: { classUid: '2.25.9', versionName: 'TEST' },
    timeout,
    artim: 20,
  });
}

test('nobody at the address', async () => {
  await assert.rejects(open(createMemoryTransport()), { failure: 'connect' });
});

test('a rejection says its reason in words', async () => {
  const transport = await peerThat([{ kind: 'A-ASSOCIATE-RJ', result: 1, source: 1, reason: 7 }]);
  await assert.rejects(open(transport), {
    failure: 'rejected',
    message: 'Association rejected permanently: called AE title not recognized',
  });
});

test('a peer that does not answer the request', async () => {
  await assert.rejects(open(await peerThat(), 50), { failure: 'timeout' });
});

test('a peer that closes at once', async () => {
  await assert.rejects(open(await peerThat('close')), { failure: 'closed' });
});

test('a peer that speaks another protocol', async () => {
  const transport = await peerThat(new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await assert.rejects(open(transport), { failure: 'protocol' });
});

test('a peer that does not answer a command', async () => {
  const association = await open(await peerThat([acceptance()]), 300);
  await assert.rejects(association.echo(), { failure: 'timeout' });
  await association.release();
});

test('a peer that aborts instead of answering', async () => {
  const association = await open(await peerThat([acceptance()], [{ kind: 'A-ABORT', source: 2, reason: 6 }]));
  await assert.rejects(association.echo(), { failure: 'aborted', message: /source 2, reason 6/ });
});

test('a peer that releases instead of answering', async () => {
  const association = await open(await peerThat([acceptance()], [{ kind: 'A-RELEASE-RQ' }]));
  await assert.rejects(association.echo(), { failure: 'closed' });
});

test('no accepted context for what is asked', async () => {
  const refused = acceptance({ contexts: [{ id: 1, result: 3, transferSyntax: implicit }] });
  const association = await open(await peerThat([refused]));
  await assert.rejects(association.echo(), { failure: 'no-context' });
  association.abort();
});

test('a transfer syntax that was not proposed does not count as accepted', async () => {
  const strange = acceptance({ contexts: [{ id: 1, result: 0, transferSyntax: '1.2.840.10008.1.2.5' }] });
  const association = await open(await peerThat([strange]));
  assert.equal(association.contexts.size, 0);
  association.abort();
});

test('a peer that does not answer a release is left in the end', async () => {
  const association = await open(await peerThat([acceptance()]), 300);
  await association.release();
  await assert.rejects(association.echo(), { failure: 'aborted' });
});

test('a peer that asks for release at the same time is answered, and left if it does not answer in turn', async () => {
  const transport = createMemoryTransport();
  const came: number[] = [];
  const closed = Promise.withResolvers<void>();
  await transport.listen({ port: 104 }, (connection) => {
    const answers: readonly Pdu[] = [acceptance(), { kind: 'A-RELEASE-RQ' }];
    connection.start({
      data(chunk) {
        const answer = answers[came.push(chunk[0] ?? 0) - 1];
        if (answer) connection.write([encodePdu(answer)]);
      },
      closed: () => closed.resolve(),
    });
  });
  const association = await open(transport, 300);
  await association.release();
  await closed.promise;
  assert.deepEqual(came, [PduType.associateRq, PduType.releaseRq, PduType.releaseRp, PduType.abort]);
});

test('a message is sent to its end before the next one, though the peer answers it before', async () => {
  const response = (messageId: number): Pdu => ({
    kind: 'P-DATA-TF',
    pdvs: [
      {
        contextId: 1,
        isCommand: true,
        isLast: true,
        bytes: encodeCommandSet({
          CommandField: 0x8001,
          MessageIDBeingRespondedTo: messageId,
          CommandDataSetType: noDataSet,
          Status: 0xa700,
        }),
      },
    ],
  });
  const association = await open(await peerThat([acceptance()], [response(1)]));
  let isRead = false;
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(300_000);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    isRead = true;
  }
  const status = await association.store({ contextId: 1, sopClassUid: echo, sopInstanceUid: '1.2', data: slow() });
  assert.deepEqual([status, isRead], [0xa700, true]);
  association.abort();
});

test('a source that fails ends the association and says why', async () => {
  const association = await open(await peerThat([acceptance()]));
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(10);
    throw new RangeError('unreadable');
  }
  const sending = association.store({ contextId: 1, sopClassUid: echo, sopInstanceUid: '1.2', data: broken() });
  await assert.rejects(sending, RangeError);
  await assert.rejects(association.echo(), { failure: 'aborted' });
});

test('a source is read no further once the peer is gone', async () => {
  const association = await open(await peerThat([acceptance()], 'close'));
  let chunks = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      chunks += 1;
      yield new Uint8Array(100_000);
      await new Promise(setImmediate);
    }
  }
  await assert.rejects(association.store({ contextId: 1, sopClassUid: echo, sopInstanceUid: '1.2', data: endless() }), {
    failure: 'closed',
  });
  await new Promise(setImmediate);
  const before = chunks;
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(chunks - before <= 3);
});
