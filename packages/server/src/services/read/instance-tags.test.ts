// Tags of instances: what is shown of them, and of files that turn out to be broken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, DicomError, standardDictionary, Tag } from '@pharos/dicom';
import { briefTags, instanceTags, pickTags, sharedTags, wholeInstanceTags } from './instance-tags.ts';

const dictionary = standardDictionary;
const text = (value: string) => ({ Name: 'x', Type: 'String', Value: value });

test('a file that turns out to be broken when it is looked into is at fault itself', () => {
  const dataSet = new Proxy(createDataSet([]), {
    get() {
      throw new DicomError('TooDeep', 'sequences are nested too deep');
    },
  });
  const file = { dataSet, meta: dataSet, hasMeta: false, transferSyntax: '', pixelData: undefined, problems: [] };
  assert.throws(() => instanceTags(file, { format: 'full', dictionary }), { code: 'BadFileFormat' });
  assert.throws(() => wholeInstanceTags(file, { format: 'short', dictionary }), { code: 'BadFileFormat' });
});

test('brief formats have the values of the full one, those of sequences too', () => {
  const items = [{ '0008,1150': text('1.2') }];
  const full = {
    '0008,1140': { Name: 'ReferencedImageSequence', Type: 'Sequence', Value: items },
    '0010,0010': text('A'),
    '7fe0,0010': { Name: 'PixelData', Type: 'Null', Value: null },
  };
  assert.deepEqual(briefTags(full, 'short'), {
    '0008,1140': [{ '0008,1150': '1.2' }],
    '0010,0010': 'A',
    '7fe0,0010': null,
  });
  assert.deepEqual(Object.keys(briefTags(full, 'simplify')), ['ReferencedImageSequence', 'x', 'PixelData']);
  assert.deepEqual(Object.keys(pickTags(full, new Set([Tag.PatientName]))), ['0010,0010']);
});

test('shared are texts that are the same in all', () => {
  const first = {
    '0010,0010': text('A'),
    '0010,0020': text('1'),
    '0010,0030': { Name: 'x', Type: 'Null', Value: null },
  };
  const shared = sharedTags(undefined, first);
  assert.deepEqual(Object.keys(shared), ['0010,0010', '0010,0020']);
  assert.deepEqual(Object.keys(sharedTags(shared, { '0010,0010': text('A'), '0010,0020': text('2') })), ['0010,0010']);
});
