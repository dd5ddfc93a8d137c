// Peers that fall silent at some step: every operation ends in time, and says at which step it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, encodePart10, Tag } from '@pharos/dicom';
import {
  type AssociateRq,
  type CommandSet,
  type Connection,
  createMemoryTransport,
  createMessageReader,
  createMessageWriter,
  createPduReader,
  encodePdu,
  hasDataSet,
  isResponse,
  responseTo,
  type Transport,
} from '@pharos/dimse';
import { createDicomServerFixture } from '@pharos/testkit';
import { SopClass } from '../model/index.ts';
import type { ModalityNetwork, NetworkQuery, NormalisedRequest, RemoteModality } from '../ports/index.ts';
import { createModalityNetwork } from './index.ts';

type Step = 'association' | 'command' | 'data' | 'release';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const transferSyntax = '1.2.840.10008.1.2.1';
const remote: RemoteModality = { aet: 'FAR', host: 'far', port: 104, localAet: 'PHAROS', timeout: 0.1 };
const silence = 'No answer within 100 ms';

const file = encodePart10({
  dataSet: createDataSet([
    { tag: Tag.SOPClassUID, value: ct },
    { tag: Tag.SOPInstanceUID, value: '2.25.10' },
    { tag: Tag.PixelData, vr: 'OB', value: new Uint8Array(3_000_000) },
  ]),
  transferSyntax,
});
const query: NetworkQuery = {
  model: 'study-root',
  identifier: createDataSet([{ tag: Tag.QueryRetrieveLevel, value: 'STUDY' }]),
};
const about: NormalisedRequest = {
  sopClassUid: SopClass.storageCommitmentPushModel,
  sopInstanceUid: '1.2.840.10008.1.20.1.1',
  typeId: 1,
  information: createDataSet([{ tag: Tag.TransactionUID, value: '2.25.1' }]),
};

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += 65536) yield file.subarray(at, at + 65536);
}

const operations = {
  'C-ECHO': (network) => network.echo(remote),
  'C-STORE': (network) => network.store(remote, chunks()),
  'C-FIND': async (network) => {
    for await (const _answer of network.find(remote, query));
  },
  'C-MOVE': (network) => network.move(remote, query, 'PHAROS'),
  'C-GET': (network) => network.get(remote, query, async () => 0),
  'N-ACTION': (network) => network.action(remote, about),
  'N-EVENT-REPORT': (network) => network.eventReport(remote, about),
} satisfies Readonly<Record<string, (network: ModalityNetwork) => Promise<unknown>>>;

/** A peer that does all that is asked of it with success, up to a step; there it falls silent. */
function serve(connection: Connection, step: Step): void {
  const writer = createMessageWriter({ peerMaximum: 16384, send: (bytes) => connection.write(bytes) });
  const answer = (contextId: number, command: CommandSet): void =>
    void (step === 'command' || writer.send(contextId, responseTo(command, 0)));
  const reader = createMessageReader(() => true, {
    command(contextId, command) {
      if (isResponse(command)) return undefined;
      if (!hasDataSet(command)) answer(contextId, command);
      else if (step === 'data') connection.pause();
      return { push: () => undefined, end: () => answer(contextId, command) };
    },
    violation: (_reason, message) => assert.fail(message),
  });
  const pdus = createPduReader(
    { associateBytes: 100_000, dataBytes: 1 << 20 },
    {
      control(pdu) {
        if (pdu.kind === 'A-ASSOCIATE-RQ' && step !== 'association') connection.write([encodePdu(acceptanceOf(pdu))]);
        if (pdu.kind === 'A-RELEASE-RQ' && step !== 'release') connection.write([encodePdu({ kind: 'A-RELEASE-RP' })]);
        if (pdu.kind === 'A-ABORT') connection.close();
      },
      data() {},
      piece: (...piece) => reader.piece(...piece),
      malformed: ({ message }) => assert.fail(message),
    },
  );
  connection.start({ data: (chunk) => void pdus.push(chunk), closed() {} });
}

function acceptanceOf({ calledAet, callingAet, applicationContext, contexts, user }: AssociateRq) {
  return {
    kind: 'A-ASSOCIATE-AC',
    protocolVersion: 1,
    calledAet,
    callingAet,
    applicationContext,
    contexts: contexts.map(({ id, transferSyntaxes: [first = ''] }) => ({ id, result: 0, transferSyntax: first })),
    user: { maximumPduLength: 16384, roles: user.roles },
  } as const;
}

async function networkTo(step: Step, transport: Transport = createMemoryTransport()): Promise<ModalityNetwork> {
  await transport.listen({ port: 104 }, (connection) => serve(connection, step));
  const settings = {
    MaximumPduLength: 16384,
    DicomScuPreferredTransferSyntax: transferSyntax,
    TranscodeDicomProtocol: true,
  };
  return createModalityNetwork({ settings, log: createDicomServerFixture().services.log, transport });
}

for (const [name, run] of Object.entries(operations)) {
  test(`${name} to a peer that does not answer the request for an association`, async () => {
    await assert.rejects(run(await networkTo('association')), {
      code: 'NetworkProtocol',
      details: `DicomAssociation - connecting to AET "FAR": ${silence}`,
    });
  });

  test(`${name} to a peer that does not answer the command`, async () => {
    await assert.rejects(run(await networkTo('command')), {
      code: 'NetworkProtocol',
      details: `DicomAssociation - ${name} to AET "FAR": ${silence}`,
    });
  });

  test(`${name} to a peer that does not answer the release has succeeded`, async () => {
    await run(await networkTo('release'));
  });
}

test('C-STORE to a peer that stops reading in the middle', async () => {
  await assert.rejects(operations['C-STORE'](await networkTo('data')), {
    code: 'NetworkProtocol',
    details: `DicomAssociation - C-STORE to AET "FAR": ${silence}`,
  });
});

test('an address at which nobody answers, which takes time', async () => {
  const transport: Transport = {
    connect: ({ timeout }) =>
      new Promise((_, reject) => setTimeout(reject, timeout, new Error(`no connection within ${timeout} ms`))),
    listen: async ({ port }) => ({ port, close: async () => undefined }),
  };
  await assert.rejects(operations['C-ECHO'](await networkTo('association', transport)), {
    details: 'DicomAssociation - connecting to AET "FAR": Cannot connect to far:104: no connection within 100 ms',
  });
});
