// DICOMDIR: the directory of a medium, records of patients, studies, series and instances that point to each other by their place in
// the file (PS3.3 F, PS3.10 8.6).
import { createDataSet, type DataSet, type ElementInit } from '../data-set/index.ts';
import { Tag } from '../dictionary/index.ts';
import { encodeDataSet, encodeFileMeta } from '../encoding/index.ts';
import { generateUid } from '../uid/index.ts';
import { createRecordBytes, lowerPlace, nextPlace } from './record-bytes.ts';

export interface DirectoryFile {
  /** Components of the path, each of at most eight capital letters, digits and underscores (PS3.10 8.2). */
  readonly path: readonly string[];
  readonly dataSet: DataSet;
  readonly transferSyntax: string;
}

export interface DicomDirOptions {
  /** At most 16 characters. */
  readonly fileSetId: string;
  /** Beyond what the standard asks for: descriptions. */
  readonly isExtended: boolean;
  /** For studies without a date. */
  readonly now: Date;
}

const mediaStorageDirectory = '1.2.840.10008.1.3.10';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const inUse = 0xffff;
const sequenceHeaderBytes = 12;

/** Beside IMAGE, by SOP class without its root (PS3.3 table F.4-1). */
const recordTypes: Readonly<Record<string, string>> = {
  '481.2': 'RT DOSE',
  '481.3': 'RT STRUCTURE SET',
  '481.5': 'RT PLAN',
  '481.8': 'RT PLAN',
  '481.4': 'RT TREAT RECORD',
  '481.6': 'RT TREAT RECORD',
  '481.7': 'RT TREAT RECORD',
  '66': 'RAW DATA',
  '66.1': 'REGISTRATION',
  '66.2': 'FIDUCIAL',
  '66.3': 'REGISTRATION',
  '66.5': 'SURFACE',
  '67': 'VALUE MAP',
  '104.1': 'ENCAP DOC',
  '104.2': 'ENCAP DOC',
  '104.3': 'ENCAP DOC',
  '104.4': 'ENCAP DOC',
  '104.5': 'ENCAP DOC',
  '88.59': 'KEY OBJECT DOC',
};

const storageRoot = '1.2.840.10008.5.1.4.1.1.';

function recordType(sopClassUid: string): string {
  if (!sopClassUid.startsWith(storageRoot)) return 'IMAGE';
  const suffix = sopClassUid.slice(storageRoot.length);
  const known = Object.hasOwn(recordTypes, suffix) ? recordTypes[suffix] : undefined;
  if (known) return known;
  if (suffix.startsWith('88.')) return 'SR DOCUMENT';
  if (suffix.startsWith('11.')) return 'PRESENTATION';
  return suffix.startsWith('9.') ? 'WAVEFORM' : 'IMAGE';
}

/** The values of these attributes; an empty one where it is missing. */
function required(dataSet: DataSet, ...tags: readonly number[]): readonly ElementInit[] {
  return tags.map((tag) => ({ tag, value: dataSet.text(tag) ?? '' }));
}

function ifPresent(dataSet: DataSet, ...tags: readonly number[]): readonly ElementInit[] {
  return tags.flatMap((tag) => {
    const value = dataSet.text(tag);
    return value ? [{ tag, value }] : [];
  });
}

function firstOf(dataSet: DataSet, fallback: string, ...tags: readonly number[]): string {
  for (const tag of tags) {
    const value = dataSet.text(tag);
    if (value) return value;
  }
  return fallback;
}

function patientElements(dataSet: DataSet): readonly ElementInit[] {
  return required(dataSet, Tag.PatientName, Tag.PatientID);
}

function studyElements(dataSet: DataSet, { now }: DicomDirOptions): readonly ElementInit[] {
  const [date = '', time = ''] = now.toISOString().replace(/[-:]/g, '').split('T');
  const { StudyDate, SeriesDate, AcquisitionDate, ContentDate, StudyTime, SeriesTime, AcquisitionTime, ContentTime } =
    Tag;
  return [
    { tag: StudyDate, value: firstOf(dataSet, date, StudyDate, SeriesDate, AcquisitionDate, ContentDate) },
    { tag: StudyTime, value: firstOf(dataSet, time.slice(0, 6), StudyTime, SeriesTime, AcquisitionTime, ContentTime) },
    ...required(dataSet, Tag.AccessionNumber, Tag.StudyDescription, Tag.StudyInstanceUID),
    ...ifPresent(dataSet, Tag.StudyID),
  ];
}

