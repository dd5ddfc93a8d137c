// The DICOMweb forms of an instance hold its native pixels, put into place as a stream.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDataSet, encodePart10, standardDictionary, Tag } from '@pharos/dicom';
import {
  type IngestFixture,
  noMetrics,
  openIngest,
  type SyntheticIdentity,
  syntheticElements,
  syntheticInstance,
} from '@pharos/testkit';
import type { InstanceReader } from '../services.ts';
import { type DicomWebFormat, dicomWebDocument } from './instance-dicom-web.ts';
import { createInstanceReader } from './instance-reader.ts';

const mr: SyntheticIdentity = { kind: 'mr', patient: 1, study: 0, series: 0, instance: 0 };
const pixels = Buffer.from(createDataSet(syntheticElements(mr)).bytes(Tag.PixelData) ?? []);

let storage: IngestFixture;
let reader: InstanceReader;
before(async () => {
  storage = await openIngest({ settings: { OverwriteInstances: 'Always' } });
  reader = createInstanceReader({
    ...storage,
    live: { fallbackCharset: () => 'ISO_IR 100' },
    settings: { DicomParserCacheSize: 16, MaximumStorageCacheSize: 0 },
    metrics: noMetrics,
  });
});
after(() => storage.discard());

async function documentOf(file: Uint8Array, format: DicomWebFormat): Promise<string> {
  const { ids } = await storage.store(file);
  const document = await dicomWebDocument({ reader, dictionary: standardDictionary }, ids.instance, format);
  const text = Buffer.from((await document?.read()) ?? []);
  assert.equal(text.byteLength, document?.length);
  return text.toString('utf8');
}

for (const transferSyntax of ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2']) {
  test(`JSON has the pixels of ${transferSyntax} in little endian`, async () => {
    const behind = { tag: 0x7fe10010, vr: 'LO', value: 'BEHIND' } as const;
    const json = JSON.parse(await documentOf(syntheticInstance({ ...mr, transferSyntax, elements: [behind] }), 'json'));
    assert.equal(json['7FE00010'].vr, 'OW');
    assert.ok(pixels.equals(Buffer.from(json['7FE00010'].InlineBinary, 'base64')));
    assert.deepEqual(json['7FE10010'].Value, ['BEHIND']);
  });
}

test('attributes of JSON are in the order of their tags, also where a tag looks like a number', async () => {
  const elements = [
    { tag: 0x30020011, vr: 'DS', value: '1' },
    { tag: 0x20100010, value: 'STANDARD' },
  ] as const;
  const json = await documentOf(syntheticInstance({ ...mr, kind: 'header', elements }), 'json');
  const tags = [...json.matchAll(/"([0-9A-F]{8})":/g)].map(([, tag]) => tag);
  assert.ok(tags.includes('30020011') && tags.includes('20100010'));
  assert.deepEqual(tags, [...tags].sort());
});

test('XML has the pixels', async () => {
  const xml = await documentOf(syntheticInstance(mr), 'xml');
  assert.ok(xml.includes(`<InlineBinary>${pixels.toString('base64')}</InlineBinary>`));
});

test('encapsulated pixel data is left out', async () => {
  const value = { fragments: [new Uint8Array(0), new Uint8Array(100)] };
  const dataSet = createDataSet(syntheticElements({ ...mr, elements: [{ tag: Tag.PixelData, vr: 'OB', value }] }));
  const file = encodePart10({ dataSet, transferSyntax: '1.2.840.10008.1.2.4.50' });
  assert.equal('7FE00010' in JSON.parse(await documentOf(file, 'json')), false);
});
