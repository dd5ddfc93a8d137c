// What happens to an instance on its way in: stored once, byte for byte, described in the index, refused with the right code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, inflateSync } from 'node:zlib';
import { createDataSet, encodePart10, Tag } from '@pharos/dicom';
import {
  blobKeys,
  type IngestFixture,
  type IngestFixtureOptions,
  md5,
  openIngest,
  syntheticInstance,
} from '@pharos/testkit';
import { createMainDicomTagRegistry, Metadata } from '../../model/index.ts';

async function withIngest(
  options: IngestFixtureOptions,
  body: (fixture: IngestFixture) => Promise<void>,
): Promise<void> {
  const fixture = await openIngest(options);
  try {
    await body(fixture);
  } finally {
    await fixture.discard();
  }
}

const ct = (instance: number): Uint8Array =>
  syntheticInstance({ kind: 'ct', patient: 0, study: 0, series: 0, instance });
const headerOnly = (instance: number, patient = 0): Uint8Array =>
  syntheticInstance({ kind: 'header', patient, study: 0, series: 0, instance });

const hasCode = (code: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === code;

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const identifiers = [
  { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.2' },
  { tag: Tag.SOPInstanceUID, value: '1.2.3' },
  { tag: Tag.PatientID, value: 'P ' },
  { tag: Tag.StudyInstanceUID, value: '1.2.3.4' },
  { tag: Tag.SeriesInstanceUID, value: '1.2.3.5' },
];
type Elements = Parameters<typeof createDataSet>[0];
const fileOf = (elements: Elements): Uint8Array =>
  encodePart10({ dataSet: createDataSet(elements), transferSyntax: explicitLittleEndian });

test('an instance is stored byte for byte and described in the index', () =>
  withIngest({}, async ({ store, index, blobs }) => {
    const file = ct(3);
    const { status, ids } = await store(file);
    assert.equal(status, 'Success');
    const instance = await index.get(ids.instance, { tags: true, metadata: true, attachments: true });
    const [attachment] = instance?.attachments ?? [];
    assert.ok(attachment);
    assert.deepEqual(Buffer.from(await blobs.read(attachment.uuid)), Buffer.from(file));
    assert.deepEqual([attachment.uncompressedMd5, attachment.crc32], [undefined, crc32(file)]);
    assert.equal(attachment.compressedSize, file.byteLength);
    const metadata = new Map(instance?.metadata.map(({ type, value }) => [type, value]));
    assert.equal(metadata.get(Metadata.TransferSyntax), explicitLittleEndian);
    assert.equal(metadata.get(Metadata.Origin), 'RestApi');
    assert.equal(metadata.get(Metadata.RemoteIP), '127.0.0.1');
    assert.equal(metadata.get(Metadata.RemoteAET), '');
    assert.equal(metadata.get(Metadata.SopClassUid), '1.2.840.10008.5.1.4.1.1.2');
    assert.match(metadata.get(Metadata.ReceptionDate) ?? '', /^\d{8}T\d{6}$/);
    const offset = Number(metadata.get(Metadata.PixelDataOffset));
    assert.deepEqual([...file.subarray(offset, offset + 4)], [0xe0, 0x7f, 0x10, 0x00]);
    assert.equal(metadata.get(Metadata.PixelDataVR), undefined);
  }));

test('what comes again is told and not kept twice, whatever comes at the same time', () =>
  withIngest({}, async ({ store, folder, blobs }) => {
    const results = await Promise.all(Array.from({ length: 12 }, () => store(headerOnly(1))));
    assert.equal(results.filter(({ status }) => status === 'Success').length, 1);
    assert.equal((await store(headerOnly(1))).status, 'AlreadyStored');
    await blobs.close();
    assert.equal((await blobKeys(folder)).length, 1);
  }));

test('OverwriteInstances Always replaces the file', () =>
  withIngest({ settings: { OverwriteInstances: 'Always' } }, async ({ store, index, blobs }) => {
    const { ids } = await store(headerOnly(1));
    const changed = syntheticInstance({
      kind: 'header',
      patient: 0,
      study: 0,
      series: 0,
      instance: 1,
      elements: [{ tag: Tag.PatientComments, value: 'new' }],
    });
    assert.equal((await store(changed)).status, 'Success');
    const [attachment] = (await index.get(ids.instance, { attachments: true }))?.attachments ?? [];
    assert.deepEqual(Buffer.from(await blobs.read(attachment?.uuid ?? '')), Buffer.from(changed));
  }));

test('chunks of any size give the same instance', () =>
  withIngest({ settings: { OverwriteInstances: 'Always' } }, async ({ store, index, blobs }) => {
    const file = syntheticInstance({ kind: 'mr', patient: 0, study: 0, series: 0, instance: 0 });
    for (const chunk of [13, 1000, 50_000, file.byteLength]) {
      const { ids } = await store(file, chunk);
      const [attachment] = (await index.get(ids.instance, { attachments: true }))?.attachments ?? [];
      assert.equal(attachment?.crc32, crc32(file));
      assert.equal(md5(await blobs.read(attachment?.uuid ?? '')), md5(file));
    }
  }));

test('what is no complete DICOM instance is refused and leaves nothing', () =>
  withIngest({}, async ({ store, folder, blobs }) => {
    const whole = ct(0);
    const without = (tag: number) => fileOf(identifiers.filter((element) => element.tag !== tag));
    const emptied = (tag: number) =>
      fileOf(identifiers.map((element) => (element.tag === tag ? { tag, value: '' } : element)));
    const refusals: readonly (readonly [string, Uint8Array, string])[] = [
      ['nothing', new Uint8Array(0), 'BadFileFormat'],
      ['text', Buffer.from('hello world'), 'BadFileFormat'],
      ['noise', Buffer.alloc(300_000, 0xa7), 'BadFileFormat'],
      ['a preamble alone', whole.subarray(0, 132), 'BadFileFormat'],
      ['a cut meta header', whole.subarray(0, 200), 'BadFileFormat'],
      ['cut pixels', whole.subarray(0, -2), 'BadFileFormat'],
      ['cut before the pixels', whole.subarray(0, whole.byteLength - 512 * 512 * 2 - 3), 'BadFileFormat'],
      ['bytes behind the pixels', Buffer.concat([whole, Buffer.alloc(50)]), 'BadFileFormat'],
      ['bytes behind a header without pixels', Buffer.concat([headerOnly(1), Buffer.alloc(50, 0x81)]), 'BadFileFormat'],
      ['no study', without(Tag.StudyInstanceUID), 'InexistentTag'],
      ['no series', without(Tag.SeriesInstanceUID), 'InexistentTag'],
      ['no instance', without(Tag.SOPInstanceUID), 'InexistentTag'],
      ['an empty study', emptied(Tag.StudyInstanceUID), 'BadFileFormat'],
      ['an empty instance', emptied(Tag.SOPInstanceUID), 'BadFileFormat'],
    ];
    for (const [what, file, code] of refusals) await assert.rejects(store(file), hasCode(code), what);
    await blobs.close();
    assert.deepEqual(await blobKeys(folder), []);
  }));

test('a whole file is taken although Pixel Data has no valid VR', () =>
  withIngest({}, async ({ store }) => {
    const pixels = { tag: Tag.PixelData, vr: 'OW', value: new Uint8Array(32).fill(0x11) } as const;
    const padding = { tag: 0xfffcfffc, vr: 'OB', value: new Uint8Array(30) } as const;
    const file = Buffer.from(fileOf([...identifiers, pixels, padding]));
    const at = file.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
    // Letters that stand for a VR go with a length of 16 bits.
    const marked = Buffer.from([0x3f, 0x3f, 32, 0]);
    const odd = Buffer.concat([file.subarray(0, at + 4), marked, file.subarray(at + 12)]);
    assert.equal((await store(odd)).status, 'Success');
    await assert.rejects(store(odd.subarray(0, -1)), hasCode('BadFileFormat'));
  }));

test('a patient without identifier is a patient', () =>
  withIngest({}, async ({ store }) => {
    const file = fileOf(identifiers.filter(({ tag }) => tag !== Tag.PatientID));
    assert.equal((await store(file)).status, 'Success');
  }));

test('the announced SOP class and instance must be those of the data set', () =>
  withIngest({}, async ({ ingest }) => {
    const offer = async (elements: Elements) => {
      const intake = ingest.begin(
        { origin: 'DicomProtocol', remoteAet: 'SCU' },
        { sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: '1.2.3' },
      );
      await intake.push(fileOf(elements));
      return intake.finish();
    };
    await assert.rejects(
      offer(identifiers.filter(({ tag }) => tag !== Tag.SOPClassUID)),
      hasCode('NoSopClassOrInstance'),
    );
    await assert.rejects(
      offer(identifiers.map((e) => (e.tag === Tag.SOPInstanceUID ? { ...e, value: '9.9' } : e))),
      hasCode('SopMismatch'),
    );
    assert.equal((await offer(identifiers)).status, 'Success');
  }));

test('with StorageCompression the file is a size and a zlib stream', () =>
  withIngest({ settings: { StorageCompression: true } }, async ({ store, index, blobs }) => {
    const large = fileOf([...identifiers, { tag: Tag.PixelData, vr: 'OW', value: new Uint8Array(3 << 20).fill(5) }]);
    for (const file of [ct(0), large]) {
      const { ids } = await store(file);
      const [attachment] = (await index.get(ids.instance, { attachments: true }))?.attachments ?? [];
      assert.equal(attachment?.compression, 'zlib');
      const stored = Buffer.from(await blobs.read(attachment?.uuid ?? ''));
      assert.equal(Number(stored.readBigUInt64LE(0)), file.byteLength);
      assert.deepEqual(inflateSync(stored.subarray(8)), Buffer.from(file));
      assert.equal(attachment?.uncompressedMd5, md5(file));
      assert.equal(attachment?.compressedMd5, md5(stored));
      assert.equal(attachment?.compressedSize, stored.length);
    }
  }));

test('with StorageCompression the bytes before Pixel Data are an attachment of their own', () =>
  withIngest({ settings: { StorageCompression: true } }, async ({ store, index, blobs, folder }) => {
    const file = ct(0);
    const { ids } = await store(file);
    const instance = await index.get(ids.instance, { attachments: true, metadata: true });
    const offset = Number(instance?.metadata.find(({ type }) => type === Metadata.PixelDataOffset)?.value);
    const start = instance?.attachments?.find(({ type }) => type === 3);
    const stored = Buffer.from(await blobs.read(start?.uuid ?? ''));
    assert.deepEqual(inflateSync(stored.subarray(8)), Buffer.from(file.subarray(0, offset)));
    assert.equal(start?.uncompressedMd5, md5(file.subarray(0, offset)));
    assert.equal(start?.uncompressedSize, offset);
    const header = await store(headerOnly(1));
    const { attachments } = (await index.get(header.ids.instance, { attachments: true })) ?? {};
    assert.deepEqual(
      attachments?.map(({ type }) => type),
      [1],
    );
    assert.equal((await store(file)).status, 'AlreadyStored');
    await blobs.close();
    assert.equal((await blobKeys(folder)).length, 3);
  }));

test('a header larger than what is held for every upload is read from the store', () =>
  withIngest({}, async ({ store, index }) => {
    const file = fileOf([
      ...identifiers,
      { tag: 0x00090010, vr: 'LO', value: 'PHAROS' },
      { tag: 0x00091001, vr: 'OB', value: new Uint8Array(20 << 20) },
      { tag: Tag.StudyDescription, value: 'behind it' },
    ]);
    const { ids } = await store(file);
    const study = await index.get(ids.study, { tags: true });
    assert.equal(study?.tags['0008,1030'], 'behind it');
  }));

test('ExtraMainDicomTags are kept, sequences as metadata', () =>
  withIngest(
    { mainTags: createMainDicomTagRegistry({ Study: [Tag.PatientComments, Tag.ProcedureCodeSequence] }) },
    async ({ store, index }) => {
      const { ids } = await store(
        fileOf([
          ...identifiers,
          { tag: Tag.PatientComments, value: 'kept' },
          { tag: Tag.ProcedureCodeSequence, value: [[{ tag: Tag.CodeValue, value: 'C1' }]] },
        ]),
      );
      const study = await index.get(ids.study, { tags: true, metadata: true });
      assert.equal(study?.tags['0010,4000'], 'kept');
      const sequences = study?.metadata.find(({ type }) => type === Metadata.MainDicomSequences)?.value ?? '';
      assert.deepEqual(JSON.parse(sequences), {
        Version: 1,
        Sequences: {
          '0008,1032': {
            Name: 'ProcedureCodeSequence',
            Type: 'Sequence',
            Value: [{ '0008,0100': { Name: 'CodeValue', Type: 'String', Value: 'C1' } }],
          },
        },
      });
    },
  ));

test('a series knows how many instances it should have', () =>
  withIngest({}, async ({ store, index }) => {
    const { ids } = await store(
      fileOf([
        ...identifiers,
        { tag: Tag.ImagesInAcquisition, value: '12' },
        { tag: Tag.NumberOfTemporalPositions, value: '3' },
      ]),
    );
    const series = await index.get(ids.series, { metadata: true });
    assert.equal(series?.metadata.find(({ type }) => type === Metadata.ExpectedNumberOfInstances)?.value, '36');
  }));

test('a full storage refuses, and keeps no file', () =>
  withIngest(
    { settings: { MaximumPatientCount: 1, MaximumStorageMode: 'Reject' } },
    async ({ store, folder, blobs }) => {
      await store(headerOnly(0, 1));
      await assert.rejects(store(headerOnly(0, 2)), hasCode('FullStorage'));
      await blobs.close();
      assert.equal((await blobKeys(folder)).length, 1);
    },
  ));

test('who listens hears of stored instances after they are stored', () =>
  withIngest({}, async ({ store, events, index }) => {
    const heard: string[] = [];
    events.onStored.add(({ result }) => heard.push(`${result.status} ${result.ids.instance}`));
    const { ids } = await store(headerOnly(1));
    await store(headerOnly(1));
    assert.deepEqual(heard, [`Success ${ids.instance}`, `AlreadyStored ${ids.instance}`]);
    assert.ok(await index.get(ids.instance, {}));
  }));

test('an aborted upload leaves nothing', () =>
  withIngest({}, async ({ ingest, folder, blobs }) => {
    const intake = ingest.begin({ origin: 'RestApi' });
    await intake.push(ct(0));
    await intake.push(new Uint8Array(4 << 20));
    await intake.abort();
    await ingest.drain();
    await blobs.close();
    assert.deepEqual(await blobKeys(folder), []);
  }));
