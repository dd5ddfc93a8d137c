import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type DataSet, type ElementInit } from '../data-set/index.ts';
import { standardDictionary as dictionary, Tag } from '../dictionary/index.ts';
import { type DicomJsonOptions, dicomJsonText, orthancFileJson, toBase64 } from './index.ts';

const parsed = (dataSet: DataSet, options: Partial<DicomJsonOptions>) =>
  JSON.parse(dicomJsonText(dataSet, { dictionary, ...options }));

const json = (elements: readonly ElementInit[], options: Partial<DicomJsonOptions> = {}) =>
  parsed(createDataSet([{ tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' }, ...elements]), options);

test('the attributes of the example of PS3.18 F.4', () => {
  const result = json([
    { tag: Tag.StudyDate, value: '20130409' },
    { tag: Tag.StudyTime, value: '131600.0000' },
    { tag: Tag.ModalitiesInStudy, value: ['CT', 'PET'] },
    { tag: Tag.ReferringPhysicianName, value: '^Bob^^Dr.' },
    { tag: Tag.PatientName, value: 'Wang^XiaoDong=王^小东' },
    { tag: Tag.PatientID, value: '12345' },
    {
      tag: Tag.OtherPatientIDsSequence,
      value: [[{ tag: Tag.PatientID, value: '54321' }], [{ tag: Tag.PatientID, value: '24680' }]],
    },
    { tag: Tag.StudyID, value: '' },
    { tag: Tag.NumberOfStudyRelatedSeries, value: '4' },
  ]);
  assert.deepEqual(result, {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080020': { vr: 'DA', Value: ['20130409'] },
    '00080030': { vr: 'TM', Value: ['131600.0000'] },
    '00080061': { vr: 'CS', Value: ['CT', 'PET'] },
    '00080090': { vr: 'PN', Value: [{ Alphabetic: '^Bob^^Dr.' }] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Wang^XiaoDong', Ideographic: '王^小东' }] },
    '00100020': { vr: 'LO', Value: ['12345'] },
    '00101002': {
      vr: 'SQ',
      Value: [{ '00100020': { vr: 'LO', Value: ['54321'] } }, { '00100020': { vr: 'LO', Value: ['24680'] } }],
    },
    '00200010': { vr: 'SH' },
    '00201206': { vr: 'IS', Value: [4] },
  });
});

test('numbers are numbers, unless JSON cannot hold them', () => {
  const result = json([
    { tag: Tag.WindowCenter, value: ['40.50', '', '-1e2', 'abc', '1,5'] },
    { tag: Tag.Rows, value: 512 },
    {
      tag: Tag.TableOfParameterValues,
      vr: 'FL',
      value: new Uint8Array(Float32Array.of(Number.NaN, -Infinity, 1.5).buffer),
    },
    { tag: Tag.SelectorSVValue, vr: 'SV', value: new Uint8Array(BigInt64Array.of(-5n, 2n ** 60n).buffer) },
    { tag: Tag.FrameIncrementPointer, value: Uint8Array.of(0x18, 0, 0x63, 0x10) },
  ]);
  assert.deepEqual(result['00281050'], { vr: 'DS', Value: [40.5, null, -100, 'abc', 1.5] });
  assert.deepEqual(result['00280010'], { vr: 'US', Value: [512] });
  assert.deepEqual(result['0018605A'], { vr: 'FL', Value: ['NaN', '-inf', 1.5] });
  assert.deepEqual(result['00720082'], { vr: 'SV', Value: [-5, '1152921504606846976'] });
  assert.deepEqual(result['00280009'], { vr: 'AT', Value: ['00181063'] });
});

test('bulk data is a link, inline or left out, as the caller chooses by path', () => {
  const item: ElementInit[] = [{ tag: Tag.WaveformData, vr: 'OW', value: Uint8Array.of(1, 2, 3, 4) }];
  const elements: ElementInit[] = [
    { tag: Tag.WaveformSequence, value: [[], item] },
    { tag: Tag.PixelData, vr: 'OB', value: { fragments: [new Uint8Array(0), Uint8Array.of(1, 2)] } },
    { tag: 0x00091001, vr: 'UN', value: Uint8Array.of(255, 0) },
    { tag: 0x00091002, vr: 'OB', value: new Uint8Array(0) },
  ];
  const paths: string[] = [];
  const linked = json(elements, {
    bulkData: (path) => {
      paths.push(path);
      return path === '00091001' ? 'omit' : { uri: `bulk/${path}` };
    },
  });
  assert.deepEqual(paths, ['00091001', '54000100/2/54001010', '7fe00010']);
  assert.equal(linked['00091001'], undefined);
  assert.deepEqual(linked['00091002'], { vr: 'OB' });
  assert.deepEqual(linked['54000100'], {
    vr: 'SQ',
    Value: [{}, { '54001010': { vr: 'OW', BulkDataURI: 'bulk/54000100/2/54001010' } }],
  });
  assert.deepEqual(linked['7FE00010'], { vr: 'OB', BulkDataURI: 'bulk/7fe00010' });
  const inline = json(elements);
  assert.deepEqual(inline['00091001'], { vr: 'UN', InlineBinary: '/wA=' });
  assert.equal(inline['7FE00010'], undefined);
});

test('as Orthanc: decimal strings as text, words as numbers, the character set of the file', () => {
  const dataSet = createDataSet([
    { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 100' },
    { tag: Tag.PixelSpacing, value: ['0.50', '1.'] },
    { tag: Tag.PointCoordinatesData, vr: 'OF', value: new Uint8Array(Float32Array.of(1.5, 2).buffer) },
    { tag: Tag.PixelData, vr: 'OW', value: Uint8Array.of(1, 2) },
  ]);
  assert.deepEqual(parsed(dataSet, orthancFileJson), {
    '00080005': { vr: 'CS', Value: ['ISO_IR 100'] },
    '00280030': { vr: 'DS', Value: ['0.50', '1'] },
    '00660016': { vr: 'OF', Value: [1.5, 2] },
    '7FE00010': { vr: 'OW', InlineBinary: 'AQI=' },
  });
});

test('UN of a known attribute is shown with the VR and the value it has', () => {
  const result = json([
    { tag: Tag.StudyInstanceUID, vr: 'UN', value: new TextEncoder().encode('1.2.3\0') },
    { tag: Tag.Rows, vr: 'UN', value: Uint8Array.of(0, 2) },
  ]);
  assert.deepEqual(result['0020000D'], { vr: 'UI', Value: ['1.2.3'] });
  assert.deepEqual(result['00280010'], { vr: 'US', Value: [512] });
});

test('Base64 of values of any length', () => {
  for (const length of [0, 1, 2, 3, 24_573, 24_574, 100_001]) {
    const bytes = Uint8Array.from({ length }, (_, at) => at & 255);
    const back = Uint8Array.from(atob(toBase64(bytes)), (letter) => letter.charCodeAt(0));
    assert.deepEqual(back, bytes);
  }
});

test('in the text attributes ascend by name, also where a name is all digits', () => {
  const item: ElementInit[] = [
    { tag: Tag.ROINumber, value: 1 },
    { tag: Tag.PatientID, value: '"1"' },
  ];
  const dataSet = createDataSet([
    { tag: Tag.StructureSetROISequence, value: [item, []] },
    { tag: Tag.PatientName, value: '' },
    { tag: Tag.ROIContourSequence, value: [] },
    { tag: 0x300a0002, vr: 'SH', value: 'PLAN' },
    { tag: 0x40100001, vr: 'CS', value: 'X' },
  ]);
  const text = dicomJsonText(dataSet, { dictionary });
  assert.equal(
    text,
    '{"00100010":{"vr":"PN"},' +
      '"30060020":{"vr":"SQ","Value":[{"00100020":{"vr":"LO","Value":["\\"1\\""]},"30060022":{"vr":"IS","Value":[1]}},{}]},' +
      '"30060039":{"vr":"SQ"},"300A0002":{"vr":"SH","Value":["PLAN"]},"40100001":{"vr":"CS","Value":["X"]}}',
  );
});

test('digits without an end and a letter behind them are no number, which is soon known', () => {
  const text = `${'1'.repeat(300_000)}x`;
  const start = performance.now();
  assert.deepEqual(json([{ tag: Tag.WindowCenter, value: text }])['00281050'], { vr: 'DS', Value: [text] });
  assert.ok(performance.now() - start < 500, 'takes too long');
});

test('a value that does not fill one number or tag is empty', () => {
  const result = json([
    { tag: Tag.FrameIncrementPointer, value: Uint8Array.of(1, 2) },
    { tag: Tag.TableOfParameterValues, value: Uint8Array.of(1, 2) },
  ]);
  assert.deepEqual(result['00280009'], { vr: 'AT' });
  assert.deepEqual(result['0018605A'], { vr: 'FL' });
  assert.deepEqual(json([{ tag: Tag.SpecificCharacterSet, value: '' }])['00080005'], { vr: 'CS' });
});