function seriesElements(dataSet: DataSet, { isExtended }: DicomDirOptions): readonly ElementInit[] {
  return [
    ...required(dataSet, Tag.Modality, Tag.SeriesInstanceUID),
    ...ifPresent(dataSet, Tag.SeriesNumber),
    ...(isExtended ? ifPresent(dataSet, Tag.SeriesDescription) : []),
  ];
}

/** Attributes of the records beside IMAGE, which have them whether they have values or not (PS3.3 F.5). */
const recordTags: Readonly<Record<string, readonly number[]>> = {
  'RT DOSE': [Tag.DoseSummationType],
  'RT STRUCTURE SET': [Tag.StructureSetLabel, Tag.StructureSetDate, Tag.StructureSetTime],
  'RT PLAN': [Tag.RTPlanLabel, Tag.RTPlanDate, Tag.RTPlanTime],
  'RT TREAT RECORD': [Tag.TreatmentDate, Tag.TreatmentTime],
  PRESENTATION: [Tag.PresentationCreationDate, Tag.PresentationCreationTime, Tag.ContentLabel, Tag.ContentDescription],
  WAVEFORM: [Tag.ContentDate, Tag.ContentTime],
  'RAW DATA': [Tag.ContentDate, Tag.ContentTime],
  REGISTRATION: [Tag.ContentDate, Tag.ContentTime],
  FIDUCIAL: [Tag.ContentDate, Tag.ContentTime],
  SURFACE: [Tag.ContentDate, Tag.ContentTime],
  'VALUE MAP': [Tag.ContentDate, Tag.ContentTime],
  'ENCAP DOC': [Tag.ContentDate, Tag.ContentTime, Tag.DocumentTitle, Tag.MIMETypeOfEncapsulatedDocument],
  'SR DOCUMENT': [Tag.ContentDate, Tag.ContentTime, Tag.CompletionFlag, Tag.VerificationFlag],
  'KEY OBJECT DOC': [Tag.ContentDate, Tag.ContentTime],
};

const withTitle = new Set(['SR DOCUMENT', 'KEY OBJECT DOC', 'ENCAP DOC']);

/** The coded title of a document. */
function titleOf(dataSet: DataSet): readonly ElementInit[] {
  const items = dataSet.items(Tag.ConceptNameCodeSequence);
  const value = items.map((item) => required(item, Tag.CodeValue, Tag.CodingSchemeDesignator, Tag.CodeMeaning));
  return [{ tag: Tag.ConceptNameCodeSequence, vr: 'SQ', value }];
}

function instanceElements({ dataSet, path, transferSyntax }: DirectoryFile, type: string): readonly ElementInit[] {
  return [
    { tag: Tag.ReferencedFileID, value: path.join('\\') },
    { tag: Tag.ReferencedSOPClassUIDInFile, value: dataSet.text(Tag.SOPClassUID) ?? '' },
    { tag: Tag.ReferencedSOPInstanceUIDInFile, value: dataSet.text(Tag.SOPInstanceUID) ?? '' },
    { tag: Tag.ReferencedTransferSyntaxUIDInFile, value: transferSyntax },
    ...required(dataSet, Tag.InstanceNumber, ...(recordTags[type] ?? [])),
    ...(withTitle.has(type) ? titleOf(dataSet) : []),
  ];
}

const isAscii = (text: string): boolean => !/\P{ASCII}/u.test(text);

type Items = readonly (readonly ElementInit[])[];

const isItems = (value: ElementInit['value']): value is Items =>
  Array.isArray(value) && value.every((item) => Array.isArray(item));

/** Letters without their accents. */
function plain({ value, ...element }: ElementInit): ElementInit {
  if (isItems(value)) return { ...element, value: value.map((item) => item.map(plain)) };
  return { ...element, value: typeof value === 'string' ? value.normalize('NFD').replace(/\p{M}/gu, '') : value };
}

function isAsciiElement({ value }: ElementInit): boolean {
  return isItems(value) ? value.flat().every(isAsciiElement) : typeof value !== 'string' || isAscii(value);
}

