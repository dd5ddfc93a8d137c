// What C-FIND answers, on a real index and real files: levels, matching, returned values, limits.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDataSet, type DataSet, type ElementInit, Tag } from '@pharos/dicom';
import {
  createQueryFixture,
  identifierOf,
  privateCreator,
  privateSequence,
  privateText,
  type QueryFixture,
} from '@pharos/testkit';
import { answerQuery, type QueryAnswers, type QueryDependencies } from './index.ts';

let world: QueryFixture;
let deps: QueryDependencies;

before(async () => {
  world = await createQueryFixture();
  deps = world.deps;
});
after(() => world[Symbol.asyncDispose]());

const ask = (identifier: DataSet, given = deps): QueryAnswers => answerQuery(given, { identifier });

test('every level is answered, however it is spelled, with one answer for each resource', async () => {
  assert.deepEqual(await world.found(Tag.PatientID, 'PATIENT'), ['Alpha', 'Beta']);
  assert.deepEqual(await world.found(Tag.StudyInstanceUID, 'study'), ['1.1', '1.2']);
  assert.deepEqual(await world.found(Tag.SeriesInstanceUID, 'Series'), ['1.1.1', '1.1.2', '1.2.1']);
  assert.equal((await world.found(Tag.SOPInstanceUID, 'IMAGE')).length, 4);
  assert.equal((await world.found(Tag.SOPInstanceUID, 'INSTANCES')).length, 4);
});

test('a level that is missing or unknown is refused', () => {
  assert.throws(() => ask(createDataSet([{ tag: Tag.PatientID, value: '' }])), { code: 'BadRequest' });
  assert.throws(() => ask(identifierOf('WORKLIST')), { code: 'BadRequest' });
});

test('keys of upper levels are matched and returned at lower ones, and no unique key is required', async () => {
  assert.deepEqual(await world.found(Tag.SeriesInstanceUID, 'SERIES', [{ tag: Tag.PatientID, value: 'Alpha' }]), [
    '1.1.1',
    '1.1.2',
  ]);
  assert.deepEqual(await world.found(Tag.PatientID, 'IMAGE', [{ tag: Tag.StudyDate, value: '2021-' }]), ['Beta']);
});

test('no stored file is opened for keys that every answer has', async () => {
  const reader = { ...deps.reader, header: () => Promise.reject(new Error('a file was opened')) };
  const keys = [Tag.SpecificCharacterSet, Tag.RetrieveAETitle, Tag.PatientID].map((tag) => ({ tag, value: '' }));
  const answers = await Array.fromAsync(ask(identifierOf('STUDY', ...keys), { ...deps, reader }));
  assert.deepEqual(
    answers.map((answer) => answer.text(Tag.QueryRetrieveLevel)),
    ['STUDY', 'STUDY'],
  );
});

test('names are matched without case, identifiers with it', async () => {
  const byName = (value: string, given?: QueryDependencies) =>
    world.found(Tag.PatientID, 'PATIENT', [{ tag: Tag.PatientName, value }], given);
  assert.deepEqual(await byName('génÉrale*'), ['Alpha']);
  assert.deepEqual(await byName('nobody\\GÉNÉRALE^é'), ['Alpha']);
  assert.deepEqual(await byName('ИВАНОВ^Я?'), ['Beta']);
  assert.deepEqual(await byName('generale*'), []);
  const sensitive = world.withSettings({ CaseSensitivePN: true });
  assert.deepEqual(await byName('génÉrale*', sensitive), []);
  assert.deepEqual(await byName('Générale*', sensitive), ['Alpha']);
  assert.deepEqual(await world.found(Tag.PatientID, 'PATIENT', [{ tag: Tag.PatientID, value: 'alpha' }]), []);
});

test('lists, wildcards and ranges match by their representation; a wildcard elsewhere is refused', async () => {
  const studies = (element: ElementInit) => world.found(Tag.StudyInstanceUID, 'STUDY', [element]);
  assert.deepEqual(await studies({ tag: Tag.StudyInstanceUID, value: '1.2\\1.9' }), ['1.2']);
  assert.deepEqual(await studies({ tag: Tag.StudyDate, value: '20200101-20201231' }), ['1.1']);
  assert.deepEqual(await studies({ tag: Tag.StudyDate, value: '-' }), ['1.1', '1.2']);
  assert.deepEqual(await studies({ tag: Tag.ModalitiesInStudy, value: 'PT\\US' }), ['1.1']);
  assert.deepEqual(await studies({ tag: Tag.ModalitiesInStudy, value: 'M*' }), ['1.2']);
  const wildUid = identifierOf('STUDY', { tag: Tag.StudyInstanceUID, vr: 'UI', value: '1.*' });
  assert.throws(() => ask(wildUid), { code: 'ParameterOutOfRange' });
  assert.throws(() => ask(identifierOf('STUDY', { tag: Tag.StudyDate, vr: 'DA', value: '2020*' })), {
    code: 'ParameterOutOfRange',
  });
});

