// Two patients in a real index and real files, and a way to ask for them.
import { createDataSet, type DataSet, type ElementInit, encodePart10, standardDictionary, Tag } from '@pharos/dicom';
import { createMainDicomTagRegistry } from '../../server/src/model/index.ts';
import { answerQuery, type QueryDependencies } from '../../server/src/services/query/index.ts';
import { createInstanceReader } from '../../server/src/services/read/index.ts';
import { noMetrics, openIngest } from './ingest-fixture.ts';

export const privateCreator = 0x00090010;
export const privateText = 0x00091001;
export const privateSequence = 0x00091002;

interface Sample {
  readonly patient: string;
  readonly name?: string;
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  readonly modality?: string;
  readonly more?: readonly ElementInit[];
}

const samples: readonly Sample[] = [
  { patient: 'Alpha', name: 'Générale^É', study: '1.1', series: '1.1.1', instance: '1.1.1.1' },
  { patient: 'Alpha', name: 'Générale^É', study: '1.1', series: '1.1.1', instance: '1.1.1.2' },
  { patient: 'Alpha', name: 'Générale^É', study: '1.1', series: '1.1.2', instance: '1.1.2.1', modality: 'PT' },
  {
    patient: 'Beta',
    name: 'Иванов^Ян',
    study: '1.2',
    series: '1.2.1',
    instance: '1.2.1.1',
    modality: 'MR',
    more: [
      { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' },
      { tag: Tag.BodyPartExamined, value: 'KNEE' },
      { tag: Tag.SecondaryCaptureDeviceID, value: 'MEDPC' },
      { tag: Tag.Rows, value: new Uint8Array(0) },
      { tag: Tag.Columns, vr: 'LO', value: 'many' },
      {
        tag: Tag.ReferencedImageSequence,
        value: [
          [
            { tag: Tag.ReferencedSOPInstanceUID, value: '9.9' },
            { tag: Tag.PatientComments, value: 'écran Ж' },
          ],
        ],
      },
      {
        tag: Tag.RequestAttributesSequence,
        value: [[{ tag: Tag.RequestedProcedureID, value: 'P1' }]],
      },
      { tag: privateCreator, vr: 'LO', value: 'ACME' },
      { tag: privateText, vr: 'LO', value: 'secret' },
      { tag: privateSequence, vr: 'SQ', value: [[{ tag: Tag.CodeValue, value: 'C1' }]] },
    ],
  },
];

function file({ patient, name = '', study, series, instance, modality = 'CT', more = [] }: Sample): Uint8Array {
  const elements: ElementInit[] = [
    { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.2' },
    { tag: Tag.SOPInstanceUID, value: instance },
    { tag: Tag.PatientID, value: patient },
    { tag: Tag.PatientName, value: name },
    { tag: Tag.StudyInstanceUID, value: study },
    { tag: Tag.StudyDate, value: study === '1.1' ? '20200315' : '20210401' },
    { tag: Tag.SeriesInstanceUID, value: series },
    { tag: Tag.Modality, value: modality },
    ...more,
  ];
  return encodePart10({ dataSet: createDataSet(elements), transferSyntax: '1.2.840.10008.1.2.1' });
}

export interface QueryFixture extends AsyncDisposable {
  readonly deps: QueryDependencies;
  /** The same server with other options. */
  withSettings(settings: Partial<QueryDependencies['settings']>): QueryDependencies;
  answersTo(identifier: DataSet, deps?: QueryDependencies): Promise<DataSet[]>;
  /** Texts of one attribute, one for each answer, sorted. */
  found(
    show: Tag,
    level: string,
    elements?: readonly ElementInit[],
    deps?: QueryDependencies,
  ): Promise<(string | undefined)[]>;
}

/** An identifier in UTF-8. */
export const identifierOf = (level: string, ...elements: readonly ElementInit[]): DataSet =>
  createDataSet([
    { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' },
    { tag: Tag.QueryRetrieveLevel, value: level },
    ...elements,
  ]);

async function answersOf(deps: QueryDependencies, identifier: DataSet): Promise<DataSet[]> {
  const answers: DataSet[] = [];
  for await (const answer of answerQuery(deps, { identifier })) answers.push(answer);
  return answers;
}

export async function createQueryFixture(): Promise<QueryFixture> {
  const store = await openIngest();
  for (const sample of samples) await store.store(file(sample));
  const { index, blobs } = store;
  const live = { fallbackCharset: () => 'ISO_IR 100' };
  const cache = { DicomParserCacheSize: 16, MaximumStorageCacheSize: 16 };
  const deps: QueryDependencies = {
    index,
    blobs,
    mainTags: createMainDicomTagRegistry(),
    reader: createInstanceReader({ index, blobs, live, settings: cache, metrics: noMetrics }),
    dictionary: standardDictionary,
    live,
    settings: {
      DicomAet: 'PHAROS',
      CaseSensitivePN: false,
      LimitFindResults: 0,
      LimitFindInstances: 0,
      StorageAccessOnFind: 'Always',
    },
  };
  return {
    deps,
    withSettings: (settings) => ({ ...deps, settings: { ...deps.settings, ...settings } }),
    answersTo: (identifier, given = deps) => answersOf(given, identifier),
    async found(show, level, elements = [], given = deps) {
      const shown: readonly ElementInit[] = elements.some(({ tag }) => tag === show) ? [] : [{ tag: show, value: '' }];
      const answers = await answersOf(given, identifierOf(level, ...shown, ...elements));
      return answers.map((answer) => answer.text(show)).sort();
    },
    [Symbol.asyncDispose]: () => store.discard(),
  };
}
