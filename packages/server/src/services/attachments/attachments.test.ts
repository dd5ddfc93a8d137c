// Attachments are kept with their revisions; what could not be kept leaves no bytes behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tag } from '@pharos/dicom';
import { blobKeys, type IngestFixture, md5, noMetrics, openIngest, syntheticInstance } from '@pharos/testkit';
import type { OrthancId } from '../../model/index.ts';
import type { ResourceRef } from '../../ports/index.ts';
import { createInstanceReader, hashed } from '../read/index.ts';
import { isIntact, recompressAttachment, storeAttachment } from './index.ts';

const type = 1024;
let storage: IngestFixture;
let study: ResourceRef;
let instance: OrthancId;
before(async () => {
  storage = await openIngest();
  const { ids } = await storage.store(syntheticInstance({ kind: 'mr', patient: 1, study: 0, series: 0, instance: 0 }));
  study = { level: 'Study', id: ids.study };
  instance = ids.instance;
});
after(() => storage.discard());

function deps() {
  const settings = { ...storage.settings, DicomParserCacheSize: 0, MaximumStorageCacheSize: 0 };
  const live = { fallbackCharset: () => 'ISO_IR 100' };
  const reader = createInstanceReader({ ...storage, live, settings, metrics: noMetrics });
  return { ...storage, settings, reader, clock: { now: () => new Date() } };
}

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function attachmentOf(id: OrthancId, wanted: number) {
  const resource = await storage.index.get(id, { attachments: true });
  const attachment = resource?.attachments.find((candidate) => candidate.type === wanted);
  assert.ok(attachment);
  return attachment;
}

test('an attachment comes back as it went in', async () => {
  const { outcome } = await storeAttachment(deps(), study, { type, content: pieces('hello ', 'world') });
  assert.deepEqual(outcome, { status: 'Done', revision: 0 });
  const attachment = await attachmentOf(study.id, type);
  assert.equal(attachment.uncompressedMd5, md5(Buffer.from('hello world')));
  assert.equal(Buffer.from(await deps().reader.content(attachment)).toString(), 'hello world');
});

test('a refused one leaves no bytes', async () => {
  const before = (await blobKeys(storage.folder)).length;
  const conflict = await storeAttachment(deps(), study, { type, content: pieces('other') }, { revision: 7 });
  assert.equal(conflict.outcome.status, 'Conflict');
  const missing = await storeAttachment(deps(), { level: 'Series', id: study.id }, { type, content: pieces('other') });
  assert.equal(missing.outcome.status, 'Missing');
  assert.equal((await blobKeys(storage.folder)).length, before);
});

test('a source that fails leaves no bytes', async () => {
  const before = (await blobKeys(storage.folder)).length;
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the client went away');
  };
  await assert.rejects(storeAttachment(deps(), study, { type, content: failing() }), /went away/);
  assert.equal((await blobKeys(storage.folder)).length, before);
});

test('compression changes what is stored and not what is read', async () => {
  const before = await hashed(deps(), await attachmentOf(instance, 1));
  await recompressAttachment(deps(), { level: 'Instance', id: instance }, before, 'zlib');
  const after = await attachmentOf(instance, 1);
  assert.equal(after.compression, 'zlib');
  assert.ok(after.compressedSize < before.compressedSize);
  assert.equal(after.uncompressedMd5, before.uncompressedMd5);
  assert.equal(md5(await deps().reader.content(after)), before.uncompressedMd5);
  assert.equal(await isIntact(deps(), after), true);
});

test('a file that came meanwhile is not replaced by the one that was there before', async () => {
  const identity = { kind: 'header', patient: 2, study: 0, series: 0, instance: 0 } as const;
  const { ids } = await storage.store(syntheticInstance(identity));
  const before = await attachmentOf(ids.instance, 1);
  const ref = { level: 'Instance', id: ids.instance } as const;
  const { reader } = deps();
  const replaced = {
    ...deps(),
    reader: {
      // Read from memory, as what was opened before is.
      async *stream() {
        const old = await reader.content(before);
        await storage.index.deleteResource(ref, '20260101T000000');
        await storage.store(
          syntheticInstance({ ...identity, elements: [{ tag: Tag.StudyDescription, value: 'Newer' }] }),
        );
        yield old;
      },
    },
  };
  assert.deepEqual(await recompressAttachment(replaced, ref, before, 'zlib'), { status: 'Conflict' });
  assert.notEqual((await attachmentOf(ids.instance, 1)).uuid, before.uuid);
  assert.equal((await attachmentOf(ids.instance, 1)).compression, 'none');
});

test('damage is not compressed away', async () => {
  const { ids } = await storage.store(
    syntheticInstance({ kind: 'header', patient: 3, study: 0, series: 0, instance: 0 }),
  );
  const ref = { level: 'Instance', id: ids.instance } as const;
  const before = await hashed(deps(), await attachmentOf(ids.instance, 1));
  const damaged = { ...deps(), reader: { stream: () => pieces('damaged!') } };
  await assert.rejects(recompressAttachment(damaged, ref, before, 'zlib'), { code: 'CorruptedFile' });
  assert.equal((await attachmentOf(ids.instance, 1)).uuid, before.uuid);
});

test('damage is seen', async () => {
  await storeAttachment(deps(), study, { type: 1025, content: pieces('precious') });
  const attachment = await attachmentOf(study.id, 1025);
  assert.equal(await isIntact(deps(), attachment), true);
  const damaged = { ...deps(), blobs: { stream: () => pieces('damaged!') } };
  assert.equal(await isIntact(damaged, attachment), false);
});

test('an attachment whose row was written stays, whatever failed after that; without a row nothing stays', async () => {
  const before = new Set(await blobKeys(storage.folder));
  const failed = new Error('a listener failed');
  const source = () => ({ type: 1030, content: pieces('kept') });
  const refusing = { ...storage.index, setAttachment: () => Promise.reject(failed) };
  await assert.rejects(storeAttachment({ ...deps(), index: refusing }, study, source()), failed);
  assert.deepEqual(new Set(await blobKeys(storage.folder)), before);
  const failing: typeof storage.index = {
    ...storage.index,
    async setAttachment(...args) {
      await storage.index.setAttachment(...args);
      throw failed;
    },
  };
  await assert.rejects(storeAttachment({ ...deps(), index: failing }, study, source()), failed);
  const content = await deps().reader.content(await attachmentOf(study.id, 1030));
  assert.equal(Buffer.from(content).toString(), 'kept');
});