test('an answer has every attribute that was asked for, the level, the title of the server and its character set', async () => {
  const [answer] = await world.answersTo(
    identifierOf(
      'study',
      { tag: Tag.StudyInstanceUID, value: '1.2' },
      { tag: Tag.AccessionNumber, value: '' },
      { tag: Tag.Rows, value: '' },
      { tag: Tag.Columns, value: '' },
      { tag: Tag.RetrieveAETitle, value: '' },
      { tag: Tag.ReferencedStudySequence, value: [] },
    ),
  );
  assert.ok(answer);
  assert.deepEqual(
    Array.from(answer.elements(), ({ tag }) => [tag, answer.text(tag)]),
    [
      [Tag.SpecificCharacterSet, 'ISO_IR 100'],
      [Tag.AccessionNumber, ''],
      [Tag.QueryRetrieveLevel, 'study'],
      [Tag.RetrieveAETitle, 'PHAROS'],
      [Tag.ReferencedStudySequence, undefined],
      [Tag.StudyInstanceUID, '1.2'],
      [Tag.Rows, undefined],
      // What the file has for it is no number.
      [Tag.Columns, undefined],
    ],
  );
  assert.deepEqual(answer.items(Tag.ReferencedStudySequence), []);
});

test('a Retrieve AE Title that is asked for must be that of the server', async () => {
  const by = (value: string) => world.found(Tag.StudyInstanceUID, 'STUDY', [{ tag: Tag.RetrieveAETitle, value }]);
  assert.deepEqual(await by('OTHER\\PHAROS'), ['1.1', '1.2']);
  assert.deepEqual(await by('OTHER'), []);
});

test('counters, modalities and SOP classes are computed at their level', async () => {
  const [patient] = await world.answersTo(
    identifierOf(
      'PATIENT',
      { tag: Tag.PatientID, value: 'Alpha' },
      { tag: Tag.NumberOfPatientRelatedStudies, value: '' },
      { tag: Tag.NumberOfPatientRelatedSeries, value: '' },
      { tag: Tag.NumberOfPatientRelatedInstances, value: '' },
    ),
  );
  assert.deepEqual(
    [Tag.NumberOfPatientRelatedStudies, Tag.NumberOfPatientRelatedSeries, Tag.NumberOfPatientRelatedInstances].map(
      (tag) => patient?.text(tag),
    ),
    ['1', '2', '3'],
  );
  assert.deepEqual(await world.found(Tag.ModalitiesInStudy, 'STUDY'), ['CT\\PT', 'MR']);
  assert.deepEqual(await world.found(Tag.SOPClassesInStudy, 'STUDY', [{ tag: Tag.StudyInstanceUID, value: '1.1' }]), [
    '1.2.840.10008.5.1.4.1.1.2',
  ]);
  assert.deepEqual(await world.found(Tag.NumberOfSeriesRelatedInstances, 'SERIES'), ['1', '1', '2']);
  assert.deepEqual(await world.found(Tag.InstanceAvailability, 'IMAGE', [{ tag: Tag.PatientID, value: 'Beta' }]), [
    'ONLINE',
  ]);
});

test('what only files hold is matched and returned as StorageAccessOnFind says', async () => {
  const device: ElementInit = { tag: Tag.SecondaryCaptureDeviceID, value: 'MEDPC' };
  const by = (StorageAccessOnFind: 'Always' | 'Answers' | 'Never') =>
    world.found(device.tag, 'SERIES', [device], world.withSettings({ StorageAccessOnFind }));
  assert.deepEqual(await by('Always'), ['MEDPC']);
  assert.deepEqual(await by('Answers'), ['', '', 'MEDPC']);
  assert.deepEqual(await by('Never'), ['', '', '']);
  const counted: ElementInit = { tag: Tag.NumberOfSeriesRelatedInstances, value: '2' };
  assert.deepEqual(
    await world.found(Tag.SeriesInstanceUID, 'SERIES', [counted], world.withSettings({ StorageAccessOnFind: 'Never' })),
    ['1.1.1'],
  );
});

