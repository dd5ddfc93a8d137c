// N-ACTION and N-EVENT-REPORT as invoker, and reports of the peer on the association of the N-ACTION.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, parseDataSet, Tag } from '@pharos/dicom';
import {
  type Association,
  CommandField,
  createGatheringExchange,
  createMemoryTransport,
  createScpServer,
  type Request,
  responseTo,
  type Service,
} from '@pharos/dimse';
import { createDicomServerFixture } from '@pharos/testkit';
import { SopClass } from '../model/index.ts';
import type { NormalisedRequest, RemoteModality } from '../ports/index.ts';
import { createModalityNetwork, type ReportTaker } from './index.ts';

const remote: RemoteModality = { aet: 'FAR', host: 'far', port: 104, localAet: 'PHAROS', timeout: 1 };
const sopClassUid = SopClass.storageCommitmentPushModel;
const sopInstanceUid = '1.2.840.10008.1.20.1.1';
const request: NormalisedRequest = {
  sopClassUid,
  sopInstanceUid,
  typeId: 1,
  information: createDataSet([{ tag: Tag.TransactionUID, value: '2.25.1' }]),
};

type Peer = Pick<Association, 'eventReport'>;
type Work = (request: Request, peer: Peer, information: Uint8Array) => Promise<void>;

interface Taken {
  readonly aet: string;
  readonly eventType: number;
  readonly bytes: number;
}

/** A peer that works on N-ACTION and N-EVENT-REPORT as it is told, and what was taken of its reports. */
async function createWorld(work: Work, taker: Partial<ReportTaker> = {}) {
  const transport = createMemoryTransport();
  const taken: Taken[] = [];
  const ends: string[] = [];
  let ended = Promise.withResolvers<void>();
  const service = (command: number): Service => ({
    command,
    asksPeer: true,
    begin: (asked, peer) =>
      createGatheringExchange(1 << 20, (information) => work(asked, peer, information ?? new Uint8Array(0))),
  });
  const server = createScpServer({
    transport,
    implementation: { classUid: '1.2.3', versionName: 'TEST' },
    maximumPduLength: 16384,
    contextRules: () => [{ matches: () => true, choose: ([first]) => first, roles: 'as-proposed' }],
    admit: () => 'accepted',
    authorise: () => true,
    services: [service(CommandField.nAction), service(CommandField.nEventReport)],
    inactivityTimeout: 0,
    observe({ kind }) {
      if (kind === 'accepted') return;
      ends.push(kind);
      ended.resolve();
      ended = Promise.withResolvers();
    },
  });
  await server.listen(104);
  const { log } = createDicomServerFixture().services;
  const reports: ReportTaker = {
    eventTypes: [1, 2],
    take: ({ aet, eventType }, information) => void taken.push({ aet, eventType, bytes: information.length }),
    ...taker,
  };
  const settings = { MaximumPduLength: 16384, DicomScuPreferredTransferSyntax: '', TranscodeDicomProtocol: true };
  const network = createModalityNetwork({ settings, log, transport, reports });
  return {
    network,
    taken,
    /** How the association ended, once it has. */
    async ending() {
      if (ends.length === 0) await ended.promise;
      return ends;
    },
    close: () => server.close(),
  };
}

const done = ({ respond, command }: Request, status = 0): Promise<void> => respond(responseTo(command, status));

function report(
  { context }: Request,
  peer: Peer,
  eventTypeId: number,
  information: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = [new Uint8Array(100)],
): Promise<number> {
  return peer.eventReport({ contextId: context.id, sopClassUid, sopInstanceUid, eventTypeId, information });
}

test('an action goes out with its information, in the default role', async () => {
  const asked: unknown[] = [];
  const { network, ending, close } = await createWorld(async (given, _peer, information) => {
    const { command, context, association } = given;
    const { dataSet } = parseDataSet(information, context.transferSyntax);
    asked.push(command.ActionTypeID, command.RequestedSOPInstanceUID, association.peer.roles);
    asked.push(dataSet.text(Tag.TransactionUID));
    await done(given);
  });
  await network.action(remote, request);
  assert.deepEqual(asked, [1, sopInstanceUid, [], '2.25.1']);
  assert.deepEqual(await ending(), ['released']);
  await close();
});

test('a report goes out in the role of the SCP', async () => {
  const asked: unknown[] = [];
  const { network, close } = await createWorld(async (given) => {
    asked.push(given.command.EventTypeID, given.command.AffectedSOPInstanceUID, given.association.peer.roles);
    await done(given);
  });
  await network.eventReport(remote, { ...request, typeId: 2 });
  assert.deepEqual(asked, [2, sopInstanceUid, [{ sopClassUid, scu: false, scp: true }]]);
  await close();
});

test('a status that is a failure says so; a warning does not', async () => {
  const { network, close } = await createWorld((given) => done(given, given.command.ActionTypeID ? 0x0123 : 0x0107));
  await assert.rejects(network.action(remote, request), {
    code: 'NetworkProtocol',
    details: 'N-ACTION SCU to AET "FAR" has failed with DIMSE status 0x0123 (no such action type)',
  });
  await network.eventReport(remote, request);
  await close();
});

test('a report before the answer to the action is taken and answered', async () => {
  const statuses: unknown[] = [];
  const { network, taken, ending, close } = await createWorld(async (given, peer) => {
    statuses.push(await report(given, peer, 1));
    await done(given);
  });
  await network.action(remote, request);
  assert.deepEqual(taken, [{ aet: 'FAR', eventType: 1, bytes: 100 }]);
  assert.deepEqual(statuses, [0]);
  assert.deepEqual(await ending(), ['released']);
  await close();
});

test('a report that has begun when the action is answered is taken to its end before the release', async () => {
  /** Its end comes long after the action was answered. */
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(300_000);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    yield new Uint8Array(100);
  }
  const statuses: unknown[] = [];
  const { network, taken, ending, close } = await createWorld(async (given, peer) => {
    const answered = done(given);
    statuses.push(await report(given, peer, 2, slow()));
    await answered;
  });
  await network.action(remote, request);
  assert.deepEqual(taken, [{ aet: 'FAR', eventType: 2, bytes: 300_100 }]);
  assert.deepEqual(await ending(), ['released']);
  assert.deepEqual(statuses, [0]);
  await close();
});

test('a peer that falls silent in the middle of its report is left after the timeout', async () => {
  const never = Promise.withResolvers<void>();
  async function* stuck(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(300_000);
    await never.promise;
  }
  const { network, taken, ending, close } = await createWorld(async (given, peer) => {
    const answered = done(given);
    await report(given, peer, 2, stuck()).catch(() => undefined);
    await answered;
  });
  await network.action({ ...remote, timeout: 0.1 }, request);
  assert.deepEqual(await ending(), ['aborted']);
  assert.deepEqual(taken, []);
  never.resolve();
  await close();
});

test('a report that cannot be taken gets its status, and the action is not lost for it', async () => {
  const take = (): never => {
    throw new Error('broken');
  };
  const statuses: unknown[] = [];
  const { network, ending, close } = await createWorld(
    async (given, peer) => {
      statuses.push(await report(given, peer, 1), await report(given, peer, 7));
      await done(given);
    },
    { take },
  );
  await network.action(remote, request);
  assert.deepEqual(statuses, [0x0110, 0x0113]);
  assert.deepEqual(await ending(), ['released']);
  await close();
});
