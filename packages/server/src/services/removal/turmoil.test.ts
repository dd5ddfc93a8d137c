// Everything at once, on packs that are full after a few files: files come, are replaced, removed, compressed and read while their packs
// are compacted. Whatever was acknowledged is there in the end, byte for byte, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ElementInit, Tag } from '@pharos/dicom';
import { blobKeys, md5, noMetrics, openIngest, syntheticInstance } from '@pharos/testkit';
import { Attachment, type OrthancId } from '../../model/index.ts';
import type { Log, Logger } from '../../ports/index.ts';
import { recompressAttachment } from '../attachments/index.ts';
import { deleteResource } from '../deletion/index.ts';
import { createInstanceReader } from '../read/index.ts';
import { createRemoval } from './removal.ts';

const rounds = Number(process.env.PHAROS_ROUNDS ?? 60);
const atOnce = 8;

const complaints: string[] = [];
const complain = (message: string): void => void complaints.push(message);
const logger: Logger = { error: complain, warn: complain, info() {}, trace() {} };
const log: Log = { of: () => logger, level: () => 'default', setLevel() {} };

/** Bytes of a private element: below, around and above what is packed, and what fills the memory for writing. */
const lengths = [0, 3000, 60_000, 65_000, 130_000, 198_000, 200_000, 400_000];

function fileOf(number: number, revision: number): Buffer {
  const length = lengths[(number + revision) % lengths.length] ?? 0;
  const elements: readonly ElementInit[] = [
    { tag: Tag.SeriesDescription, value: `${revision}` },
    { tag: 0x00091001, vr: 'OB', value: Buffer.alloc(length, revision) },
  ];
  return Buffer.from(
    syntheticInstance({ kind: 'header', patient: number % 5, study: 0, series: 0, instance: number, elements }),
  );
}

for (const sync of [true, false]) {
  test(`nothing is lost in turmoil, ${sync ? 'synced' : 'not synced'}`, async () => {
    complaints.length = 0;
    const settings = { SyncStorageArea: sync, OverwriteInstances: 'Always' } as const;
    const files = { packBytes: 300_000, packedBytes: 200_000, bufferBytes: 8 * 65536 };
    let storage = await openIngest({ settings, files, log });
    const { folder } = storage;
    const live = { fallbackCharset: () => 'ISO_IR 100' };
    const readerSettings = { DicomParserCacheSize: 1, MaximumStorageCacheSize: 1 };
    let reader = createInstanceReader({ ...storage, live, settings: readerSettings, metrics: noMetrics });
    const removal = createRemoval({ ...storage, log, interval: 1 });
    const clock = { now: () => new Date() };
    /** What was acknowledged, by number. */
    const there = new Map<number, { readonly id: OrthancId; readonly md5: string }>();
    const busy = new Set<number>();
    let revision = 0;

    const attachmentOf = async (id: OrthancId) => {
      const found = await storage.index.get(id, { attachments: true });
      return found?.attachments.find(({ type }) => type === Attachment.dicom);
    };
    const upload = async (number: number): Promise<void> => {
      const bytes = fileOf(number, ++revision % 250);
      const { ids, status } = await storage.store(bytes, revision % 3 === 0 ? 150_000 : 65_536);
      assert.equal(status, 'Success');
      there.set(number, { id: ids.instance, md5: md5(bytes) });
    };
    const remove = async (number: number): Promise<void> => {
      const known = there.get(number);
      if (known) await deleteResource({ ...storage, clock }, { level: 'Instance', id: known.id });
      there.delete(number);
      removal.wake();
    };
    const compress = async (number: number): Promise<void> => {
      const known = there.get(number);
      const attachment = known && (await attachmentOf(known.id));
      if (!attachment) return;
      const compression = attachment.compression === 'none' ? 'zlib' : 'none';
      const deps = { ...storage, reader, clock, log };
      await recompressAttachment(deps, { level: 'Instance', id: known.id }, attachment, compression);
    };
    const read = async (number: number): Promise<void> => {
      const known = there.get(number);
      const attachment = known && (await attachmentOf(known.id));
      if (attachment) assert.equal(md5(await reader.content(attachment)), known.md5);
    };
    const actions = [upload, upload, upload, remove, compress, read] as const;
    const worker = async (): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        const number = Math.floor(Math.random() * 60);
        if (busy.has(number)) continue;
        busy.add(number);
        const act = actions[Math.floor(Math.random() * actions.length)] ?? upload;
        await act(number);
        busy.delete(number);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    await removal.drain();
    await removal.stop();

    const check = async (): Promise<void> => {
      const keys: string[] = [];
      for (const { id, md5: expected } of there.values()) {
        const attachment = await attachmentOf(id);
        assert.ok(attachment, `${id} is acknowledged and not there`);
        keys.push(attachment.uuid);
        assert.equal(md5(await reader.content(attachment)), expected);
      }
      assert.equal((await storage.index.counts()).instances, there.size);
      return assert.deepEqual(await leftOver(keys), []);
    };
    const leftOver = async (keys: readonly string[]): Promise<readonly string[]> => {
      const wanted = new Set(keys);
      return (await blobKeys(folder)).filter((key) => !wanted.has(key));
    };
    await storage.close();
    storage = await openIngest({ settings, files, log, folder });
    reader = createInstanceReader({ ...storage, live, settings: readerSettings, metrics: noMetrics });
    assert.deepEqual(storage.recovery, { published: 0, removed: 0 });
    await check();
    await storage.discard();
    assert.deepEqual(complaints, []);
  });
}
