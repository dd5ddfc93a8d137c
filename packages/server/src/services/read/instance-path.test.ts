// A path of tags and indices leads to a value, or to the names of what is below.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { standardDictionary, Tag } from '@pharos/dicom';
import { type IngestFixture, noMetrics, openIngest, syntheticInstance } from '@pharos/testkit';
import { type OrthancId, PharosError } from '../../model/index.ts';
import type { InstanceReader } from '../services.ts';
import { instanceContent } from './instance-path.ts';
import { createInstanceReader } from './instance-reader.ts';

let storage: IngestFixture;
let reader: InstanceReader;
let id: OrthancId;
before(async () => {
  storage = await openIngest();
  reader = createInstanceReader({
    ...storage,
    live: { fallbackCharset: () => 'ISO_IR 100' },
    settings: { DicomParserCacheSize: 16, MaximumStorageCacheSize: 0 },
    metrics: noMetrics,
  });
  const referenced = { tag: Tag.ReferencedSOPInstanceUID, value: '1.2.34' };
  const file = syntheticInstance({
    kind: 'mr',
    patient: 1,
    study: 0,
    series: 0,
    instance: 0,
    elements: [
      {
        tag: Tag.ReferencedImageSequence,
        value: [[referenced], [referenced, { tag: Tag.ReferencedFrameNumber, value: '7' }]],
      },
      { tag: Tag.StationName, value: 'ROOM 1    ' },
      { tag: 0x7fe10010, vr: 'LO', value: 'BEHIND' },
    ],
  });
  id = (await storage.store(file)).ids.instance;
});
after(() => storage.discard());

async function at(path: string): Promise<string | readonly string[] | undefined> {
  const content = await instanceContent(
    { reader, dictionary: standardDictionary },
    id,
    path === '' ? [] : path.split('/'),
  );
  if (content?.kind !== 'value') return content?.names;
  return Buffer.from(await content.value.read()).toString('latin1');
}

test('a value comes with the padding that makes it even, and no more', async () => {
  assert.equal(await at('StationName'), 'ROOM 1');
  assert.equal(await at('0008-1140/0/0008-1155'), '1.2.34');
  assert.equal(await at('00081140/1/ReferencedFrameNumber'), '7 ');
});

test('a sequence gives its indices, an item its tags', async () => {
  assert.deepEqual(await at('0008-1140'), ['0', '1']);
  assert.deepEqual(await at('0008-1140/1'), ['0008-1155', '0008-1160']);
});

test('the data set gives all its tags, those behind the pixels too', async () => {
  const names = await at('');
  assert.ok(names?.includes('0010-0020') && names.includes('7fe0-0010') && names.includes('7fe1-0010'));
  assert.equal(await at('7fe1-0010'), 'BEHIND');
});

test('pixel data gives its fragments', async () => {
  assert.deepEqual(await at('7fe0-0010'), ['0']);
  assert.equal((await at('7fe0-0010/0'))?.length, 256 * 256 * 2);
  assert.equal(await at('7fe0-0010/1'), undefined);
});

test('what does not exist gives nothing, what is no tag an error', async () => {
  for (const path of ['0010-1010', '0008-1140/2', '0008-1140/x', '0008-1140/0/0010-0020', '0010-0010/0']) {
    assert.equal(await at(path), undefined, path);
  }
  await assert.rejects(at('NoSuchTag'), (error) => error instanceof PharosError && error.code === 'UnknownDicomTag');
});
