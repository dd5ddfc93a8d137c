// C-FIND, C-MOVE and C-GET of the server as a client, against peers in memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type DataSet, encodeDataSet, parseDataSet, Tag } from '@pharos/dicom';
import {
  CommandField,
  type CommandSet,
  chooseByPreference,
  createMemoryTransport,
  createScpServer,
  type Request,
  responseTo,
  type ScpEvent,
  type Service,
  Status,
  storeRequest,
  withDataSet,
} from '@pharos/dimse';
import { createDicomServerFixture } from '@pharos/testkit';
import type { PharosError } from '../model/index.ts';
import { DimseStatusError, type ModalityNetwork, type NetworkQuery, type RemoteModality } from '../ports/index.ts';
import { createModalityNetwork } from './index.ts';

const prefix = '1.2.840.10008.1.2';
const remote: RemoteModality = { aet: 'FAR', host: '127.0.0.1', port: 104, localAet: 'PHAROS', timeout: 2 };
const query: NetworkQuery = {
  model: 'study-root',
  identifier: createDataSet([
    { tag: Tag.QueryRetrieveLevel, value: 'STUDY' },
    { tag: Tag.StudyInstanceUID, value: '' },
  ]),
};

type Answer = (request: Request, identifier: DataSet) => Promise<void>;

/** A peer that prefers one transfer syntax and answers requests of one command. */
async function withPeer(
  { command, syntax = `${prefix}.1`, answer }: { command: number; syntax?: string; answer: Answer },
  run: (meeting: { readonly network: ModalityNetwork; readonly events: readonly ScpEvent[] }) => Promise<void>,
): Promise<void> {
  const transport = createMemoryTransport();
  const events: ScpEvent[] = [];
  const server = createScpServer({
    transport,
    implementation: { classUid: '2.25.9', versionName: 'TEST' },
    maximumPduLength: 16384,
    contextRules: () => [{ matches: () => true, choose: chooseByPreference([syntax]), roles: 'as-proposed' }],
    admit: () => 'accepted',
    authorise: () => true,
    services: [serviceOf(command, answer)],
    inactivityTimeout: 0,
    observe: (event) => void events.push(event),
  });
  await server.listen(104);
  const settings = {
    MaximumPduLength: 16384,
    DicomScuPreferredTransferSyntax: `${prefix}.1`,
    TranscodeDicomProtocol: true,
  };
  const network = createModalityNetwork({ settings, log: createDicomServerFixture().services.log, transport });
  await run({ network, events });
  await server.close();
}

function serviceOf(command: number, answer: Answer): Service {
  return {
    command,
    begin(request) {
      const chunks: Uint8Array[] = [];
      return {
        push: (chunk) => void chunks.push(chunk),
        finish: () => answer(request, parseDataSet(Buffer.concat(chunks), request.context.transferSyntax, {}).dataSet),
        abort: async () => {},
      };
    },
  };
}

function pending(request: Request, dataSet: DataSet): Promise<void> {
  const response: CommandSet = responseTo(request.command, Status.pending, { CommandDataSetType: withDataSet });
  return request.respond(response, [encodeDataSet(dataSet, request.context.transferSyntax)]);
}

const final = (request: Request, status: number): Promise<void> => request.respond(responseTo(request.command, status));

async function namesOf(answers: AsyncIterable<DataSet>): Promise<readonly (string | undefined)[]> {
  const names: (string | undefined)[] = [];
  for await (const answer of answers) names.push(answer.text(Tag.PatientName));
  return names;
}

const kindsOf = (events: readonly ScpEvent[]): readonly string[] => events.map(({ kind }) => kind);

for (const syntax of [prefix, `${prefix}.1`, `${prefix}.2`]) {
  test(`answers are read in the negotiated syntax ${syntax}, each in its own character set`, () =>
    withPeer(
      {
        command: CommandField.cFind,
        syntax,
        async answer(request, identifier) {
          assert.equal(request.context.abstractSyntax, '1.2.840.10008.5.1.4.1.2.2.1');
          assert.equal(identifier.text(Tag.QueryRetrieveLevel), 'STUDY');
          for (const [charset, name] of [
            ['ISO_IR 192', 'Ямада'],
            ['ISO_IR 144', 'Люк'],
            ['ISO_IR 100', 'Zoë'],
          ] as const) {
            const elements = [
              { tag: Tag.SpecificCharacterSet, value: charset },
              { tag: Tag.PatientName, value: name },
            ];
            await pending(request, createDataSet(elements));
          }
          await final(request, Status.success);
        },
      },
      async ({ network, events }) => {
        assert.deepEqual(await namesOf(network.find(remote, query)), ['Ямада', 'Люк', 'Zoë']);
        assert.deepEqual(kindsOf(events), ['accepted', 'released']);
      },
    ));
}