test('sequences and private attributes are returned with what they hold, never matched by it', async () => {
  const [answer] = await world.answersTo(
    identifierOf(
      'SERIES',
      { tag: Tag.PatientID, value: 'Beta' },
      { tag: Tag.ReferencedImageSequence, value: [[{ tag: Tag.ReferencedSOPInstanceUID, value: 'other' }]] },
      { tag: Tag.RequestAttributesSequence, value: [] },
      { tag: privateCreator, vr: 'LO', value: 'ACME' },
      { tag: privateText, vr: 'LO', value: '' },
      { tag: privateSequence, vr: 'SQ', value: [] },
      { tag: 0x00091003, vr: 'LO', value: '' },
    ),
  );
  assert.ok(answer);
  const [image] = answer.items(Tag.ReferencedImageSequence);
  assert.equal(image?.text(Tag.ReferencedSOPInstanceUID), '9.9');
  assert.equal(image?.text(Tag.PatientComments), 'écran');
  assert.equal(answer.items(Tag.RequestAttributesSequence)[0]?.text(Tag.RequestedProcedureID), 'P1');
  assert.equal(answer.text(privateCreator), 'ACME');
  assert.equal(answer.text(privateText), 'secret');
  assert.equal(answer.items(privateSequence)[0]?.text(Tag.CodeValue), 'C1');
  assert.equal(answer.text(0x00091003), '');
});

test('answers are in the default encoding, without the characters that it lacks', async () => {
  const nameIn = async (charset: string) => {
    const beta = identifierOf('PATIENT', { tag: Tag.PatientID, value: 'Beta' }, { tag: Tag.PatientName, value: '' });
    const [answer] = await world.answersTo(beta, { ...deps, live: { fallbackCharset: () => charset } });
    return [answer?.text(Tag.SpecificCharacterSet), answer?.text(Tag.PatientName)];
  };
  assert.deepEqual(await nameIn('ISO_IR 192'), ['ISO_IR 192', 'Иванов^Ян']);
  assert.deepEqual(await nameIn('ISO_IR 144'), ['ISO_IR 144', 'Иванов^Ян']);
  assert.deepEqual(await nameIn('ISO_IR 100'), ['ISO_IR 100', '^']);
});

test('group lengths, meta elements, time zone and character set are no keys', async () => {
  const answers = await world.answersTo(
    identifierOf(
      'STUDY',
      { tag: 0x00080000, vr: 'UL', value: 22 },
      { tag: 0x00020010, vr: 'UI', value: '1.2' },
      { tag: Tag.TimezoneOffsetFromUTC, value: '+0900' },
    ),
  );
  assert.equal(answers.length, 2);
  assert.equal(answers[0]?.has(0x00080000), false);
  assert.equal(answers[0]?.has(0x00020010), false);
});

test('the limits crop, and it is told', async () => {
  const cropped = async (level: string, settings: Partial<QueryDependencies['settings']>, ...more: ElementInit[]) => {
    const answers = ask(identifierOf(level, ...more), world.withSettings(settings));
    let count = 0;
    for await (const _ of answers) count += 1;
    return [count, answers.isCropped];
  };
  assert.deepEqual(await cropped('SERIES', { LimitFindResults: 2 }), [2, true]);
  assert.deepEqual(await cropped('SERIES', { LimitFindResults: 3 }), [3, false]);
  assert.deepEqual(await cropped('SERIES', { LimitFindInstances: 1 }), [3, false]);
  assert.deepEqual(await cropped('IMAGE', { LimitFindInstances: 1 }), [1, true]);
  // The limit is on the answers, not on the files that are looked into for them.
  const device: ElementInit = { tag: Tag.SecondaryCaptureDeviceID, value: 'MEDPC' };
  assert.deepEqual(await cropped('SERIES', { LimitFindResults: 1 }, device), [1, false]);
});

test('identifiers of too many keys are refused, nested ones are not walked', async () => {
  const many = Array.from({ length: 1001 }, (_, at): ElementInit => ({ tag: 0x00110000 + at, vr: 'LO', value: '' }));
  assert.throws(() => ask(identifierOf('STUDY', ...many)), { code: 'ParameterOutOfRange' });
  const conditions = Array.from({ length: 401 }, (_, at) => ({ tag: 0x00111000 + at, vr: 'LO' as const, value: 'x' }));
  assert.throws(() => ask(identifierOf('STUDY', ...conditions)), { code: 'ParameterOutOfRange' });
  let nested: readonly ElementInit[] = [{ tag: Tag.CodeValue, value: 'x' }];
  for (let depth = 0; depth < 30; depth++) nested = [{ tag: Tag.ReferencedStudySequence, value: [nested] }];
  assert.equal((await world.answersTo(identifierOf('STUDY', ...nested))).length, 2);
});
