// Requested tags: where each value comes from, and when a file is opened.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDataSet, encodePart10, type ParsedFile, parsePart10, Tag } from '@pharos/dicom';
import { createMainDicomTagRegistry, Metadata, type OrthancId, resourceIds } from '../../model/index.ts';
import type { Resource } from '../../ports/index.ts';
import { createTagReader, type TagReaderDependencies, type TagValues } from './resource-tags.ts';

const mainTags = createMainDicomTagRegistry();
const ids = resourceIds({ patientId: 'p', studyInstanceUid: '1', seriesInstanceUid: '2', sopInstanceUid: '3' });

const sequences = JSON.stringify({
  Version: 1,
  Sequences: {
    '0040,0275': {
      Name: 'RequestAttributesSequence',
      Type: 'Sequence',
      Value: [{ '0040,1001': { Name: 'RequestedProcedureID', Type: 'String', Value: 'A1' } }],
    },
  },
});

const blank: Omit<Resource, 'level' | 'id'> = {
  parent: undefined,
  isStable: true,
  isProtected: false,
  tags: {},
  ancestors: {},
  children: [],
  metadata: [],
  labels: [],
  attachments: [],
};

const series: Resource = {
  ...blank,
  level: 'Series',
  id: ids.series,
  tags: { '0008,0060': 'MR' },
  ancestors: {
    Patient: { id: ids.patient, tags: { '0010,0010': 'DOE' } },
    Study: { id: ids.study, tags: { '0008,0020': '20200101', '0010,0010': 'DOE' } },
  },
  metadata: [
    { type: Metadata.MainDicomTagsSignature, value: mainTags.signatures.Series, revision: 0 },
    { type: Metadata.MainDicomSequences, value: sequences, revision: 0 },
  ],
};

const file: ParsedFile = parsePart10(
  encodePart10({
    dataSet: createDataSet([
      { tag: Tag.SOPClassUID, value: '1.2.840.10008.5.1.4.1.1.4' },
      { tag: Tag.SOPInstanceUID, value: '3' },
      { tag: Tag.Rows, value: 512 },
      { tag: Tag.ReferencedStudySequence, value: [[{ tag: Tag.ReferencedSOPInstanceUID, value: '9' }]] },
    ]),
    transferSyntax: '1.2.840.10008.1.2.1',
  }),
);

interface Read {
  readonly values: TagValues;
  readonly files: readonly OrthancId[];
}

async function read(resource: Resource, tags: readonly Tag[], access: 'Always' | 'Never' = 'Always'): Promise<Read> {
  const files: OrthancId[] = [];
  const deps: TagReaderDependencies = {
    mainTags,
    settings: { StorageAccessOnFind: access },
    reader: {
      async header(id) {
        files.push(id);
        return file;
      },
    },
    index: {
      async get(id) {
        const signature = id === ids.study ? mainTags.signatures.Study : mainTags.signatures.Patient;
        const metadata = [{ type: Metadata.MainDicomTagsSignature, value: signature, revision: 0 }];
        return { ...blank, level: 'Study', id, metadata };
      },
      async *find() {
        yield [{ ...blank, level: 'Instance', id: ids.instance }];
      },
      counts: async () => ({ patients: 0, studies: 0, series: 0, instances: 7 }),
      valuesBelowEach: async () => new Map(),
      valuesBelow: async () => ['CT', 'PT'],
    },
  };
  return { values: await createTagReader(deps, resource.level, tags).read(resource), files };
}

test('values of the index are taken from the resource and its ancestors, without a file', async () => {
  const { values, files } = await read(series, [Tag.Modality, Tag.StudyDate, Tag.PatientName]);
  assert.deepEqual([...values.values()], ['MR', '20200101', 'DOE']);
  assert.deepEqual(files, []);
});

test('a main tag that the index would have kept is left out, not looked for in files', async () => {
  const { values, files } = await read(series, [Tag.SeriesDescription, Tag.AccessionNumber]);
  assert.equal(values.size, 0);
  assert.deepEqual(files, []);
});

test('a tag of the patient that no file has is not looked for in files, from no level', async () => {
  const study: Resource = {
    ...blank,
    level: 'Study',
    id: ids.study,
    parent: ids.patient,
    metadata: [{ type: Metadata.MainDicomTagsSignature, value: mainTags.signatures.Study, revision: 0 }],
  };
  for (const resource of [study, series]) {
    const { values, files } = await read(resource, [Tag.PatientSex]);
    assert.equal(values.size, 0);
    assert.deepEqual(files, []);
  }
});

test('sequences kept as metadata are given as they are kept', async () => {
  const { values } = await read(series, [Tag.RequestAttributesSequence]);
  const value = values.get(Tag.RequestAttributesSequence);
  assert.ok(value && typeof value === 'object' && 'stored' in value);
  assert.equal(value.stored[0]?.['0040,1001']?.Value, 'A1');
});

test('other tags come from the file of one instance; those it lacks are null', async () => {
  const { values, files } = await read(series, [
    Tag.Rows,
    Tag.SOPInstanceUID,
    Tag.Columns,
    Tag.ReferencedStudySequence,
  ]);
  assert.equal(values.get(Tag.Rows), '512');
  assert.equal(values.get(Tag.SOPInstanceUID), '3');
  assert.equal(values.get(Tag.Columns), null);
  const sequence = values.get(Tag.ReferencedStudySequence);
  assert.ok(sequence && typeof sequence === 'object' && 'items' in sequence);
  assert.equal(sequence.items[0]?.text(Tag.ReferencedSOPInstanceUID), '9');
  assert.deepEqual(files, [ids.instance]);
});

test('StorageAccessOnFind Never opens no file', async () => {
  const { values, files } = await read(series, [Tag.Rows, Tag.Modality], 'Never');
  assert.deepEqual([...values.keys()], [Tag.Modality]);
  assert.deepEqual(files, []);
});

test('computed tags belong to their level', async () => {
  const study: Resource = { ...blank, level: 'Study', id: ids.study };
  const ofStudy = [Tag.ModalitiesInStudy, Tag.NumberOfStudyRelatedInstances, Tag.InstanceAvailability];
  assert.deepEqual([...(await read(study, ofStudy)).values.values()], ['CT\\PT', '7']);
  const instance: Resource = { ...blank, level: 'Instance', id: ids.instance };
  assert.deepEqual([...(await read(instance, [Tag.InstanceAvailability])).values.values()], ['ONLINE']);
});

test('the SOP class of an instance is a metadata; the file meta information is never read', async () => {
  const metadata = [{ type: Metadata.SopClassUid, value: '1.2', revision: 0 }];
  const instance: Resource = { ...blank, level: 'Instance', id: ids.instance, metadata };
  const { values, files } = await read(instance, [Tag.SOPClassUID, Tag.TransferSyntaxUID]);
  assert.deepEqual([...values], [[Tag.SOPClassUID, '1.2']]);
  assert.deepEqual(files, []);
});
