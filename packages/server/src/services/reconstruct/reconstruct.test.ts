// Reconstruction puts what the files say into the index, and leaves what tells of their arrival.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { standardDictionary, Tag } from '@pharos/dicom';
import { type IngestFixture, noMetrics, openIngest, syntheticInstance } from '@pharos/testkit';
import { createMainDicomTagRegistry, Metadata, type OrthancId } from '../../model/index.ts';
import { createInstanceReader, hashed } from '../read/index.ts';
import { reconstruct, reconstructAll } from './index.ts';

const mainTags = createMainDicomTagRegistry({ Study: [Tag.Manufacturer], Instance: [Tag.ImageType] });
const asIs = { files: false, onlyThisLevel: false };

let storage: IngestFixture;
before(async () => {
  storage = await openIngest();
});
after(() => storage.discard());

function deps(settings: Partial<IngestFixture['settings']> = {}) {
  const all = { ...storage.settings, ...settings, DicomParserCacheSize: 0, MaximumStorageCacheSize: 0 };
  const live = { fallbackCharset: () => 'ISO_IR 100' };
  const reader = createInstanceReader({ ...storage, live, settings: all, metrics: noMetrics });
  return {
    ...storage,
    settings: all,
    reader,
    mainTags,
    dictionary: standardDictionary,
    clock: { now: () => new Date() },
  };
}

const file = (study: number, instance: number) =>
  syntheticInstance({ kind: 'mr', patient: 1, study, series: 0, instance });

async function get(id: OrthancId) {
  const resource = await storage.index.get(id, { tags: true, metadata: true, attachments: true });
  assert.ok(resource);
  const metadata = new Map(resource.metadata.map(({ type, value }) => [type, value]));
  return { ...resource, metadata };
}

test('tags that became main tags are there after it', async () => {
  const { ids } = await storage.store(file(0, 0));
  const before = await get(ids.instance);
  await reconstruct(deps(), { level: 'Series', id: ids.series }, asIs);
  assert.equal((await get(ids.study)).tags['0008,0070'], 'Pharos');
  const after = await get(ids.instance);
  assert.equal(after.tags['0008,0008'], 'ORIGINAL\\PRIMARY\\AXIAL');
  assert.equal(after.metadata.get(Metadata.MainDicomTagsSignature), mainTags.signatures.Instance);
  assert.equal(after.metadata.get(Metadata.ReceptionDate), before.metadata.get(Metadata.ReceptionDate));
  assert.equal(after.metadata.get(Metadata.PixelDataOffset), before.metadata.get(Metadata.PixelDataOffset));
});

test('limited to a level, it leaves the others', async () => {
  const { ids } = await storage.store(file(1, 0));
  await reconstruct(deps(), { level: 'Study', id: ids.study }, { files: false, onlyThisLevel: true });
  assert.equal((await get(ids.study)).tags['0008,0070'], 'Pharos');
  assert.equal((await get(ids.instance)).tags['0008,0008'], undefined);
});

test('files are stored again as the settings are now', async () => {
  const { ids } = await storage.store(file(2, 0));
  const [before] = (await get(ids.instance)).attachments;
  const compressing = { ...deps({ StorageCompression: true }) };
  const storeZlib = {
    ...compressing,
    attachmentWriter: { begin: (type: number) => storage.attachmentWriter.begin(type, 'zlib') },
  };
  await reconstructAll(storeZlib, { files: true });
  const [after] = (await get(ids.instance)).attachments;
  assert.equal(after?.compression, 'zlib');
  assert.ok(before);
  assert.equal(after?.uncompressedMd5, (await hashed(storage, before)).uncompressedMd5);
});

test('an unknown resource is an error', async () => {
  const { ids } = await storage.store(file(3, 0));
  await assert.rejects(reconstruct(deps(), { level: 'Patient', id: ids.study }, asIs), { code: 'UnknownResource' });
});