test('a find that fails says the status in words, and to programs', () =>
  withPeer(
    { command: CommandField.cFind, answer: (request) => final(request, Status.cannotUnderstand) },
    async ({ network, events }) => {
      await assert.rejects(namesOf(network.find(remote, query)), (error: PharosError) => {
        assert.equal(error.details, 'C-FIND SCU to AET "FAR" has failed with DIMSE status 0xC000 (unable to process)');
        assert.equal(error.code, 'UnableToProcess');
        assert.deepEqual(error.payload, { type: 'Dimse', content: { DimseErrorStatus: 0xc000 } });
        return error.cause instanceof DimseStatusError && error.cause.status === 0xc000;
      });
      assert.deepEqual(kindsOf(events), ['accepted', 'released']);
    },
  ));

test('leaving a find early cancels it and releases', () => {
  let wasCancelled = false;
  return withPeer(
    {
      command: CommandField.cFind,
      async answer(request) {
        while (!request.isCancelled()) {
          await pending(request, createDataSet([{ tag: Tag.PatientName, value: 'A' }]));
          await new Promise(setImmediate);
        }
        wasCancelled = true;
        await final(request, Status.cancel);
      },
    },
    async ({ network, events }) => {
      for await (const answer of network.find(remote, query)) {
        assert.equal(answer.text(Tag.PatientName), 'A');
        break;
      }
      assert.equal(wasCancelled, true);
      assert.deepEqual(kindsOf(events), ['accepted', 'released']);
    },
  );
});

test('an answer that cannot be read is an error without its content', () =>
  withPeer(
    {
      command: CommandField.cFind,
      async answer(request) {
        const response = responseTo(request.command, Status.pending, { CommandDataSetType: withDataSet });
        await request.respond(response, [new TextEncoder().encode('NAME^OF A PATIENT, AND NO DATA SET')]);
        while (!request.isCancelled()) await new Promise(setImmediate);
        await final(request, Status.cancel);
      },
    },
    ({ network }) =>
      assert.rejects(namesOf(network.find(remote, query)), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'NetworkProtocol');
        return !error.message.includes('PATIENT');
      }),
  ));

test('a peer that does not know the model', () =>
  withPeer(
    { command: CommandField.cFind, syntax: `${prefix}.5`, answer: (request) => final(request, 0) },
    ({ network }) =>
      assert.rejects(namesOf(network.find(remote, query)), {
        code: 'NoPresentationContext',
        details: /^C-FIND of SOP class 1\.2\.840\.10008\.5\.1\.4\.1\.2\.2\.1 to AET "FAR"/,
      }),
  ));

test('a peer that aborts in the middle of a find', () =>
  withPeer(
    {
      command: CommandField.cFind,
      async answer(request) {
        await pending(request, createDataSet([{ tag: Tag.PatientName, value: 'A' }]));
        throw new Error('broken');
      },
    },
    ({ network }) =>
      assert.rejects(namesOf(network.find(remote, query)), {
        code: 'NetworkProtocol',
        details: /^DicomAssociation - C-FIND to AET "FAR": The peer aborted/,
      }),
  ));

test('a move tells its progress, and is cancelled when asked', () =>
  withPeer(
    {
      command: CommandField.cMove,
      async answer(request) {
        assert.equal(request.command.MoveDestination, 'THIRD');
        const counters = { NumberOfRemainingSuboperations: 9, NumberOfCompletedSuboperations: 1 };
        while (!request.isCancelled()) {
          await request.respond(responseTo(request.command, Status.pending, counters));
          await new Promise(setImmediate);
        }
        await final(request, Status.cancel);
      },
    },
    async ({ network }) => {
      let asked = 0;
      const seen: number[] = [];
      const outcome = await network.move(remote, query, 'THIRD', {
        progress: ({ remaining }) => void seen.push(remaining),
        isCancelled: () => ++asked > 3,
      });
      assert.equal(seen[0], 9);
      assert.deepEqual(outcome, { status: Status.cancel, remaining: 0, completed: 1, failed: 0, warning: 0 });
    },
  ));

