import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDictionary, standardDictionary, Tag } from './index.ts';

const { entry, findTag, nameOf } = standardDictionary;

test('an attribute is known by keyword, name, VR and multiplicity', () => {
  assert.deepEqual(entry(Tag.PatientName), {
    tag: 0x00100010,
    keyword: 'PatientName',
    name: "Patient's Name",
    vr: 'PN',
    vrs: ['PN'],
    vm: '1',
    retired: false,
  });
  assert.deepEqual(entry(Tag.PixelData)?.vrs, ['OW', 'OB']);
  assert.deepEqual(entry(Tag.LUTData)?.vrs, ['OW', 'US']);
  assert.equal(entry(Tag.WindowCenter)?.vm, '1-n');
  assert.equal(entry(0x00080003), undefined);
});

test('every keyword finds its tag, and the tag its keyword', () => {
  const tags = Object.entries(Tag);
  assert.ok(tags.length > 5000);
  for (const [keyword, tag] of tags) {
    assert.equal(findTag(keyword), tag);
    assert.equal(entry(tag)?.keyword, keyword);
  }
});

test('tags are found by keyword, by the name with RETIRED_ and by hexadecimal digits', () => {
  for (const name of ['PatientID', '0010,0020', '0010-0020', '00100020']) assert.equal(findTag(name), 0x00100020);
  assert.equal(findTag('RETIRED_OtherPatientIDs'), 0x00101000);
  assert.equal(findTag('OtherPatientIDs'), 0x00101000);
  assert.equal(findTag('OverlayData'), 0x60003000);
  for (const name of ['Nope', '', 'toString', '__proto__', 'patientid', '0010,002'])
    assert.equal(findTag(name), undefined);
});

test('names are those that Orthanc shows', () => {
  assert.equal(nameOf(Tag.PatientName), 'PatientName');
  assert.equal(nameOf(0x00180030), 'RETIRED_Radionuclide');
  assert.equal(nameOf(0x00101000), 'OtherPatientIDs');
  assert.equal(nameOf(0x00080003), 'Unknown Tag & Data');
  assert.equal(nameOf(0x00080000), 'GenericGroupLength');
  assert.equal(nameOf(0x00020000), 'FileMetaInformationGroupLength');
  assert.equal(nameOf(0x00090000), 'PrivateGroupLength');
  assert.equal(nameOf(0x00090010), 'PrivateCreator');
  assert.equal(nameOf(0x00091001), 'Unknown Tag & Data');
});

test('repeating groups are known in every even group', () => {
  assert.equal(nameOf(0x60023000), 'OverlayData');
  assert.equal(nameOf(0x601e0010), 'OverlayRows');
  assert.equal(nameOf(0x50040005), 'RETIRED_CurveDimensions');
  assert.equal(nameOf(0x00203104), 'RETIRED_SourceImageIDs');
  assert.equal(nameOf(0x00280413), 'RETIRED_CoefficientCodingPointers');
  assert.equal(nameOf(0x60013000), 'Unknown Tag & Data');
  assert.equal(nameOf(0x7fe00010), 'PixelData');
});

test("vendors' attributes are known in any block of their creator, if wanted", () => {
  assert.equal(nameOf(0x00291010, 'SIEMENS CSA HEADER'), 'CSAImageHeaderInfo');
  assert.equal(entry(0x00291110, 'SIEMENS CSA HEADER')?.vr, 'OB');
  assert.equal(nameOf(0x00291010, 'SOMEONE ELSE'), 'Unknown Tag & Data');
  const without = createDictionary({ privateTags: false });
  assert.equal(without.nameOf(0x00291010, 'SIEMENS CSA HEADER'), 'Unknown Tag & Data');
  assert.equal(without.nameOf(0x00290010), 'PrivateCreator');
});

test('configured attributes win and are found by name', () => {
  const common = { keyword: 'MyTag', name: 'MyTag', vr: 'LO', vrs: ['LO'], vm: '1', retired: false } as const;
  const dictionary = createDictionary({
    privateTags: true,
    extra: [
      { ...common, tag: 0x00191002, privateCreator: 'ACME' },
      { ...common, tag: 0x00100010, keyword: 'TheName', name: 'TheName' },
    ],
  });
  assert.equal(dictionary.nameOf(0x00191002, 'ACME'), 'MyTag');
  assert.equal(dictionary.nameOf(0x00191102, 'ACME'), 'MyTag');
  assert.equal(dictionary.nameOf(0x00191002), 'Unknown Tag & Data');
  assert.equal(dictionary.findTag('MyTag'), 0x00191002);
  assert.equal(dictionary.nameOf(0x00100010), 'TheName');
});

test('private attributes that nobody knows are as quickly not found as others are found', () => {
  const start = performance.now();
  for (let group = 0x0043; group < 0x0049; group += 2) {
    for (let element = 0x1000; element <= 0xffff; element++) entry((group << 16) | element, 'GEMS_PARM_01');
  }
  assert.ok(performance.now() - start < 1500, 'takes too long');
  assert.equal(entry(0x0043_ff01, 'GEMS_PARM_01')?.keyword, entry(0x0043_1001, 'GEMS_PARM_01')?.keyword);
  assert.equal(nameOf(0x70ff_1004, 'DLX_ANNOT_01'), 'TextAnnotation');
});
