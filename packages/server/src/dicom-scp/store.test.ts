// C-STORE into the server over a network in memory: the file that is made, statuses, what is negotiated.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type ElementInit, encodeDataSet, parsePart10, Tag } from '@pharos/dicom';
import {
  type Association,
  createMemoryTransport,
  openAssociation,
  type RoleSelection,
  type Transport,
} from '@pharos/dimse';
import { createDicomServerFixture, type DicomServerFixture, type DicomServerFixtureOptions } from '@pharos/testkit';
import { PharosError } from '../model/index.ts';
import type { Intake } from '../services/index.ts';
import { createDicomServer, type DicomServer } from './index.ts';

const ct = '1.2.840.10008.5.1.4.1.1.2';
const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const jpeg = '1.2.840.10008.1.2.4.50';

interface World extends AsyncDisposable {
  readonly fixture: DicomServerFixture;
  readonly server: DicomServer;
  open(
    contexts?: readonly (readonly [string, readonly string[]])[],
    roles?: readonly RoleSelection[],
  ): Promise<Association>;
}

async function createWorld(options?: DicomServerFixtureOptions): Promise<World> {
  const fixture = createDicomServerFixture(options);
  const transport = createMemoryTransport();
  const server = createDicomServer(fixture.services, { transport, port: 104 });
  await server.listen();
  return {
    fixture,
    server,
    open: (contexts, roles) => openTo(transport, contexts, roles),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

function openTo(
  transport: Transport,
  contexts: readonly (readonly [string, readonly string[]])[] = [[ct, [implicit]]],
  roles: readonly RoleSelection[] = [],
): Promise<Association> {
  return openAssociation({
    transport,
    host: '',
    port: 104,
    callingAet: ' SENDER ',
    calledAet: 'PHAROS',
    contexts: contexts.map(([abstractSyntax, transferSyntaxes]) => ({ abstractSyntax, transferSyntaxes })),
    roles,
    maximumPduLength: 16384,
    implementation: { classUid: '2.25.9', versionName: 'TEST' },
    timeout: 5000,
  });
}

const uids: readonly ElementInit[] = [
  { tag: Tag.SOPClassUID, value: ct },
  { tag: Tag.SOPInstanceUID, value: '2.25.10' },
];

async function store(world: World, elements: readonly ElementInit[]): Promise<number> {
  const association = await world.open();
  const data = [encodeDataSet(createDataSet(elements), implicit)];
  const status = await association.store({ contextId: 1, sopClassUid: ct, sopInstanceUid: '2.25.10', data });
  await association.release();
  return status;
}

test('the file is a new meta header and the data set byte for byte', async () => {
  await using world = await createWorld();
  const elements: readonly ElementInit[] = [...uids, { tag: Tag.PatientID, value: 'TEST' }];
  assert.equal(await store(world, elements), 0);
  const [instance] = world.fixture.received;
  assert.ok(instance);
  const { meta, transferSyntax } = parsePart10(instance.bytes);
  assert.equal(transferSyntax, implicit);
  assert.equal(meta.text(Tag.MediaStorageSOPClassUID), ct);
  assert.equal(meta.text(Tag.MediaStorageSOPInstanceUID), '2.25.10');
  const dataSet = encodeDataSet(createDataSet(elements), implicit);
  assert.deepEqual(Uint8Array.from(instance.bytes.subarray(-dataSet.length)), dataSet);
});

test('a data set without its UIDs cannot be understood', async () => {
  await using world = await createWorld();
  assert.equal(await store(world, [{ tag: Tag.PatientID, value: 'TEST' }]), 0xc000);
});

test('an empty data set cannot be understood, and is given up before the ingest judges it as a file', async () => {
  const { services } = createDicomServerFixture();
  let aborted = 0;
  const begin = (): Intake => ({
    push: () => undefined,
    finish: () => Promise.reject(new PharosError('BadFileFormat')),
    async abort() {
      aborted += 1;
    },
  });
  const transport = createMemoryTransport();
  const server = createDicomServer({ ...services, ingest: { begin } }, { transport, port: 104 });
  await server.listen();
  const association = await openTo(transport);
  assert.equal(await association.store({ contextId: 1, sopClassUid: ct, sopInstanceUid: '2.25.10', data: [] }), 0xc000);
  assert.equal(aborted, 1);
  await association.release();
  await server.close();
});

test('a data set of another class or instance does not match', async () => {
  await using world = await createWorld();
  assert.equal(
    await store(world, [
      { tag: Tag.SOPClassUID, value: '1.2' },
      { tag: Tag.SOPInstanceUID, value: '2.25.10' },
    ]),
    0xa900,
  );
  assert.equal(
    await store(world, [
      { tag: Tag.SOPClassUID, value: ct },
      { tag: Tag.SOPInstanceUID, value: '2.25.11' },
    ]),
    0xa900,
  );
  assert.deepEqual(world.fixture.received, []);
});

test('any other failure is a lack of resources, and is logged', async () => {
  await using world = await createWorld({ store: () => Promise.reject(new Error('disk full')) });
  assert.equal(await store(world, uids), 0xa700);
  assert.ok(world.fixture.lines.some((line) => line.includes('0xA700') && line.includes('disk full')));
});

test('accepted transfer syntaxes and SOP classes are read at each association', async () => {
  let syntaxes = [explicit];
  await using world = await createWorld({ live: { isTransferSyntaxAccepted: (uid) => syntaxes.includes(uid) } });
  const first = await world.open([[ct, [implicit, explicit]]]);
  assert.deepEqual([...first.contexts.values()], [{ id: 1, abstractSyntax: ct, transferSyntax: explicit }]);
  syntaxes = [];
  const second = await world.open([[ct, [implicit, explicit]]]);
  assert.equal(second.contexts.size, 0);
  await Promise.all([first.release(), second.release()]);
});

test('unknown SOP classes are accepted where they are asked for, explicit little endian first', async () => {
  const contexts: readonly (readonly [string, readonly string[]])[] = [
    ['1.3.6.1.4.1.9999.1', [implicit, explicit]],
    ['1.3.6.1.4.1.9999.2', [jpeg, implicit]],
    ['1.2.840.10008.5.1.4.31', [implicit]],
  ];
  await using usual = await createWorld();
  const none = await usual.open(contexts);
  assert.equal(none.contexts.size, 0);
  await none.release();
  await using promiscuous = await createWorld({ live: { unknownSopClassAccepted: () => true } });
  const some = await promiscuous.open(contexts);
  assert.deepEqual(
    [...some.contexts.values()].map(({ id, transferSyntax }) => [id, transferSyntax]),
    [
      [1, explicit],
      [3, implicit],
    ],
  );
  await some.release();
});

test('roles that are proposed for storage are echoed', async () => {
  await using world = await createWorld();
  const roles = [{ sopClassUid: ct, scu: false, scp: true }];
  const association = await world.open(undefined, roles);
  assert.deepEqual(association.peer.roles, roles);
  await association.release();
});

test('the server tells how many more associations it would accept', async () => {
  await using world = await createWorld();
  const free = world.server.freeAssociations();
  const association = await world.open();
  assert.equal(world.server.freeAssociations(), free - 1);
  await association.release();
});
