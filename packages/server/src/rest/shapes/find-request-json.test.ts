// Bodies of /tools/find: what is refused, and what the others mean.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { standardDictionary, Tag } from '@pharos/dicom';
import { createMetadataRegistry, resourceIds } from '../../model/index.ts';
import { parseCountBody, parseFindBody } from './find-request-json.ts';

const deps = { dictionary: standardDictionary, metadataTypes: createMetadataRegistry({ mine: 1024 }) };
const parse = (body: unknown) => parseFindBody(body, deps);
const minimal = { Level: 'Study', Query: {} };

test('wrong types are refused', () => {
  const wrong: readonly unknown[] = [
    [],
    'text',
    {},
    { Level: 'Study' },
    { Query: {} },
    { Level: 1, Query: {} },
    { Level: 'Study', Query: { PatientID: 1 } },
    { ...minimal, CaseSensitive: 'yes' },
    { ...minimal, Labels: 'a' },
    { ...minimal, Labels: [1] },
    { ...minimal, LabelsConstraint: 'Some' },
    { ...minimal, MetadataQuery: [] },
    { ...minimal, ParentStudy: 1 },
    { ...minimal, Limit: '1' },
    { ...minimal, Since: 1.5 },
    { ...minimal, Since: 1, CaseSensitive: true, Query: { PatientID: 'x' } },
    { ...minimal, RequestedTags: 'PatientID' },
    { ...minimal, ResponseContent: 'Children' },
    { ...minimal, OrderBy: [{ Type: 'DicomTag', Key: 'PatientID' }] },
    { ...minimal, OrderBy: [{ Type: 'Other', Key: 'PatientID', Direction: 'ASC' }] },
  ];
  for (const body of wrong) assert.throws(() => parse(body), { code: 'BadRequest' }, JSON.stringify(body));
});

test('values out of range are refused as such', () => {
  const refused = { code: 'ParameterOutOfRange' };
  assert.throws(() => parse({ ...minimal, Level: 'Hospital' }), refused);
  assert.throws(() => parse({ ...minimal, Limit: -1 }), refused);
  assert.throws(() => parse({ ...minimal, ResponseContent: ['Everything'] }), refused);
  const metadata = Object.fromEntries(Array.from({ length: 401 }, (_, n) => [String(2000 + n), 'x']));
  assert.throws(() => parse({ ...minimal, MetadataQuery: metadata }), refused);
  const order = { Type: 'DicomTag', Key: 'StudyDate', Direction: 'ASC' };
  assert.throws(() => parse({ ...minimal, OrderBy: Array.from({ length: 101 }, () => order) }), refused);
  assert.throws(() => parseCountBody({ ...minimal, CaseSensitive: true }, deps), refused);
  assert.throws(() => parse({ ...minimal, Query: { NoSuchTag: 'x' } }), { code: 'UnknownDicomTag' });
  assert.throws(() => parse({ ...minimal, MetadataQuery: { nobody: 'x' } }), { code: 'InexistentItem' });
});

test('Expand is read as Orthanc reads it; a wrong format is a bad file format', () => {
  assert.ok(parse({ ...minimal, Expand: 1 }).content);
  assert.equal(parse({ ...minimal, Expand: null }).content, undefined);
  assert.throws(() => parse({ ...minimal, Expand: 'yes' }), { code: 'BadRequest' });
  for (const name of ['Full', 'Short', 'Simplify']) {
    assert.throws(() => parse({ ...minimal, [name]: 1 }), { code: 'BadFileFormat' });
  }
});

test('a body becomes a search', () => {
  const parsed = parse({
    Level: 'IMAGES',
    Query: { '0008,1010': 'a', PatientName: '', Modality: 'CT\\MR' },
    CaseSensitive: true,
    MetadataQuery: { mine: '*x' },
    Labels: ['l'],
    LabelsConstraint: 'Any',
    OrderBy: [{ Type: 'MetadataAsInt', Key: 'IndexInSeries', Direction: 'desc' }],
    Since: 2,
    Limit: 3,
  });
  assert.deepEqual(parsed.request, {
    level: 'Instance',
    terms: [
      { tag: Tag.StationName, match: { kind: 'equal', value: 'a' }, caseSensitive: true },
      { tag: Tag.Modality, match: { kind: 'list', values: ['CT', 'MR'] }, caseSensitive: true },
    ],
    metadata: [{ type: 1024, match: { kind: 'wildcard', pattern: '*x' }, caseSensitive: true }],
    labels: { constraint: 'Any', labels: ['l'] },
    orderBy: [{ key: { metadata: 1 }, as: 'integer', descending: true }],
    since: 2,
    limit: 3,
  });
  assert.equal(parsed.content, undefined);
  assert.equal(parsed.format, 'simplify');
});

test('no labels at all is a condition only with None', () => {
  assert.equal(parse({ ...minimal, Labels: [], LabelsConstraint: 'Any' }).request?.labels, undefined);
  assert.deepEqual(parse({ ...minimal, LabelsConstraint: 'None' }).request?.labels, { constraint: 'None', labels: [] });
});

test('the topmost parent wins; below one that cannot exist there is nothing', () => {
  const { patient, study } = resourceIds({
    patientId: 'p',
    studyInstanceUid: '1',
    seriesInstanceUid: '2',
    sopInstanceUid: '3',
  });
  assert.equal(parse({ ...minimal, ParentPatient: patient, ParentStudy: study }).request?.within, patient);
  assert.equal(parse({ ...minimal, ParentStudy: 'nobody' }).request, undefined);
});

test('ResponseContent wins over Expand, and shows no more than its words', () => {
  const { content } = parse({ ...minimal, Expand: true, ResponseContent: ['Children', 'RequestedTags'] });
  assert.equal(content?.children, true);
  assert.equal(content?.mainTags, false);
  assert.equal(parse({ ...minimal, Expand: true }).content?.mainTags, true);
});
