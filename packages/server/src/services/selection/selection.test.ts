// Which instances a client means, in which order, and what goes over the network of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataSetBytes, parsePart10, Tag } from '@pharos/dicom';
import { noMetrics, openIngest, syntheticInstance, syntheticUids } from '@pharos/testkit';
import type { AttachmentInfo, OrthancId } from '../../model/index.ts';
import type { OutgoingInstance } from '../../ports/index.ts';
import { createInstanceReader } from '../read/index.ts';
import type { Transcoder } from '../services.ts';
import { type OutgoingSequence, outgoingInstance, outgoingSequence, selectInstances, sendPresent } from './index.ts';

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
  let searches = 0;
  const index: Parameters<typeof selectInstances>[0]['index'] = {
    get: store.index.get,
    find(query, fields) {
      searches += 1;
      return store.index.find(query, fields);
    },
  };
  const repeated = await selectInstances({ index }, [patient, patient, patient]);
  assert.deepEqual([repeated.instances.length, repeated.resources.length, searches], [4, 3, 1]);
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

async function sentOf(outgoing: OutgoingInstance | undefined): Promise<Buffer> {
  const lent = await outgoing?.lendDataSet?.();
  assert.ok(lent);
  if (!('giveBack' in lent)) return Buffer.concat(await Array.fromAsync(lent, (piece) => Buffer.from(piece)));
  const bytes = Buffer.concat(lent.pieces);
  lent.giveBack();
  return bytes;
}

test('many instances are sent as they were stored, without those that were removed meanwhile', async (t) => {
  const store = await openIngest();
  const reader = createInstanceReader({ ...store, live, settings, metrics: noMetrics });
  const files = new Map<string, Uint8Array>();
  for (let instance = 1; instance <= 150; instance++) {
    const { ids } = await store.store(file(1, instance));
    files.set(ids.instance, file(1, instance));
  }
  const { instances } = await selectInstances(store, [...files.keys()]);
  let asked = 0;
  const index = {
    get: store.index.get,
    getAll(...given: Parameters<typeof store.index.getAll>) {
      asked += 1;
      return store.index.getAll(...given);
    },
  };
  const sequence = outgoingSequence({ index, reader }, instances);
  for (const id of instances.slice(0, 120)) {
    const bytes = files.get(id);
    assert.ok(bytes);
    const expected = await Array.fromAsync(dataSetBytes(pieces(bytes)));
    assert.ok((await sentOf(await sequence.find(id))).equals(Buffer.concat(expected)));
  }
  assert.ok(asked <= 3, `${asked} times`);

  // Those behind a slow peer are looked up anew.
  const [removed, kept] = instances.slice(120);
  assert.ok(removed && kept);
  await store.index.deleteResource({ level: 'Instance', id: removed }, '20260101T130000');
  const later = performance.now() + 60_000;
  t.mock.method(performance, 'now', () => later);
  assert.equal(await sequence.find(removed), undefined);
  assert.ok((await sentOf(await sequence.find(kept))).length > 0);
  sequence.close();
  await store.discard();
});

/** What is sent of an instance whose file goes after it was looked up, when another one has taken its place. */
async function replacedWhileSending(
  replacement: Uint8Array,
  check: (
    outgoing: OutgoingInstance,
    transcoded: readonly AttachmentInfo[],
    id: OrthancId,
    find: OutgoingSequence['find'],
  ) => Promise<void>,
  storageCompression = false,
): Promise<void> {
  const store = await openIngest({
    settings: { OverwriteInstances: 'Always', StorageCompression: storageCompression },
  });
  const reader = createInstanceReader({ ...store, live, settings, metrics: noMetrics });
  const transcoded: AttachmentInfo[] = [];
  const transcoder: Pick<Transcoder, 'attachment'> = {
    async attachment(attachment) {
      const bytes = await reader.content(attachment);
      transcoded.push(attachment);
      const uids = { sopClassUid: '1.2', sopInstanceUid: '1.3', transferSyntax: implicit };
      return { ...uids, length: bytes.length, stream: () => pieces(bytes) };
    },
  };
  const stored = [1, 2].map((instance) => store.store(file(1, instance)));
  const [first, second] = (await Promise.all(stored)).map(({ ids }) => ids.instance);
  assert.ok(first && second);
  const sequence = outgoingSequence({ ...store, reader, transcoder }, [first, second]);
  await sequence.find(first);
  const old = await store.index.get(second, { attachments: true });
  assert.equal((await store.store(replacement)).ids.instance, second);
  await store.blobs.remove(old?.attachments.map(({ uuid }) => uuid) ?? []);
  const outgoing = await sequence.find(second);
  assert.ok(outgoing);
  await check(outgoing, transcoded, second, sequence.find);
  sequence.close();
  await store.discard();
}

