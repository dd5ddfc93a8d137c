// C-GET over a network in memory, out of a real index and real files: to whom, and what becomes of instances that change meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, encodeDataSet, Tag } from '@pharos/dicom';
import {
  createMemoryTransport,
  createStoreService,
  openAssociation,
  type RetrieveOutcome,
  type RoleSelection,
  Status,
} from '@pharos/dimse';
import { createDicomServerFixture, noMetrics, openIngest, syntheticInstance, syntheticUids } from '@pharos/testkit';
import type { OrthancId } from '../model/index.ts';
import { createInstanceReader } from '../services/read/index.ts';
import { createDicomServer } from './index.ts';

const studyRootGet = '1.2.840.10008.5.1.4.1.2.2.3';
const ct = '1.2.840.10008.5.1.4.1.1.2';
const implicit = '1.2.840.10008.1.2';
const explicit = '1.2.840.10008.1.2.1';
const asScp: RoleSelection = { sopClassUid: ct, scu: false, scp: true };

/** The same instance again, in other transfer syntaxes. */
const file = (instance: number, transferSyntax = explicit): Uint8Array =>
  syntheticInstance({ kind: 'ct', patient: 1, study: 1, series: 1, instance, transferSyntax });

interface World extends AsyncDisposable {
  /** An instance is overwritten, and its old file is gone. */
  replace(instance: number, transferSyntax: string): Promise<void>;
  /** @param arrived told of each instance that came, and in which transfer syntax */
  get(roles: readonly RoleSelection[], arrived?: (transferSyntax: string) => Promise<void>): Promise<RetrieveOutcome>;
}

/** A server with a series of two, whose files are compressed, so that they are not read ahead. */
async function createWorld(): Promise<World> {
  const store = await openIngest({ settings: { OverwriteInstances: 'Always', StorageCompression: true } });
  const fixed = { live: { fallbackCharset: () => 'ISO_IR 100' }, metrics: noMetrics };
  const settings = { DicomParserCacheSize: 1, MaximumStorageCacheSize: 1 };
  const reader = createInstanceReader({ ...store, ...fixed, settings });
  const ids: OrthancId[] = [];
  for (const instance of [1, 2]) ids.push((await store.store(file(instance))).ids.instance);
  const { services } = createDicomServerFixture({
    settings: { DicomAlwaysAllowGet: true },
    query: { index: store.index, reader },
  });
  const transport = createMemoryTransport();
  const server = createDicomServer(services, { transport, port: 104 });
  await server.listen();

  return {
    async replace(instance, transferSyntax) {
      const [id = assert.fail()] = ids.slice(instance - 1);
      const old = await store.index.get(id, { attachments: true });
      await store.store(file(instance, transferSyntax));
      await store.blobs.remove(old?.attachments.map(({ uuid }) => uuid) ?? []);
    },
    async get(roles, arrived = async () => {}) {
      const association = await openAssociation({
        transport,
        host: '',
        port: 104,
        callingAet: 'VIEWER',
        calledAet: 'PHAROS',
        contexts: [
          { abstractSyntax: studyRootGet, transferSyntaxes: [implicit] },
          { abstractSyntax: ct, transferSyntaxes: [explicit] },
          { abstractSyntax: ct, transferSyntaxes: [implicit] },
        ],
        roles,
        services: [
          createStoreService({
            begin: ({ context }) => ({
              push: () => undefined,
              async finish() {
                await arrived(context.transferSyntax);
                return Status.success;
              },
              abort: async () => {},
            }),
          }),
        ],
        maximumPduLength: 16384,
        implementation: { classUid: '2.25.9', versionName: 'TEST' },
        timeout: 5000,
      });
      const { id: contextId } = association.findContext(studyRootGet) ?? assert.fail();
      const { series } = syntheticUids({ patient: 1, study: 1, series: 1, instance: 1 });
      const identifier = createDataSet([
        { tag: Tag.QueryRetrieveLevel, value: 'SERIES' },
        { tag: Tag.SeriesInstanceUID, value: series },
      ]);
      const data = [encodeDataSet(identifier, implicit)];
      const outcome = await association.get({ contextId, sopClassUid: studyRootGet, identifier: data });
      await association.release();
      return outcome;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await store.discard();
    },
  };
}

test('an instance that is replaced by one in another transfer syntax while others are sent is sent in that', async () => {
  await using world = await createWorld();
  const arrived: string[] = [];
  const outcome = await world.get([asScp], async (transferSyntax) => {
    arrived.push(transferSyntax);
    if (arrived.length === 1) await world.replace(2, implicit);
  });
  assert.deepEqual([outcome.status, outcome.completed, outcome.failed], [Status.success, 2, 0]);
  assert.deepEqual(arrived, [explicit, implicit]);
});

for (const [who, roles, isSent] of [
  ['proposed to be SCP', [asScp], true],
  ['proposed no role', [], true],
  ['proposed to be SCU only', [{ sopClassUid: ct, scu: true, scp: false }], false],
] as const) {
  test(`a peer that ${who} of a storage class ${isSent ? 'is' : 'is not'} sent its instances`, async () => {
    await using world = await createWorld();
    const outcome = await world.get(roles);
    const expected = isSent ? [Status.success, 2, 0] : [Status.unableToPerformSuboperations, 0, 2];
    assert.deepEqual([outcome.status, outcome.completed, outcome.failed], expected);
  });
}
