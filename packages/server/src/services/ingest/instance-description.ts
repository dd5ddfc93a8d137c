// What the index keeps of an instance, read from its header: identifiers, main DICOM tags and metadata of each level.
import {
  type DataSet,
  type Dictionary,
  formatTag,
  type ParsedFile,
  Tag,
  toOrthancJson,
  transferSyntaxOf,
} from '@pharos/dicom';
import {
  type Level,
  levels,
  type MainDicomTagRegistry,
  type MainDicomTags,
  Metadata,
  type Origin,
  PharosError,
  type ResourceIds,
  resourceIds,
} from '../../model/index.ts';
import type { MetadataValues, NewInstance } from '../../ports/index.ts';

export interface InstanceDescriberDependencies {
  readonly mainTags: MainDicomTagRegistry;
  readonly dictionary: Dictionary;
}

export type InstanceDescription = Pick<NewInstance, 'ids' | 'tags' | 'metadata'>;

export interface InstanceDescriber {
  /** Of the metadata, ReceptionDate is left to whoever commits. @throws PharosError InexistentTag, BadFileFormat where an identifier is absent, empty */
  describe(file: ParsedFile, origin: Origin): InstanceDescription;
}

function identifier(dataSet: DataSet, tag: number, keyword: string): string {
  const value = dataSet.text(tag);
  if (value === undefined) throw new PharosError('InexistentTag', `The file has no ${keyword}`);
  return value;
}

/** Under which identifiers an instance is stored. @throws PharosError InexistentTag, BadFileFormat where one is absent, empty */
export function identify(dataSet: DataSet): ResourceIds {
  const studyInstanceUid = identifier(dataSet, Tag.StudyInstanceUID, 'StudyInstanceUID');
  const seriesInstanceUid = identifier(dataSet, Tag.SeriesInstanceUID, 'SeriesInstanceUID');
  const sopInstanceUid = identifier(dataSet, Tag.SOPInstanceUID, 'SOPInstanceUID');
  if (studyInstanceUid === '' || seriesInstanceUid === '' || sopInstanceUid === '') {
    throw new PharosError('BadFileFormat', 'StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID is empty');
  }
  const patientId = dataSet.text(Tag.PatientID) ?? '';
  return resourceIds({ patientId, studyInstanceUid, seriesInstanceUid, sopInstanceUid });
}

const integer = /^[+-]?\d{1,15}$/;

function product(...factors: readonly string[]): string | undefined {
  if (!factors.every((factor) => integer.test(factor.trim()))) return undefined;
  const result = factors.reduce((all, factor) => all * Number(factor), 1);
  return result > 0 && Number.isSafeInteger(result) ? String(result) : undefined;
}

/** How many instances the series should have, where the instance says so. */
function expectedInstances(dataSet: DataSet): string | undefined {
  const images = dataSet.text(Tag.ImagesInAcquisition);
  const positions = dataSet.text(Tag.NumberOfTemporalPositions);
  if (images !== undefined && positions !== undefined) return product(images, positions);
  const slices = dataSet.text(Tag.NumberOfSlices);
  const timeSlices = dataSet.text(Tag.NumberOfTimeSlices);
  if (slices !== undefined && timeSlices !== undefined) return product(slices, timeSlices);
  const cardiac = dataSet.text(Tag.CardiacNumberOfImages);
  return cardiac === undefined ? undefined : product(cardiac);
}

/** VR that native Pixel Data should have (PS3.5 A.1, A.2). */
function usualPixelVr(file: ParsedFile): string {
  if (transferSyntaxOf(file.transferSyntax)?.explicitVr === false) return 'OW';
  return (file.dataSet.number(Tag.BitsAllocated) ?? 8) > 8 ? 'OW' : 'OB';
}

interface LevelTags {
  readonly level: Level;
  readonly tags: readonly { readonly tag: number; readonly key: string }[];
}

type Writable = Record<number, string>;