/** Readers of media may know no character sets: text is without accents where that makes it ASCII, else in the set of its file. */
function recordOf(type: string, dataSet: DataSet, elements: readonly ElementInit[]): Uint8Array {
  const simple = elements.map(plain);
  const isSimple = simple.every(isAsciiElement);
  const record = createDataSet([
    { tag: Tag.OffsetOfTheNextDirectoryRecord, vr: 'UL', value: 0 },
    { tag: Tag.RecordInUseFlag, value: inUse },
    { tag: Tag.OffsetOfReferencedLowerLevelDirectoryEntity, vr: 'UL', value: 0 },
    { tag: Tag.DirectoryRecordType, value: type },
    ...(isSimple ? simple : [...ifPresent(dataSet, Tag.SpecificCharacterSet), ...elements]),
  ]);
  return encodeDataSet(record, explicitLittleEndian);
}

/** The bytes of the directory. */
export interface EncodedDirectory {
  readonly length: number;
  readonly pieces: readonly Uint8Array[];
}

/** Files are added one after the other, each has a record; those above are made of the first file that they stand for. */
export interface DicomDirBuilder {
  /** Nothing of the file is kept but the bytes of its records. @throws DicomError where it cannot be read; it has no record then */
  add(file: DirectoryFile): void;
  /** Once; nothing is added any more. */
  finish(): EncodedDirectory;
}

/** The elements before the records: as long whatever the offsets are. */
function encodeHead(fileSetId: string, first: number, last: number): Uint8Array {
  const head = createDataSet([
    { tag: Tag.FileSetID, value: fileSetId },
    { tag: Tag.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity, vr: 'UL', value: first },
    { tag: Tag.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity, vr: 'UL', value: last },
    { tag: Tag.FileSetConsistencyFlag, value: 0 },
  ]);
  return encodeDataSet(head, explicitLittleEndian);
}

function sequenceHeader(length: number): Uint8Array {
  const bytes = new Uint8Array(sequenceHeaderBytes);
  bytes.set([0x04, 0x00, 0x20, 0x12, 0x53, 0x51]);
  new DataView(bytes.buffer).setUint32(8, length, true);
  return bytes;
}

/** A directory entity: the records of one parent. Offsets count from the start of the file; 0 is none. */
interface Entity {
  /** Of the record above; 0 for the root. */
  readonly parent: number;
  first: number;
  last: number;
}

export function createDicomDir(options: DicomDirOptions): DicomDirBuilder {
  const { fileSetId } = options;
  const meta = encodeFileMeta({
    sopClassUid: mediaStorageDirectory,
    sopInstanceUid: generateUid(),
    transferSyntax: explicitLittleEndian,
  });
  const start = meta.length + encodeHead(fileSetId, 0, 0).length + sequenceHeaderBytes;
  const records = createRecordBytes(start);
  const root: Entity = { parent: 0, first: 0, last: 0 };
  const known = new Map<string, Entity>();

  /** Another record; what it stands in points to it. */
  const append = (entity: Entity, record: Uint8Array): Entity => {
    const offset = records.add(record);
    if (entity.last > 0) records.patch(entity.last + nextPlace, offset);
    else if (entity.parent > 0) records.patch(entity.parent + lowerPlace, offset);
    entity.first ||= offset;
    entity.last = offset;
    return { parent: offset, first: 0, last: 0 };
  };

  /** The record of this key, made where there is none. */
  const under = (entity: Entity, key: string, make: () => Uint8Array): Entity => {
    const whole = `${entity.parent} ${key}`;
    const found = known.get(whole) ?? append(entity, make());
    known.set(whole, found);
    return found;
  };

  return {
    add(file) {
      const { dataSet } = file;
      const id = (tag: number): string => dataSet.text(tag) ?? '';
      const type = recordType(id(Tag.SOPClassUID).trim());
      // First of all, so that a file without a record leaves no records above it.
      const instance = recordOf(type, dataSet, instanceElements(file, type));
      const patient = under(root, id(Tag.PatientID), () => recordOf('PATIENT', dataSet, patientElements(dataSet)));
      const study = under(patient, id(Tag.StudyInstanceUID), () =>
        recordOf('STUDY', dataSet, studyElements(dataSet, options)),
      );
      const series = under(study, id(Tag.SeriesInstanceUID), () =>
        recordOf('SERIES', dataSet, seriesElements(dataSet, options)),
      );
      // Each file has one, whatever its identifier: without it nobody would find the file.
      append(series, instance);
    },
    finish() {
      const head = encodeHead(fileSetId, root.first, root.last);
      const pieces = [meta, head, sequenceHeader(records.length), ...records.pieces()];
      return { length: start + records.length, pieces };
    },
  };
}
