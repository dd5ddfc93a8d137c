// Stored instances are read at the cost of their headers, whatever lies behind, and however they are stored.
import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { createDataSet, encodePart10, Tag } from '@pharos/dicom';
import {
  type IngestFixture,
  noMetrics,
  openIngest,
  type SyntheticIdentity,
  syntheticElements,
  syntheticInstance,
} from '@pharos/testkit';
import { isOrthancId } from '../../model/index.ts';
import type { InstanceReader } from '../services.ts';
import { createInstanceReader } from './instance-reader.ts';

const mr: SyntheticIdentity = { kind: 'mr', patient: 1, study: 0, series: 0, instance: 0 };
const trailing = { tag: 0x7fe10010, vr: 'LO', value: 'BEHIND THE PIXELS' } as const;

interface Storage extends IngestFixture {
  readonly reader: InstanceReader;
  bytesRead(): number;
  /** Blobs and where they were read from, in the order of the reads. */
  readonly reads: { readonly uuid: string; readonly start: number }[];
}

async function open(settings: Parameters<typeof openIngest>[0] = {}): Promise<Storage> {
  const fixture = await openIngest(settings);
  let read = 0;
  const reads: Storage['reads'] = [];
  const { blobs } = fixture;
  const reader = createInstanceReader({
    ...fixture,
    blobs: {
      stream: (uuid, range) => blobs.stream(uuid, range),
      lend: (uuid, range) => blobs.lend(uuid, range),
      sequence: () => blobs.sequence(),
      read(uuid, range) {
        reads.push({ uuid, start: range?.start ?? 0 });
        return blobs.read(uuid, range);
      },
    },
    live: { fallbackCharset: () => 'ISO_IR 100' },
    settings: { DicomParserCacheSize: 0, MaximumStorageCacheSize: 0 },
    metrics: { ...noMetrics, add: (name, amount) => (read += name === 'orthanc_storage_read_bytes' ? amount : 0) },
  });
  return { ...fixture, reader, reads, bytesRead: () => read };
}

let plain: Storage;
let compressed: Storage;
before(async () => {
  plain = await open();
  compressed = await open({ settings: { StorageCompression: true } });
});
after(() => Promise.all([plain.discard(), compressed.discard()]));

test('the header is read without the pixels', async () => {
  const { ids } = await plain.store(syntheticInstance(mr));
  const before = plain.bytesRead();
  const file = await plain.reader.header(ids.instance);
  assert.equal(file?.dataSet.text(Tag.PatientID), 'PAT0000001');
  assert.equal(file.pixelData?.length, 256 * 256 * 2);
  assert.ok(plain.bytesRead() - before < 20_000, `${plain.bytesRead() - before} bytes were read`);
});

test('what is behind the pixels is read without the pixels', async () => {
  const identity = { ...mr, instance: 1, elements: [trailing] };
  const { ids } = await plain.store(syntheticInstance(identity));
  assert.equal((await plain.reader.header(ids.instance))?.dataSet.has(trailing.tag), false);
  const before = plain.bytesRead();
  const whole = await plain.reader.whole(ids.instance);
  assert.equal(whole?.dataSet.text(trailing.tag), trailing.value);
  assert.equal(whole.dataSet.bytes(Tag.PixelData)?.byteLength, 0);
  assert.ok(plain.bytesRead() - before < 40_000, `${plain.bytesRead() - before} bytes were read`);
});

test('what is behind encapsulated pixels is read too', async () => {
  const pixels = {
    tag: Tag.PixelData,
    vr: 'OB',
    value: { fragments: [new Uint8Array(0), new Uint8Array(50_000)] },
  } as const;
  const identity = { ...mr, instance: 2, elements: [pixels, trailing], transferSyntax: '1.2.840.10008.1.2.4.50' };
  for (const storage of [plain, compressed]) {
    const { ids } = await storage.store(syntheticInstance(identity));
    const whole = await storage.reader.whole(ids.instance);
    assert.equal(whole?.dataSet.text(trailing.tag), trailing.value);
  }
});

test('compressed storage gives the same content, whole and in parts', async () => {
  const file = syntheticInstance({ ...mr, instance: 3 });
  const { ids } = await compressed.store(file);
  const [attachment] = (await compressed.index.get(ids.instance, { attachments: true }))?.attachments ?? [];
  assert.ok(attachment?.compression === 'zlib');
  assert.ok(Buffer.from(file).equals(await compressed.reader.content(attachment)));
  const range = { start: 100_000, end: 100_010 };
  assert.deepEqual([...(await compressed.reader.content(attachment, range))], [...file.subarray(100_000, 100_010)]);
  const header = await compressed.reader.header(ids.instance);
  assert.equal(header?.dataSet.text(Tag.SOPInstanceUID), '1.2.826.0.1.3680043.10.1530.1.0.0.3');
});