function addOrigin(metadata: Writable, origin: Origin): void {
  metadata[Metadata.RemoteAET] = origin.remoteAet ?? '';
  metadata[Metadata.Origin] = origin.origin;
  if (origin.remoteIp !== undefined) metadata[Metadata.RemoteIP] = origin.remoteIp;
  if (origin.calledAet !== undefined) metadata[Metadata.CalledAET] = origin.calledAet;
  if (origin.httpUsername !== undefined) metadata[Metadata.HttpUsername] = origin.httpUsername;
}

function addFile(metadata: Writable, file: ParsedFile): void {
  const { dataSet, pixelData } = file;
  metadata[Metadata.TransferSyntax] = file.transferSyntax;
  const sopClass = dataSet.text(Tag.SOPClassUID);
  if (sopClass !== undefined) metadata[Metadata.SopClassUid] = sopClass;
  const index = dataSet.text(Tag.InstanceNumber) ?? dataSet.text(Tag.ImageIndex);
  if (index !== undefined) metadata[Metadata.IndexInSeries] = index.trim();
  const syntax = transferSyntaxOf(file.transferSyntax);
  // An offset counts in bytes of the file, so there is none within a deflated data set; Orthanc gives none without meta header.
  if (!pixelData || syntax?.deflated || !file.hasMeta) return;
  metadata[Metadata.PixelDataOffset] = String(pixelData.offset);
  if (!syntax?.encapsulated && pixelData.vr !== usualPixelVr(file)) metadata[Metadata.PixelDataVR] = pixelData.vr;
}

export function createInstanceDescriber({ mainTags, dictionary }: InstanceDescriberDependencies): InstanceDescriber {
  const byLevel: readonly LevelTags[] = levels.map((level) => ({
    level,
    tags: [...mainTags.indexed[level]].map((tag) => ({ tag, key: formatTag(tag) })),
  }));

  const sequence = (tag: number, items: readonly DataSet[]) => ({
    Name: dictionary.nameOf(tag),
    Type: 'Sequence',
    Value: items.map((item) => toOrthancJson(item, { format: 'full', dictionary })),
  });

  const read = (dataSet: DataSet, { level, tags }: LevelTags): { tags: MainDicomTags; metadata: Writable } => {
    const values: Record<string, string> = {};
    const metadata: Writable = { [Metadata.MainDicomTagsSignature]: mainTags.signatures[level] };
    const sequences: Record<string, unknown> = {};
    let hasSequences = false;
    for (const { tag, key } of tags) {
      if (!dataSet.has(tag)) continue;
      const value = dataSet.text(tag);
      if (value !== undefined) {
        values[key] = value;
      } else if (dataSet.vr(tag) === 'SQ') {
        sequences[key] = sequence(tag, dataSet.items(tag));
        hasSequences = true;
      }
    }
    if (hasSequences) metadata[Metadata.MainDicomSequences] = JSON.stringify({ Sequences: sequences, Version: 1 });
    return { tags: values, metadata };
  };

  return {
    describe(file, origin) {
      const { dataSet } = file;
      const ids = identify(dataSet);
      const [patient, study, series, instance] = byLevel.map((level) => read(dataSet, level));
      if (!patient || !study || !series || !instance) throw new Error('There are four levels');
      const expected = expectedInstances(dataSet);
      if (expected !== undefined) series.metadata[Metadata.ExpectedNumberOfInstances] = expected;
      series.metadata[Metadata.RemoteAET] = origin.remoteAet ?? '';
      addOrigin(instance.metadata, origin);
      addFile(instance.metadata, file);
      const metadata: Record<Level, MetadataValues> = {
        Patient: patient.metadata,
        Study: study.metadata,
        Series: series.metadata,
        Instance: instance.metadata,
      };
      return {
        ids,
        metadata,
        tags: { Patient: patient.tags, Study: study.tags, Series: series.tags, Instance: instance.tags },
      };
    },
  };
}
