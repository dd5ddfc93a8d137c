// Storage commitment over a network in memory: who may ask, in which role, and what those get who ask for what cannot be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type ElementInit, encodeDataSet, Tag } from '@pharos/dicom';
import {
  type Association,
  actionRequest,
  createMemoryTransport,
  openAssociation,
  type RoleSelection,
} from '@pharos/dimse';
import { createDicomServerFixture, modalityNamed } from '@pharos/testkit';
import { PharosError, SopClass } from '../model/index.ts';
import type { Modality } from '../services/index.ts';
import type { Job } from '../services/jobs/index.ts';
import { createDicomServer } from './index.ts';

const sopClassUid = SopClass.storageCommitmentPushModel;
const sopInstanceUid = '1.2.840.10008.1.20.1.1';
const [implicit, explicit, bigEndian] = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2'];
const bothRoles: RoleSelection = { sopClassUid, scu: true, scp: true };

interface OpenOptions {
  readonly callingAet?: string;
  readonly transferSyntaxes?: readonly string[];
  readonly roles?: readonly RoleSelection[];
}

interface World extends AsyncDisposable {
  readonly submitted: readonly Job[];
  readonly taken: readonly unknown[];
  readonly lines: readonly string[];
  open(options?: OpenOptions): Promise<Association>;
}