test('deflated data sets are read whole, with their pixels', async () => {
  const file = encodePart10({
    dataSet: createDataSet(syntheticElements({ ...mr, instance: 4, elements: [trailing] })),
    transferSyntax: '1.2.840.10008.1.2.1.99',
    deflateRaw: (bytes) => deflateRawSync(bytes),
  });
  const { ids } = await plain.store(file);
  assert.equal((await plain.reader.header(ids.instance))?.dataSet.text(Tag.PatientID), 'PAT0000001');
  assert.equal((await plain.reader.whole(ids.instance))?.dataSet.text(trailing.tag), trailing.value);
  const expected = createDataSet(syntheticElements({ ...mr, instance: 4 })).bytes(Tag.PixelData);
  const frame = await (await plain.reader.pixels(ids.instance))?.frame(0);
  assert.ok(expected && frame && Buffer.from(expected).equals(await frame.read()));
});

test('an unknown instance, and one that is no instance, give nothing', async () => {
  const { ids } = await plain.store(syntheticInstance({ ...mr, instance: 5 }));
  const unknown = ids.instance.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  assert.ok(isOrthancId(unknown));
  assert.equal(await plain.reader.header(unknown), undefined);
  assert.equal(await plain.reader.header(ids.series), undefined);
});

const mebibyte = 1024 * 1024;

/** A header of 14 MB that no compression makes smaller. */
function largeHeader(instance: number): Uint8Array {
  const noise = new Uint32Array((14 * mebibyte) / 4);
  let state = instance + 1;
  for (let at = 0; at < noise.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise[at] = state;
  }
  const value = new Uint8Array(noise.buffer);
  return syntheticInstance({ ...mr, kind: 'header', instance, elements: [{ tag: Tag.EncapsulatedDocument, value }] });
}

test('of several large headers that are asked for at once, one is in memory at a time', async () => {
  const ids = await Promise.all([100, 101, 102].map(async (n) => (await plain.store(largeHeader(n))).ids.instance));
  plain.reads.length = 0;
  const files = await Promise.all(ids.map((id) => plain.reader.header(id)));
  for (const file of files) assert.equal(file?.dataSet.bytes(Tag.EncapsulatedDocument)?.byteLength, 14 * mebibyte);
  const late = plain.reads.filter(({ start }) => start >= 4 * mebibyte).map(({ uuid }) => uuid);
  const turns = late.filter((uuid, at) => uuid !== late[at - 1]);
  assert.ok(late.length > turns.length, 'each takes several reads');
  assert.equal(turns.length, 3);
});

test('those who ask for one header at once read it once', async () => {
  const { ids } = await plain.store(syntheticInstance({ ...mr, instance: 104 }));
  plain.reads.length = 0;
  const files = await Promise.all([1, 2, 3].map(() => plain.reader.header(ids.instance)));
  assert.equal(plain.reads.length, 1);
  for (const file of files) assert.equal(file?.dataSet.text(Tag.PatientID), 'PAT0000001');
});

test('a large header of a compressed file is inflated once', async () => {
  const { ids } = await compressed.store(largeHeader(103));
  const before = compressed.bytesRead();
  const file = await compressed.reader.header(ids.instance);
  assert.equal(file?.dataSet.bytes(Tag.EncapsulatedDocument)?.byteLength, 14 * mebibyte);
  const read = compressed.bytesRead() - before;
  assert.ok(read < 15 * mebibyte, `${read} bytes were read`);
});

test('a file of its own that has become shorter is not given out as the whole of it', async () => {
  const storage = await open({ files: { packedBytes: 0 } });
  const { ids } = await storage.store(syntheticInstance(mr));
  const [attachment = assert.fail()] =
    (await storage.index.get(ids.instance, { attachments: true }))?.attachments ?? [];
  const { uuid } = attachment;
  await truncate(join(storage.folder, uuid.slice(0, 2), uuid.slice(2, 4), uuid), attachment.compressedSize - 1000);
  for (const pieces of [storage.reader.stream(attachment), storage.reader.lend(attachment)]) {
    let first: Uint8Array | undefined;
    const read = async (): Promise<void> => {
      for await (const piece of pieces) first ??= piece;
    };
    await assert.rejects(read(), { code: 'CorruptedFile' });
    assert.equal(first, undefined, 'before its first byte is given out');
  }
  await assert.rejects(storage.reader.content(attachment), { code: 'CorruptedFile' });
  assert.equal((await storage.reader.content(attachment, { start: 128, end: 132 })).length, 4);
  await storage.discard();
});
