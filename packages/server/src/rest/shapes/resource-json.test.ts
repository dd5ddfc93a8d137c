// Resources as JSON: what expanded answers show at each level, and the three formats of tags.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standardDictionary, Tag, type TagFormat } from '@pharos/dicom';
import { createMainDicomTagRegistry, createMetadataRegistry, Metadata, resourceIds } from '../../model/index.ts';
import type { Resource } from '../../ports/index.ts';
import {
  bareContent,
  expandedContent,
  type ResourceContent,
  type ResourceView,
  type TagValue,
} from '../../services/read/index.ts';
import { createResourceJson } from './resource-json.ts';

const deps = {
  dictionary: standardDictionary,
  mainTags: createMainDicomTagRegistry(),
  metadataTypes: createMetadataRegistry(),
};
const ids = resourceIds({ patientId: 'p', studyInstanceUid: '1', seriesInstanceUid: '2', sopInstanceUid: '3' });

const base: Omit<Resource, 'level' | 'id'> = {
  parent: undefined,
  isStable: false,
  isProtected: true,
  tags: {},
  ancestors: {},
  children: [],
  metadata: [{ type: Metadata.LastUpdate, value: '20200101T000000', revision: 0 }],
  labels: ['a'],
  attachments: [],
};

function show(
  resource: Resource,
  more: Partial<ResourceView> = {},
  content: ResourceContent = expandedContent,
  format: TagFormat = 'simplify',
) {
  const view: ResourceView = { resource, progress: undefined, attachments: undefined, requested: undefined, ...more };
  return JSON.parse(JSON.stringify(createResourceJson(deps, { content, format })(view)));
}

test('a patient', () => {
  const shown = show({ ...base, level: 'Patient', id: ids.patient, tags: { '0010,0020': 'p' }, children: [ids.study] });
  assert.deepEqual(shown, {
    ID: ids.patient,
    IsProtected: true,
    IsStable: false,
    Labels: ['a'],
    LastUpdate: '20200101T000000',
    MainDicomTags: { PatientID: 'p' },
    Studies: [ids.study],
    Type: 'Patient',
  });
});

test('a study shows the patient as its own files have it, whatever else was fetched with it', () => {
  const ancestors = { Patient: { id: ids.patient, tags: { '0010,0010': 'OTHER' } } };
  const study: Resource = {
    ...base,
    level: 'Study',
    id: ids.study,
    parent: ids.patient,
    ancestors,
    tags: { '0020,000d': '1' },
  };
  const shown = show(study);
  assert.equal(shown.ParentPatient, ids.patient);
  assert.deepEqual(shown.MainDicomTags, { StudyInstanceUID: '1' });
  assert.deepEqual(shown.PatientMainDicomTags, {});
  const own = show({ ...study, tags: { '0010,0010': 'OWN', '0020,000d': '1' } });
  assert.deepEqual(own.MainDicomTags, { StudyInstanceUID: '1' });
  assert.deepEqual(own.PatientMainDicomTags, { PatientName: 'OWN' });
});

test('a series with its status', () => {
  const series: Resource = { ...base, level: 'Series', id: ids.series, parent: ids.study, children: [ids.instance] };
  const shown = show(series, { progress: { status: 'Missing', expected: 2 } });
  assert.deepEqual([shown.Status, shown.ExpectedNumberOfInstances], ['Missing', 2]);
  assert.equal(show(series, { progress: { status: 'Unknown', expected: undefined } }).ExpectedNumberOfInstances, null);
});

test('an instance with its file, and a place in the series or none', () => {
  const file = { type: 1, uuid: 'u', compression: 'none', uncompressedSize: 10, compressedSize: 5 } as const;
  const attachments = [{ ...file, uncompressedMd5: 'a', compressedMd5: 'b', revision: 0 }];
  const metadata = [{ type: Metadata.ModifiedFrom, value: 'x', revision: 0 }];
  const shown = show({ ...base, level: 'Instance', id: ids.instance, parent: ids.series, attachments, metadata });
  assert.deepEqual(shown, {
    FileSize: 10,
    FileUuid: 'u',
    ID: ids.instance,
    IndexInSeries: null,
    Labels: ['a'],
    MainDicomTags: {},
    ModifiedFrom: 'x',
    ParentSeries: ids.series,
    Type: 'Instance',
  });
});

test('a chosen content shows no more than was chosen', () => {
  const patient: Resource = { ...base, level: 'Patient', id: ids.patient };
  assert.deepEqual(show(patient, {}, bareContent), { ID: ids.patient, Type: 'Patient' });
  const metadata = show(patient, {}, { ...bareContent, metadata: true });
  assert.deepEqual(metadata, { ID: ids.patient, Metadata: { LastUpdate: '20200101T000000' }, Type: 'Patient' });
});

test('tags in the three formats, sequences too', () => {
  const stored = [{ '0040,1001': { Name: 'RequestedProcedureID', Type: 'String', Value: 'A1' } }];
  const requested: ResourceView['requested'] = new Map<Tag, TagValue>([
    [Tag.Modality, 'MR'],
    [Tag.Rows, null],
    [Tag.RequestAttributesSequence, { stored }],
  ]);
  const shown = (format: TagFormat) =>
    show({ ...base, level: 'Series', id: ids.series }, { requested }, bareContent, format).RequestedTags;
  assert.deepEqual(shown('simplify'), {
    Modality: 'MR',
    Rows: null,
    RequestAttributesSequence: [{ RequestedProcedureID: 'A1' }],
  });
  assert.deepEqual(shown('short'), { '0008,0060': 'MR', '0028,0010': null, '0040,0275': [{ '0040,1001': 'A1' }] });
  assert.deepEqual(shown('full'), {
    '0008,0060': { Name: 'Modality', Type: 'String', Value: 'MR' },
    '0028,0010': { Name: 'Rows', Type: 'Null', Value: null },
    '0040,0275': { Name: 'RequestAttributesSequence', Type: 'Sequence', Value: stored },
  });
});