async function createWorld(
  modality: Partial<Modality> = {},
  submit: () => Promise<string> = async () => 'job',
): Promise<World> {
  const submitted: Job[] = [];
  const taken: unknown[] = [];
  const { services, lines } = createDicomServerFixture({
    modalities: { scanner: modalityNamed('SCANNER', { host: '192.0.2.1', port: 11112, ...modality }) },
    commitment: {
      jobs: {
        async submit(job) {
          submitted.push(job);
          return submit();
        },
      },
      commitments: { take: (aet, report) => void taken.push({ aet, ...report }) },
    },
  });
  const transport = createMemoryTransport({ pieceLength: 1 << 16 });
  const server = createDicomServer(services, { transport, port: 104 });
  await server.listen();
  return {
    submitted,
    taken,
    lines,
    open: ({ callingAet = 'SCANNER', transferSyntaxes = [implicit], roles = [] } = {}) =>
      openAssociation({
        transport,
        host: '',
        port: 104,
        callingAet,
        calledAet: 'PHAROS',
        contexts: [{ abstractSyntax: sopClassUid, transferSyntaxes }],
        roles,
        maximumPduLength: 16384,
        implementation: { classUid: '1.2.3', versionName: 'TEST' },
        timeout: 5000,
      }),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

const transaction: ElementInit = { tag: Tag.TransactionUID, value: '2.25.1' };
const item = (sopInstance: string): readonly ElementInit[] => [
  { tag: Tag.ReferencedSOPClassUID, value: '1.2.840.10008.5.1.4.1.1.2' },
  { tag: Tag.ReferencedSOPInstanceUID, value: sopInstance },
];
const references = (count: number): ElementInit => ({
  tag: Tag.ReferencedSOPSequence,
  value: Array.from({ length: count }, (_, at) => item(`1.2.${at}`)),
});
const failures = (...more: readonly ElementInit[]): ElementInit => ({
  tag: Tag.FailedSOPSequence,
  value: [[...item('9.9'), ...more]],
});

function encoded(elements: readonly ElementInit[], { contexts }: Association): readonly Uint8Array[] {
  return [encodeDataSet(createDataSet(elements), contexts.get(1)?.transferSyntax ?? '')];
}

/** Status and comment of an N-ACTION with this information. */
async function ask(association: Association, information: readonly Uint8Array[] | undefined) {
  const hasInformation = information !== undefined;
  const command = actionRequest({ messageId: 0, sopClassUid, sopInstanceUid, actionTypeId: 1, hasInformation });
  const { Status, ErrorComment = '' } = await association.request(1, command, information);
  return [Status, ErrorComment] as const;
}

for (const transferSyntaxes of [[implicit], [bigEndian, explicit], [implicit, bigEndian]]) {
  test(`a request in one of ${transferSyntaxes.join(', ')} becomes a job, which goes to the modality`, async () => {
    await using world = await createWorld({ localAet: 'MINE' });
    const association = await world.open({ transferSyntaxes });
    assert.deepEqual(await ask(association, encoded([transaction, references(2)], association)), [0, '']);
    const [job, ...more] = world.submitted;
    assert.deepEqual(more, []);
    assert.deepEqual(job?.input, {
      transactionUid: '2.25.1',
      references: [0, 1].map((at) => ({
        sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
        sopInstanceUid: `1.2.${at}`,
      })),
      remote: { aet: 'SCANNER', host: '192.0.2.1', port: 11112, localAet: 'MINE', timeout: 10 },
      remoteIp: '127.0.0.1',
      calledAet: 'PHAROS',
    });
    await association.release();
  });
}

test('both roles are accepted as they are proposed', async () => {
  await using world = await createWorld();
  for (const role of [bothRoles, { sopClassUid, scu: false, scp: true }, { sopClassUid, scu: true, scp: false }]) {
    const association = await world.open({ roles: [role] });
    assert.deepEqual(association.peer.roles, [role]);
    await association.release();
  }
});

test('who is not known, or not allowed, is not answered: the association ends', async () => {
  const { allow } = modalityNamed('SCANNER');
  for (const [change, callingAet, mayReport] of [
    [{}, 'STRANGER', false],
    [{ allow: { ...allow, NAction: false } }, 'SCANNER', true],
    [{ allow: { ...allow, NAction: false, EventReport: false } }, 'SCANNER', false],
  ] as const) {
    await using world = await createWorld(change);
    const asking = await world.open({ callingAet });
    await assert.rejects(ask(asking, encoded([transaction, references(1)], asking)), { failure: 'aborted' });
    const reporting = await world.open({ callingAet });
    const information = encoded([transaction, references(1)], reporting);
    const report = reporting.eventReport({ contextId: 1, sopClassUid, sopInstanceUid, eventTypeId: 1, information });
    if (mayReport) assert.equal(await report, 0);
    else await assert.rejects(report, { failure: 'aborted' });
    assert.deepEqual([world.submitted.length, world.taken.length], [0, mayReport ? 1 : 0]);
  }
});

test('what is wrong with a request is told, and the association goes on', async () => {
  await using world = await createWorld();
  const association = await world.open();
  const of = (...elements: readonly ElementInit[]) => encoded(elements, association);
  const truncated = of(transaction, references(3)).map((bytes) => bytes.subarray(0, -10));
  for (const [information, status, comment] of [
    [undefined, 0x0110, /without a transaction UID/],
    [[new Uint8Array(100).fill(7)], 0x0110, /cannot be read/],
    [truncated, 0x0110, /cannot be read/],
    [of(references(1)), 0x0110, /without a transaction UID/],
    [of(transaction), 0x0110, /of no instance/],
    [of(transaction, references(0)), 0x0110, /of no instance/],
    [of(transaction, { tag: Tag.ReferencedSOPSequence, value: [[]] }), 0x0110, /does not name its instances/],
    [of(transaction, references(50_001)), 0x0213, /more than 50000 instances/],
  ] as const) {
    const [told, said] = await ask(association, information);
    assert.equal(told, status, String(comment));
    assert.match(said, comment);
  }
  assert.equal(world.submitted.length, 0);
  assert.deepEqual(await ask(association, of(transaction, references(50_000))), [0, '']);
  await association.release();
});

test('a job that is not taken is a processing failure, and what is wrong here stays here', async () => {
  await using world = await createWorld({}, () => Promise.reject(new PharosError('NotEnoughMemory', 'of ours')));
  const association = await world.open();
  assert.deepEqual(await ask(association, encoded([transaction, references(1)], association)), [0x0110, '']);
  assert.ok(world.lines.some((line) => line.includes('N-ACTION of AET "SCANNER" failed')));
  await association.release();
});

test('reports are taken where they have what their event promises', async () => {
  await using world = await createWorld();
  const association = await world.open({ roles: [bothRoles] });
  const reason: ElementInit = { tag: Tag.FailureReason, value: 0x0119 };
  const report = (eventTypeId: number, ...elements: readonly ElementInit[]) =>
    association.eventReport({
      contextId: 1,
      sopClassUid,
      sopInstanceUid,
      eventTypeId,
      information: encoded(elements, association),
    });
  assert.deepEqual(
    [
      await report(1, transaction, references(1)),
      await report(2, transaction, failures(reason)),
      await report(1, transaction, references(1), failures()),
      await report(1, transaction),
      await report(1, references(1)),
      await report(2, transaction, references(1)),
      await report(3, transaction, references(1)),
    ],
    [0, 0, 0, 0x0110, 0x0110, 0x0110, 0x0113],
  );
  const [sopClass, sopInstance] = ['1.2.840.10008.5.1.4.1.1.2', '9.9'];
  const committed = { sopClassUid: sopClass, sopInstanceUid: '1.2.0' };
  const failed = { sopClassUid: sopClass, sopInstanceUid: sopInstance };
  const common = { aet: 'SCANNER', transactionUid: '2.25.1' };
  assert.deepEqual(world.taken, [
    { ...common, committed: [committed], failed: [] },
    { ...common, committed: [], failed: [{ ...failed, reason: 0x0119 }] },
    { ...common, committed: [committed], failed: [{ ...failed, reason: 0x0110 }] },
  ]);
  await association.release();
});
