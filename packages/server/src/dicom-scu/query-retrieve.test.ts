// C-FIND, C-MOVE and C-GET as a client: against a peer in memory that says what it is told, and against DCMTK's archive over TCP.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createDataSet, type DataSet, encodeDataSet, parsePart10, Tag } from '@pharos/dicom';
import {
  CommandField,
  chooseFirstProposed,
  createMemoryTransport,
  createScpServer,
  type Exchange,
  type Request,
  responseTo,
  type Service,
  Status,
  type Transport,
  withDataSet,
} from '@pharos/dimse';
import { createDicomServerFixture, dcmtkMissing, runDcmtk, startDcmtk, syntheticInstance } from '@pharos/testkit';
import type { ModalityNetwork, NetworkQuery, ReceivedInstance, RemoteModality } from '../ports/index.ts';
import { createModalityNetwork } from './index.ts';

const implicit = '1.2.840.10008.1.2';
const remote: RemoteModality = { aet: 'FAR', host: '127.0.0.1', port: 104, localAet: 'PHAROS', timeout: 5 };
const settings = { MaximumPduLength: 16384, DicomScuPreferredTransferSyntax: `${implicit}.1` };

function network(transport?: Transport): ModalityNetwork {
  return createModalityNetwork({ settings, log: createDicomServerFixture().services.log, transport });
}

const levelTag = 0x00080052;

function studies(...elements: readonly { readonly tag: number; readonly value: string }[]): NetworkQuery {
  const identifier = createDataSet([{ tag: levelTag, value: 'STUDY' }, { tag: Tag.PatientID, value: '' }, ...elements]);
  return { model: 'study-root', identifier };
}

/** A peer that does this with each request of a kind, and notes what it was asked. */
async function withPeer(
  answer: (request: Request) => Promise<void>,
  run: (near: ModalityNetwork, asked: readonly Request[]) => Promise<void>,
): Promise<void> {
  const transport = createMemoryTransport({ pieceLength: 3000 });
  const asked: Request[] = [];
  const begin = (request: Request): Exchange => {
    asked.push(request);
    return { push: () => undefined, finish: () => answer(request), abort: async () => {} };
  };
  const services: Service[] = [CommandField.cFind, CommandField.cMove, CommandField.cGet].map((command) => ({
    command,
    begin,
  }));
  const server = createScpServer({
    transport,
    implementation: { classUid: '2.25.9', versionName: 'TEST' },
    maximumPduLength: 16384,
    contextRules: () => [{ matches: () => true, choose: chooseFirstProposed(() => true), roles: 'as-proposed' }],
    admit: () => 'accepted',
    authorise: () => true,
    services,
    inactivityTimeout: 0,
    observe: () => {},
  });
  await server.listen(104);
  try {
    await run(network(transport), asked);
  } finally {
    await server.close();
  }
}

async function sendAnswer({ command, context, respond }: Request, patientId: string): Promise<void> {
  const answer = encodeDataSet(createDataSet([{ tag: Tag.PatientID, value: patientId }]), context.transferSyntax);
  await respond(responseTo(command, Status.pending, { CommandDataSetType: withDataSet }), [answer]);
}

async function idsOf(answers: AsyncIterable<DataSet>): Promise<readonly (string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  for await (const answer of answers) ids.push(answer.text(Tag.PatientID)?.trim());
  return ids;
}

test('answers come in order, more of them than are held', () =>
  withPeer(
    async (request) => {
      for (let n = 0; n < 300; n++) await sendAnswer(request, `P${n}`);
      await request.respond(responseTo(request.command, Status.success));
    },
    async (near) => {
      const ids = await idsOf(near.find(remote, studies()));
      assert.deepEqual(
        ids,
        Array.from({ length: 300 }, (_, n) => `P${n}`),
      );
    },
  ));

test('whoever has enough cancels, and the association ends in good order', () =>
  withPeer(
    async (request) => {
      let sent = 0;
      while (!request.isCancelled() && sent < 10_000) await sendAnswer(request, `P${sent++}`);
      await request.respond(responseTo(request.command, request.isCancelled() ? Status.cancel : Status.success));
    },
    async (near, asked) => {
      for await (const answer of near.find(remote, studies())) {
        assert.equal(answer.text(Tag.PatientID)?.trim(), 'P0');
        break;
      }
      assert.equal(asked[0]?.isCancelled(), true);
    },
  ));

test('a search that fails says with which status, after the answers that came', () =>
  withPeer(
    async (request) => {
      await sendAnswer(request, 'P0');
      await request.respond(responseTo(request.command, Status.cannotUnderstand, { ErrorComment: 'No such key' }));
    },
    async (near) => {
      const answers = near.find(remote, studies())[Symbol.asyncIterator]();
      assert.equal((await answers.next()).done, false);
      await assert.rejects(answers.next(), {
        code: 'NetworkProtocol',
        details: 'DicomAssociation - C-FIND to AET "FAR": status 0xc000 (No such key)',
      });
    },
  ));

test('a peer that goes away in the middle of its answers', () =>
  withPeer(
    async (request) => {
      await sendAnswer(request, 'P0');
      throw new Error('the archive broke');
    },
    async (near) => {
      await assert.rejects(idsOf(near.find(remote, studies())), { code: 'NetworkProtocol' });
    },
  ));

