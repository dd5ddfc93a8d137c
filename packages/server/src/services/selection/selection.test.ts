// Which instances a client means, in which order, and what goes over the network of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataSetBytes, parsePart10, Tag } from '@pharos/dicom';
import { noMetrics, openIngest, syntheticInstance, syntheticUids } from '@pharos/testkit';
import { createInstanceReader } from '../read/index.ts';
import { outgoingInstance, selectInstances } from './index.ts';

const live = { fallbackCharset: () => 'ISO_IR 100' };
const settings = { DicomParserCacheSize: 1, MaximumStorageCacheSize: 1 };

function file(series: number, instance: number): Uint8Array {
  const elements = [{ tag: Tag.InstanceNumber, value: String(instance) }];
  return syntheticInstance({ kind: 'header', patient: 1, study: 1, series, instance, elements });
}

test('instances come series by series, by number, each once', async () => {
  const store = await openIngest();
  const ids = new Map<string, string>();
  let patient = '';
  for (const [series, instance] of [
    [2, 10],
    [1, 2],
    [2, 9],
    [1, 1],
  ] as const) {
    const { ids: stored } = await store.store(file(series, instance));
    ids.set(`${series}.${instance}`, stored.instance);
    patient = stored.patient;
  }
  const single = ids.get('2.9') ?? '';
  const { resources, instances } = await selectInstances(store, [single, patient]);
  assert.deepEqual(
    resources.map(({ level }) => level),
    ['Instance', 'Patient'],
  );
  assert.deepEqual(
    instances,
    ['2.9', '1.1', '1.2', '2.10'].map((name) => ids.get(name)),
  );
  await assert.rejects(selectInstances(store, ['nothing']), { code: 'UnknownResource' });
  await store.discard();
});

test('an instance is sent as it was stored, without its meta header', async () => {
  const store = await openIngest();
  const reader = createInstanceReader({ ...store, live, settings, metrics: noMetrics });
  const bytes = file(1, 1);
  const { ids } = await store.store(bytes);
  const outgoing = await outgoingInstance({ ...store, reader }, ids.instance);
  assert.ok(outgoing);
  const { instance } = syntheticUids({ patient: 1, study: 1, series: 1, instance: 1 });
  assert.deepEqual([outgoing.sopInstanceUid, outgoing.transferSyntax], [instance, parsePart10(bytes).transferSyntax]);
  const sent = Buffer.concat(await Array.fromAsync(dataSetBytes(outgoing.open())));
  assert.ok(bytes.length - sent.length > 132 && Buffer.from(bytes.subarray(-sent.length)).equals(sent));
  // Group 0008 comes first behind the meta header.
  assert.equal(sent.readUInt16LE(0), 8);
  assert.equal(await outgoingInstance({ ...store, reader }, ids.series), undefined);
  await store.discard();
});
