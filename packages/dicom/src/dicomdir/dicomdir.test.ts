// The directory of a medium, read again by others: DCMTK, and dicom3tools, which knows what records must have.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDataSet, type ElementInit, editDataSet } from '../data-set/index.ts';
import { Tag } from '../dictionary/index.ts';
import { parsePart10 } from '../encoding/index.ts';
import { createDicomDir, type EncodedDirectory } from './index.ts';

const explicitLittleEndian = '1.2.840.10008.1.2.1';

function file(patient: number, study: number, series: number, instance: number, more: readonly ElementInit[] = []) {
  const uid = `1.2.3.${patient}.${study}.${series}`;
  const dataSet = createDataSet(
    [
      { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 100' },
      { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.2' },
      { tag: Tag.SOPInstanceUID, value: `${uid}.${instance}` },
      { tag: Tag.StudyDate, value: '20240229' },
      { tag: Tag.StudyTime, value: '1230' },
      { tag: Tag.AccessionNumber, value: 'A1' },
      { tag: Tag.Modality, value: 'CT' },
      { tag: Tag.StudyDescription, value: 'Crâne' },
      { tag: Tag.SeriesDescription, value: 'Axial' },
      { tag: Tag.PatientName, value: `Müller^${patient}` },
      { tag: Tag.PatientID, value: `P${patient}` },
      { tag: Tag.StudyInstanceUID, value: `1.2.3.${patient}.${study}` },
      { tag: Tag.SeriesInstanceUID, value: uid },
      { tag: Tag.StudyID, value: '1' },
      { tag: Tag.SeriesNumber, value: series },
      { tag: Tag.InstanceNumber, value: instance },
      ...more,
    ].filter((element, at, all) => all.findLastIndex(({ tag }) => tag === element.tag) === at),
  );
  return {
    path: ['IMAGES', `IM${patient}${study}${series}${instance}`],
    dataSet,
    transferSyntax: explicitLittleEndian,
  };
}

const report = [
  { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.88.11' },
  { tag: Tag.Modality, value: 'SR' },
  { tag: Tag.ContentDate, value: '20240229' },
  { tag: Tag.ContentTime, value: '1230' },
  { tag: Tag.CompletionFlag, value: 'COMPLETE' },
  { tag: Tag.VerificationFlag, value: 'UNVERIFIED' },
  {
    tag: Tag.ConceptNameCodeSequence,
    value: [
      [
        { tag: Tag.CodeValue, value: '18748-4' },
        { tag: Tag.CodingSchemeDesignator, value: 'LN' },
        { tag: Tag.CodeMeaning, value: 'Diagnostic Imaging Report' },
      ],
    ],
  },
];

const inCyrillic = [
  ...report.filter(({ tag }) => tag !== Tag.ConceptNameCodeSequence),
  { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' },
  { tag: Tag.PatientName, value: 'Ivanov' },
  {
    tag: Tag.ConceptNameCodeSequence,
    value: [
      [
        { tag: Tag.CodeValue, value: '1' },
        { tag: Tag.CodingSchemeDesignator, value: '99X' },
        { tag: Tag.CodeMeaning, value: 'Отчёт' },
      ],
    ],
  },
];

function bytesOf({ length, pieces }: EncodedDirectory): Uint8Array {
  const bytes = new Uint8Array(Buffer.concat(pieces));
  assert.equal(bytes.length, length);
  return bytes;
}

function directory(isExtended = false): Uint8Array {
  const builder = createDicomDir({ fileSetId: 'TEST', isExtended, now: new Date(0) });
  for (const added of [
    file(1, 1, 1, 1),
    file(1, 1, 1, 2),
    file(2, 1, 1, 1),
    file(1, 1, 2, 1),
    file(1, 2, 1, 1, report),
  ]) {
    builder.add(added);
  }
  return bytesOf(builder.finish());
}

test('records point at each other by their place in the file', () => {
  const bytes = directory();
  const { dataSet } = parsePart10(bytes, { stopAt: 'end' });
  const records = dataSet.items(Tag.DirectoryRecordSequence);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const isItem = (offset: number): boolean => view.getUint32(offset, true) === 0xe000fffe;
  const offsets = records.flatMap((record) => [
    record.number(Tag.OffsetOfTheNextDirectoryRecord) ?? 0,
    record.number(Tag.OffsetOfReferencedLowerLevelDirectoryEntity) ?? 0,
  ]);
  assert.equal(records.length, 2 + 3 + 4 + 5);
  assert.ok(offsets.filter((offset) => offset > 0).every(isItem));
  assert.ok(isItem(dataSet.number(Tag.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity) ?? 0));
  assert.ok(isItem(dataSet.number(Tag.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity) ?? 0));
  assert.equal(records[0]?.text(Tag.PatientName), 'Muller^1');
  const described = parsePart10(directory(true), { stopAt: 'end' }).dataSet.items(Tag.DirectoryRecordSequence);
  assert.ok(described.some((record) => record.text(Tag.SeriesDescription) === 'Axial'));
});

test('names in other scripts stay as they are', () => {
  const builder = createDicomDir({ fileSetId: 'TEST', isExtended: false, now: new Date(0) });
  builder.add(
    file(1, 1, 1, 1, [
      { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' },
      { tag: Tag.PatientName, value: '山田^太郎' },
    ]),
  );
  const [patient] = parsePart10(bytesOf(builder.finish()), { stopAt: 'end' }).dataSet.items(
    Tag.DirectoryRecordSequence,
  );
  assert.equal(patient?.text(Tag.PatientName), '山田^太郎');
});

test('dicom3tools and DCMTK find no error', (context) => {
  const path = join(mkdtempSync(join(tmpdir(), 'pharos-dicomdir-')), 'DICOMDIR');
  writeFileSync(path, directory());
  for (const tool of ['dciodvfy', 'dcentvfy', 'dcmdump']) {
    const { error, stdout, stderr } = spawnSync(tool, [path], { encoding: 'utf8' });
    if (error) context.diagnostic(`${tool} is not installed`);
    else assert.doesNotMatch(stdout + stderr, /^(E|F):|Error/m, tool);
  }
});

/** Records as a reader finds them: from the root, along the offsets. */
function walk(bytes: Uint8Array): readonly string[] {
  const { dataSet } = parsePart10(bytes, { stopAt: 'end' });
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const records = dataSet.items(Tag.DirectoryRecordSequence);
  const offsets: number[] = [];
  let offset = dataSet.number(Tag.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity) ?? 0;
  for (let at = 0; at < records.length; at++) {
    offsets.push(offset);
    offset += 8 + view.getUint32(offset + 4, true);
  }
  const found: string[] = [];
  const visit = (start: number, depth: number): void => {
    for (let at = start; at > 0; ) {
      const record = records[offsets.indexOf(at)];
      assert.ok(record);
      const name = record.text(Tag.ReferencedFileID) ?? record.text(Tag.PatientID) ?? '';
      found.push(`${'.'.repeat(depth)}${record.text(Tag.DirectoryRecordType)} ${name}`.trim());
      visit(record.number(Tag.OffsetOfReferencedLowerLevelDirectoryEntity) ?? 0, depth + 1);
      at = record.number(Tag.OffsetOfTheNextDirectoryRecord) ?? 0;
    }
  };
  visit(offsets[0] ?? 0, 0);
  return found;
}

test('a file that comes later still stands with its series', () => {
  assert.deepEqual(walk(directory()), [
    'PATIENT P1',
    '.STUDY',
    '..SERIES',
    '...IMAGE IMAGES\\IM1111',
    '...IMAGE IMAGES\\IM1112',
    '..SERIES',
    '...IMAGE IMAGES\\IM1121',
    '.STUDY',
    '..SERIES',
    '...SR DOCUMENT IMAGES\\IM1211',
    'PATIENT P2',
    '.STUDY',
    '..SERIES',
    '...IMAGE IMAGES\\IM2111',
  ]);
});

test('files whose identifiers differ in white space only have records of their own', () => {
  const builder = createDicomDir({ fileSetId: 'TEST', isExtended: false, now: new Date(0) });
  builder.add(file(1, 1, 1, 1));
  const changed = (at: string, tag: number, value: string) =>
    builder.add({ ...file(1, 1, 1, 1, [{ tag, value }]), path: ['IMAGES', at] });
  changed('IM2', Tag.SOPInstanceUID, ' 1.2.3.1.1.1.1');
  changed('IM3', Tag.PatientID, ' P1');
  assert.deepEqual(walk(bytesOf(builder.finish())), [
    'PATIENT P1',
    '.STUDY',
    '..SERIES',
    '...IMAGE IMAGES\\IM1111',
    '...IMAGE IMAGES\\IM2',
    'PATIENT  P1',
    '.STUDY',
    '..SERIES',
    '...IMAGE IMAGES\\IM3',
  ]);
});

test('the title of a document keeps its letters, as names do', () => {
  const builder = createDicomDir({ fileSetId: 'TEST', isExtended: false, now: new Date(0) });
  const more = new Map(inCyrillic.map((element) => [element.tag, element]));
  const { dataSet, ...rest } = file(1, 1, 1, 1);
  builder.add({ ...rest, dataSet: editDataSet(dataSet, [...more.values()]) });
  const { dataSet: directory } = parsePart10(bytesOf(builder.finish()));
  const document = directory.items(Tag.DirectoryRecordSequence).find((record) => record.has(Tag.CompletionFlag));
  const [title] = document?.items(Tag.ConceptNameCodeSequence) ?? [];
  assert.equal(title?.text(Tag.CodeMeaning), 'Отчёт');
});
