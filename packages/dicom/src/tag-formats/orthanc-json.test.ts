import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet } from '../data-set/index.ts';
import { standardDictionary as dictionary, Tag } from '../dictionary/index.ts';
import { toOrthancJson } from './index.ts';

const sample = createDataSet([
  { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' },
  { tag: Tag.ImageType, value: ['ORIGINAL', 'PRIMARY'] },
  { tag: Tag.ReferencedStudySequence, value: [[{ tag: Tag.ReferencedSOPClassUID, value: '1.2.3' }], []] },
  { tag: 0x00290010, vr: 'LO', value: 'SIEMENS CSA HEADER' },
  { tag: 0x00291010, vr: 'OB', value: Uint8Array.of(1, 2) },
  { tag: 0x00291108, vr: 'LO', value: 'without creator' },
  { tag: Tag.PatientName, value: 'Müller^Jörg' },
  { tag: Tag.FrameIncrementPointer, value: Uint8Array.of(0x18, 0, 0x63, 0x10, 0x18, 0, 0x65, 0x10) },
  { tag: Tag.Rows, value: [512, 1] },
  { tag: Tag.SliceThickness, value: '' },
  { tag: Tag.Columns, value: [] },
  { tag: Tag.PixelData, vr: 'OW', value: Uint8Array.of(1, 2) },
  { tag: Tag.DataSetTrailingPadding, vr: 'OB', value: Uint8Array.of(0, 0) },
]);

test('full: name, type and value by tag', () => {
  assert.deepEqual(toOrthancJson(sample, { format: 'full', dictionary }), {
    '0008,0005': { Name: 'SpecificCharacterSet', Type: 'String', Value: 'ISO_IR 192' },
    '0008,0008': { Name: 'ImageType', Type: 'String', Value: 'ORIGINAL\\PRIMARY' },
    '0008,1110': {
      Name: 'ReferencedStudySequence',
      Type: 'Sequence',
      Value: [{ '0008,1150': { Name: 'ReferencedSOPClassUID', Type: 'String', Value: '1.2.3' } }, {}],
    },
    '0010,0010': { Name: 'PatientName', Type: 'String', Value: 'Müller^Jörg' },
    '0018,0050': { Name: 'SliceThickness', Type: 'String', Value: '' },
    '0028,0009': { Name: 'FrameIncrementPointer', Type: 'String', Value: '0018,1063\\0018,1065' },
    '0028,0010': { Name: 'Rows', Type: 'String', Value: '512\\1' },
    '0028,0011': { Name: 'Columns', Type: 'Null', Value: null },
    '0029,0010': { Name: 'PrivateCreator', Type: 'String', Value: 'SIEMENS CSA HEADER' },
    '0029,1010': { Name: 'CSAImageHeaderInfo', PrivateCreator: 'SIEMENS CSA HEADER', Type: 'Null', Value: null },
    '0029,1108': { Name: 'Unknown Tag & Data', Type: 'String', Value: 'without creator' },
    '7fe0,0010': { Name: 'PixelData', Type: 'Null', Value: null },
  });
});

test('short and simplify: the value by tag or by name', () => {
  const short = toOrthancJson(sample, { format: 'short', dictionary });
  assert.deepEqual(short['0008,1110'], [{ '0008,1150': '1.2.3' }, {}]);
  assert.equal(short['7fe0,0010'], null);
  const simplified = toOrthancJson(sample, { format: 'simplify', dictionary });
  assert.deepEqual(simplified.ReferencedStudySequence, [{ ReferencedSOPClassUID: '1.2.3' }, {}]);
  assert.equal(simplified.PatientName, 'Müller^Jörg');
});

test('elements behind pixel data only on request', () => {
  const options = { format: 'short', dictionary } as const;
  assert.ok(!('fffc,fffc' in toOrthancJson(sample, options)));
  assert.ok('fffc,fffc' in toOrthancJson(sample, { ...options, whole: true }));
});

test('pixel data that was not read is shown as null, in its place', () => {
  const header = createDataSet([{ tag: Tag.Rows, value: 1 }]);
  const json = toOrthancJson(header, { format: 'simplify', dictionary, hasPixelData: true });
  assert.deepEqual(Object.entries(json), [
    ['Rows', '1'],
    ['PixelData', null],
  ]);
});

test('texts of more than 256 bytes of UTF-8 are too long, but for the tags that are exempt', () => {
  const json = (text: string, ignoreLength?: ReadonlySet<number>) =>
    toOrthancJson(
      createDataSet([
        { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' },
        { tag: Tag.PatientComments, value: text },
      ]),
      { format: 'full', dictionary, ignoreLength },
    )['0010,4000'];
  const tooLong = { Name: 'PatientComments', Type: 'TooLong', Value: null };
  assert.deepEqual(json('a'.repeat(256)), { Name: 'PatientComments', Type: 'String', Value: 'a'.repeat(256) });
  assert.deepEqual(json('a'.repeat(257)), tooLong);
  assert.deepEqual(json('é'.repeat(129)), tooLong);
  assert.deepEqual(json('a'.repeat(1_000_000)), tooLong);
  const exempt = json('a'.repeat(257), new Set([Tag.PatientComments]));
  assert.deepEqual(exempt, { Name: 'PatientComments', Type: 'String', Value: 'a'.repeat(257) });
});

test('space in front of a text stays, padding behind it goes', () => {
  const dataSet = createDataSet([{ tag: Tag.PatientComments, vr: 'LT', value: new TextEncoder().encode('  a \r\n ') }]);
  assert.equal(toOrthancJson(dataSet, { format: 'simplify', dictionary }).PatientComments, '  a \r\n');
});

test('other numbers are texts, however many digits it takes', () => {
  const dataSet = createDataSet([
    { tag: Tag.PointCoordinatesData, vr: 'OF', value: new Uint8Array(Float32Array.of(10.1, 20.2).buffer) },
    { tag: Tag.LongTrianglePointIndexList, vr: 'OL', value: new Uint8Array(Uint32Array.of(42, 0).buffer) },
    { tag: Tag.SelectorUVValue, vr: 'UV', value: new Uint8Array(8).fill(255) },
    { tag: Tag.TableOfParameterValues, vr: 'FL', value: new Uint8Array(4000) },
  ]);
  assert.deepEqual(toOrthancJson(dataSet, { format: 'short', dictionary }), {
    '0018,605a': null,
    '0066,0016': '10.1000004\\20.2000008',
    '0066,0041': '42\\0',
    '0072,0083': '18446744073709551615',
  });
});

test('UN of an attribute that the dictionary knows as text is text, with what may be padding', () => {
  const bytes = new TextEncoder().encode('A^B ');
  const dataSet = createDataSet([
    { tag: Tag.PatientName, vr: 'UN', value: bytes },
    { tag: Tag.Rows, vr: 'UN', value: bytes },
    { tag: 0x00190010, vr: 'LO', value: 'GEMS_ACQU_01' },
    { tag: 0x0019100f, vr: 'UN', value: new TextEncoder().encode('1.5 ') },
  ]);
  const json = toOrthancJson(dataSet, { format: 'short', dictionary });
  assert.deepEqual([json['0010,0010'], json['0028,0010'], json['0019,100f']], ['A^B ', null, '1.5']);
});

test('the header is shown without bytes', () => {
  const meta = createDataSet([
    { tag: Tag.FileMetaInformationVersion, value: Uint8Array.of(0, 1) },
    { tag: Tag.TransferSyntaxUID, value: '1.2.840.10008.1.2.1' },
  ]);
  assert.deepEqual(toOrthancJson(meta, { format: 'short', dictionary, isHeader: true }), {
    '0002,0010': '1.2.840.10008.1.2.1',
  });
});