const implicit = '1.2.840.10008.1.2';
const identity = { patient: 1, study: 1, series: 1, instance: 2 };

for (const [how, isCompressed] of [
  ['whole', false],
  ['piece by piece, as it is compressed', true],
] as const) {
  test(`of an instance whose file is replaced while others are sent, the new one is sent ${how}`, async () => {
    const elements = [{ tag: Tag.ImageComments, value: 'replaced' }];
    const replacement = syntheticInstance({ kind: 'header', ...identity, elements });
    const expected = await Array.fromAsync(dataSetBytes(pieces(replacement)));
    const check = async (outgoing: OutgoingInstance): Promise<void> =>
      assert.ok((await sentOf(outgoing)).equals(Buffer.concat(expected)));
    await replacedWhileSending(replacement, check, isCompressed);
  });
}

test('the file of an instance that was replaced is the new one, unless its length was told already', async () => {
  const replacement = syntheticInstance({
    kind: 'header',
    ...identity,
    elements: [{ tag: Tag.InstanceNumber, value: '7' }],
  });
  await replacedWhileSending(replacement, async ({ open }) =>
    assert.ok(Buffer.concat(await Array.fromAsync(open())).equals(replacement)),
  );
  const longer = syntheticInstance({
    kind: 'header',
    ...identity,
    elements: [{ tag: Tag.InstanceNumber, value: '777' }],
  });
  await replacedWhileSending(longer, ({ open }) => assert.rejects(Array.fromAsync(open()), /was replaced/));
});

test('of an instance whose file is replaced while others are sent, the new one is transcoded', async () => {
  const elements = [{ tag: Tag.ImageComments, value: 'replaced' }];
  const replacement = syntheticInstance({ kind: 'header', ...identity, elements });
  await replacedWhileSending(replacement, async (outgoing, transcoded) => {
    assert.equal((await outgoing.transcode?.([implicit]))?.length, replacement.length);
    assert.equal(transcoded.length, 1);
  });
});

for (const [what, replacement] of [
  ['another transfer syntax', syntheticInstance({ kind: 'header', ...identity, transferSyntax: implicit })],
  ['another SOP class', syntheticInstance({ kind: 'mr', ...identity })],
] as const) {
  test(`an instance that is replaced by one in ${what} is not sent as what it was`, () =>
    replacedWhileSending(replacement, async (outgoing, transcoded) => {
      const wasReplaced = { code: 'InexistentItem', details: /was replaced while it was being sent/ };
      await assert.rejects(sentOf(outgoing), wasReplaced);
      await assert.rejects(async () => outgoing.transcode?.([implicit]), wasReplaced);
      assert.equal(transcoded.length, 0);
    }));

  test(`an instance that is replaced by one in ${what} is prepared again as what it is`, () =>
    replacedWhileSending(replacement, async (outgoing, _transcoded, id, find) => {
      const { meta, transferSyntax } = parsePart10(replacement);
      const expected = Buffer.concat(await Array.fromAsync(dataSetBytes(pieces(replacement))));
      const found = [outgoing];
      const sent = await sendPresent(
        async () => found.shift() ?? find(id),
        id,
        async (instance) => {
          assert.ok((await sentOf(instance)).equals(expected));
          return [instance.sopClassUid, instance.transferSyntax];
        },
      );
      assert.deepEqual(sent, [meta.text(Tag.MediaStorageSOPClassUID), transferSyntax]);
    }));
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