test('a move whose peer tells nothing is cancelled too', () =>
  withPeer(
    {
      command: CommandField.cMove,
      async answer(request) {
        while (!request.isCancelled()) await new Promise(setImmediate);
        await final(request, Status.cancel);
      },
    },
    async ({ network }) => {
      const outcome = await network.move(remote, query, 'THIRD', { isCancelled: () => true });
      assert.equal(outcome.status, Status.cancel);
    },
  ));

test('a move with warnings has an outcome, a move that fails an error', async () => {
  const statuses = [Status.coercionOfElements, Status.moveDestinationUnknown];
  await withPeer(
    { command: CommandField.cMove, answer: (request) => final(request, statuses.shift() ?? 0) },
    async ({ network }) => {
      assert.equal((await network.move(remote, query, 'THIRD')).status, 0xb000);
      await assert.rejects(network.move(remote, query, 'THIRD'), {
        details: 'C-MOVE SCU to AET "FAR" has failed with DIMSE status 0xA801 (move destination unknown)',
      });
    },
  );
});

test('worklists are not retrieved', () =>
  withPeer({ command: CommandField.cMove, answer: (request) => final(request, 0) }, async ({ network }) => {
    const worklist: NetworkQuery = { ...query, model: 'worklist' };
    await assert.rejects(network.move(remote, worklist, 'THIRD'), { code: 'BadRequest' });
    await assert.rejects(
      network.get(remote, worklist, async () => 0),
      { code: 'BadRequest' },
    );
  }));

test('an instance that comes in the presentation context of another SOP class is refused', () =>
  withPeer(
    {
      command: CommandField.cGet,
      async answer(request) {
        const store = storeRequest({
          messageId: 7,
          sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
          sopInstanceUid: '2.25.1',
        });
        await request.respond(store, [new Uint8Array(10)]);
        await final(request, Status.success);
      },
    },
    async ({ network, events }) => {
      let received = 0;
      await network.get(remote, query, async () => ++received);
      assert.equal(received, 0);
      const [accepted] = events;
      const contexts = accepted?.kind === 'accepted' ? [...accepted.association.contexts.values()] : [];
      const classes = contexts.map(({ abstractSyntax }) => abstractSyntax);
      assert.equal(classes[0], '1.2.840.10008.5.1.4.1.2.2.3');
      assert.equal(classes.length, 128);
      // CT, MR, ultrasound, secondary capture, PDF, PET, RT structure sets.
      for (const suffix of ['2', '4', '6.1', '7', '104.1', '128', '481.3']) {
        assert.ok(classes.includes(`1.2.840.10008.5.1.4.1.1.${suffix}`), suffix);
      }
    },
  ));

test('a C-GET proposes the SOP classes that are known before others, and roles unless the peer wants none', () =>
  withPeer({ command: CommandField.cGet, answer: (request) => final(request, 0) }, async ({ network, events }) => {
    const rare = '1.2.840.10008.5.1.4.1.1.78.1';
    const asked = { ...query, sopClasses: [rare] };
    await network.get(remote, asked, async () => 0);
    await network.get({ ...remote, hasDefaultRoles: true }, asked, async () => 0);
    const associations = events.flatMap((event) => (event.kind === 'accepted' ? [event.association] : []));
    for (const { contexts } of associations) {
      assert.deepEqual([contexts.size, contexts.get(3)?.abstractSyntax], [128, rare]);
    }
    const roles = associations.map(({ peer }) => peer.roles.filter(({ scp, scu }) => scp && !scu).length);
    assert.deepEqual(roles, [127, 0]);
  }));

test('the message of a move has the number that was given to it', () =>
  withPeer(
    {
      command: CommandField.cMove,
      async answer(request) {
        assert.equal(request.command.MessageID, 4711);
        await final(request, Status.success);
      },
    },
    async ({ network }) => {
      assert.equal((await network.move(remote, query, 'THIRD', { messageId: 4711 })).status, 0);
    },
  ));

test('nothing goes in clear to a modality with DICOM TLS', () =>
  withPeer({ command: CommandField.cFind, answer: (request) => final(request, 0) }, async ({ network, events }) => {
    await assert.rejects(namesOf(network.find({ ...remote, useDicomTls: true }, query)), { code: 'NetworkProtocol' });
    assert.deepEqual(events, []);
  }));
