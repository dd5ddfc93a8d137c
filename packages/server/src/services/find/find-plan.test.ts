// Which terms of a search the index answers, and at which level.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tag } from '@pharos/dicom';
import { createMainDicomTagRegistry } from '../../model/index.ts';
import { isInFilesOnly, planFind } from './find-plan.ts';
import type { FindRequest, FindTerm } from './find-request.ts';

const mainTags = createMainDicomTagRegistry();

const term = (tag: Tag): FindTerm => ({ tag, match: { kind: 'equal', value: 'x' }, caseSensitive: false });
const plan = (request: FindRequest, maximumResults = 0) => planFind(request, { mainTags, maximumResults });

test('tags are looked up at their own level, from above or from below', () => {
  const terms = [term(Tag.PatientID), term(Tag.StudyDate), term(Tag.SeriesDescription), term(Tag.SOPInstanceUID)];
  const levels = plan({ level: 'Study', terms }).query.terms?.map(({ level }) => level);
  assert.deepEqual(levels, ['Study', 'Study', 'Series', 'Instance']);
});

test('a tag that two levels keep is taken at the level of the search, else from above', () => {
  const levelAt = (level: 'Series' | 'Instance' | 'Study') =>
    plan({ level, terms: [term(Tag.ImageOrientationPatient)] }).query.terms?.[0]?.level;
  assert.deepEqual([levelAt('Instance'), levelAt('Series'), levelAt('Study')], ['Instance', 'Series', 'Series']);
});

test('modalities in study are those of its series', () => {
  for (const level of ['Study', 'Series'] as const) {
    const found = plan({ level, terms: [term(Tag.ModalitiesInStudy)] });
    assert.deepEqual(found.query.terms, [{ ...term(Tag.Modality), level: 'Series' }]);
    assert.deepEqual(found.residual, []);
  }
});

test('other tags are residual: limits then bound candidates and results apart', () => {
  const request: FindRequest = { level: 'Instance', terms: [term(Tag.PhotometricInterpretation)], limit: 5 };
  const found = plan(request, 20);
  assert.deepEqual(found.residual, request.terms);
  assert.equal(found.query.limit, 20);
  assert.equal(found.limit, 5);
  assert.throws(() => plan({ ...request, since: 1 }), { code: 'BadRequest' });
});

test('files alone hold what the index neither keeps at some level nor computes', () => {
  const isInFiles = (tag: Tag, level: 'Study' | 'Instance' = 'Study') => isInFilesOnly(tag, level, mainTags);
  assert.deepEqual(
    [Tag.Rows, Tag.SOPClassUID].map((tag) => isInFiles(tag)),
    [true, true],
  );
  assert.equal(isInFiles(Tag.SOPClassUID, 'Instance'), false);
  const others = [Tag.PatientID, Tag.SeriesDescription, Tag.NumberOfStudyRelatedSeries, Tag.ModalitiesInStudy];
  assert.ok(!others.some((tag) => isInFiles(tag)));
});

test('the smaller of limit and configured maximum holds; 0 is none', () => {
  assert.equal(plan({ level: 'Study', limit: 30 }, 10).query.limit, 10);
  assert.equal(plan({ level: 'Study', limit: 3 }, 10).query.limit, 3);
  assert.equal(plan({ level: 'Study' }, 10).query.limit, 10);
  assert.equal(plan({ level: 'Study' }, 0).query.limit, undefined);
});

test('orders by tags that the index does not hold are dropped', () => {
  const by = (tag: Tag) => ({ key: { tag }, as: 'text', descending: false }) as const;
  const found = plan({ level: 'Study', orderBy: [by(Tag.Rows), by(Tag.SeriesDate), by(Tag.PatientName)] });
  assert.deepEqual(found.query.orderBy, [
    { key: { tag: Tag.SeriesDate, level: 'Series' }, as: 'text', descending: false },
    { key: { tag: Tag.PatientName, level: 'Study' }, as: 'text', descending: false },
  ]);
});