test('an answer without end is cut off', () =>
  withPeer(
    async ({ command, respond }) => {
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (let n = 0; n < 200; n++) yield new Uint8Array(1024 * 1024);
      }
      await respond(responseTo(command, Status.pending, { CommandDataSetType: withDataSet }), endless()).catch(
        () => {},
      );
    },
    async (near) => {
      await assert.rejects(idsOf(near.find(remote, studies())), { code: 'NetworkProtocol' });
    },
  ));

test('a move tells its progress and what came of it', () =>
  withPeer(
    async ({ command, respond }) => {
      const numbers = (remaining: number, completed: number) => ({
        NumberOfRemainingSuboperations: remaining,
        NumberOfCompletedSuboperations: completed,
        NumberOfFailedSuboperations: 1,
        NumberOfWarningSuboperations: 0,
      });
      await respond(responseTo(command, Status.pending, numbers(1, 1)));
      await respond(responseTo(command, 0xb000, numbers(0, 2)));
    },
    async (near, asked) => {
      const told: number[] = [];
      const progress = { progress: ({ remaining }: { readonly remaining: number }) => void told.push(remaining) };
      const outcome = await near.move(remote, studies(), 'SINK', progress);
      assert.deepEqual(outcome, { status: 0xb000, remaining: 0, completed: 2, failed: 1, warning: 0 });
      assert.deepEqual(told, [1]);
      assert.equal(asked[0]?.command.MoveDestination, 'SINK');
    },
  ));

test('a move to nobody fails with its status; one that is called off is cancelled', async () => {
  await withPeer(
    ({ command, respond }) => respond(responseTo(command, Status.moveDestinationUnknown)),
    (near) => assert.rejects(near.move(remote, studies(), 'NOBODY'), { details: /C-MOVE to AET "FAR": status 0xa801/ }),
  );
  await withPeer(
    async ({ command, respond, isCancelled }) => {
      for (; !isCancelled(); await setImmediate()) await respond(responseTo(command, Status.pending));
      await respond(responseTo(command, Status.cancel));
    },
    async (near) => {
      const { status } = await near.move(remote, studies(), 'SINK', { isCancelled: () => true });
      assert.equal(status, Status.cancel);
    },
  );
});

/* ---- DCMTK's archive ---- */

const instances = 5;

async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('an archive of DCMTK is searched, and gives its images by C-GET and C-MOVE', {
  skip: dcmtkMissing('dcmqrscp', 'storescu', 'storescp'),
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-archive-'));
  try {
    await mkdir(join(folder, 'database'));
    await mkdir(join(folder, 'sink'));
    await using sink = await startDcmtk('storescp', ['-od', join(folder, 'sink')]);
    const configuration = join(folder, 'dcmqrscp.cfg');
    await writeFile(
      configuration,
      `MaxPDUSize = 16384\nMaxAssociations = 16\nHostTable BEGIN\nsink = (SINK, 127.0.0.1, ${sink.port})\nHostTable END\n` +
        `VendorTable BEGIN\nVendorTable END\nAETable BEGIN\nFAR ${join(folder, 'database')} RW (200, 1024mb) ANY\nAETable END\n`,
    );
    await using archive = await startDcmtk('dcmqrscp', ['-c', configuration]);
    const files: string[] = [];
    for (let instance = 0; instance < instances; instance++) {
      const file = join(folder, `${instance}.dcm`);
      await writeFile(file, syntheticInstance({ kind: 'mr', patient: 7, study: 0, series: 0, instance }));
      files.push(file);
    }
    const sent = await runDcmtk('storescu', ['-aec', 'FAR', '127.0.0.1', String(archive.port), ...files]);
    assert.equal(sent.code, 0, sent.output);

    const there = { ...remote, port: archive.port };
    const near = network();
    let uid = '';
    for await (const study of near.find(there, studies({ tag: Tag.StudyInstanceUID, value: '' })))
      uid = study.text(Tag.StudyInstanceUID)?.trim() ?? '';
    assert.ok(uid.length > 0);
    const ofStudy: NetworkQuery = {
      model: 'study-root',
      identifier: createDataSet([
        { tag: levelTag, value: 'STUDY' },
        { tag: Tag.StudyInstanceUID, value: uid },
      ]),
    };

    const received = new Map<string, Buffer>();
    const receive = async ({ sopInstanceUid, file }: ReceivedInstance): Promise<number> => {
      received.set(sopInstanceUid, await gather(file));
      return Status.success;
    };
    const got = await near.get(there, ofStudy, receive);
    assert.deepEqual([got.status, got.completed, received.size], [0, instances, instances]);
    for (const [sopInstanceUid, bytes] of received) {
      const { dataSet } = parsePart10(bytes);
      assert.equal(dataSet.text(Tag.SOPInstanceUID)?.trim(), sopInstanceUid);
    }

    await assert.rejects(
      near.get(there, ofStudy, async () => Status.outOfResources),
      { code: 'NetworkProtocol', details: /C-GET to AET "FAR": status 0xa702/ },
    );

    const moved = await near.move(there, ofStudy, 'SINK');
    assert.deepEqual([moved.status, moved.completed], [0, instances]);
    assert.equal((await readdir(join(folder, 'sink'))).length, instances);
  } finally {
    await rm(folder, { recursive: true });
  }
});
