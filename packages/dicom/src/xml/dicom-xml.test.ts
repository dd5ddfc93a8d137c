import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, type ElementInit } from '../data-set/index.ts';
import { standardDictionary as dictionary, Tag } from '../dictionary/index.ts';
import { toDicomXml } from './index.ts';

const head =
  '<?xml version="1.0" encoding="utf-8"?>\n<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">';

function bodyOf(elements: readonly ElementInit[], charset = 'ISO_IR 192'): string {
  const xml = toDicomXml(createDataSet(elements, { charset }), {
    dictionary,
    bulkData: (path) => (path.startsWith('7fe0') ? { uri: `b?a=1&b=${path}` } : 'inline'),
  });
  assert.ok(xml.startsWith(head) && xml.endsWith('</NativeDicomModel>'));
  return xml.slice(head.length, -'</NativeDicomModel>'.length);
}

test('values are numbered, empty ones keep their number', () => {
  assert.equal(
    bodyOf([{ tag: Tag.ImageType, value: 'A\\\\C' }]),
    '<DicomAttribute tag="00080008" vr="CS" keyword="ImageType"><Value number="1">A</Value><Value number="3">C</Value></DicomAttribute>',
  );
  assert.equal(
    bodyOf([{ tag: Tag.StudyID, value: '' }]),
    '<DicomAttribute tag="00200010" vr="SH" keyword="StudyID"></DicomAttribute>',
  );
});

test('person names are taken apart', () => {
  assert.equal(
    bodyOf([{ tag: Tag.PatientName, value: 'Yamada^Tarou=山田^太郎' }]),
    '<DicomAttribute tag="00100010" vr="PN" keyword="PatientName"><PersonName number="1">' +
      '<Alphabetic><FamilyName>Yamada</FamilyName><GivenName>Tarou</GivenName></Alphabetic>' +
      '<Ideographic><FamilyName>山田</FamilyName><GivenName>太郎</GivenName></Ideographic>' +
      '</PersonName></DicomAttribute>',
  );
});

test('items, links and bytes', () => {
  assert.equal(
    bodyOf([
      { tag: Tag.ReferencedStudySequence, value: [[{ tag: Tag.ReferencedSOPClassUID, value: '1.2' }]] },
      { tag: Tag.PixelData, vr: 'OW', value: Uint8Array.of(1, 2) },
    ]),
    '<DicomAttribute tag="00081110" vr="SQ" keyword="ReferencedStudySequence"><Item number="1">' +
      '<DicomAttribute tag="00081150" vr="UI" keyword="ReferencedSOPClassUID"><Value number="1">1.2</Value></DicomAttribute>' +
      '</Item></DicomAttribute>' +
      '<DicomAttribute tag="7FE00010" vr="OW" keyword="PixelData"><BulkData uri="b?a=1&amp;b=7fe00010"/></DicomAttribute>',
  );
});

test('private attributes are named by creator and element within the block', () => {
  const body = bodyOf([
    { tag: 0x00090011, vr: 'LO', value: 'A "B" <C>' },
    { tag: 0x00091102, vr: 'OB', value: Uint8Array.of(255, 0) },
  ]);
  assert.ok(
    body.endsWith(
      '<DicomAttribute tag="00090002" vr="OB" privateCreator="A &quot;B&quot; &lt;C&gt;"><InlineBinary>/wA=</InlineBinary></DicomAttribute>',
    ),
  );
});

test('hostile text stays text, and characters that XML cannot hold are dropped', () => {
  const body = bodyOf([{ tag: Tag.PatientComments, value: '</Value><x a="&amp;">\u0001\u000b\ufffe😀\r\n\t' }]);
  assert.ok(
    body.includes('<Value number="1">&lt;/Value&gt;&lt;x a=&quot;&amp;amp;&quot;&gt;😀&#13;\n\t</Value>'),
    body,
  );
});
