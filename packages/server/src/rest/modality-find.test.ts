// Searches of modalities that answer at once: guards, templates, what comes back, and hostile bodies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tag } from '@pharos/dicom';
import { createHttpServer } from '../http/index.ts';
import { testSettings } from '../http/server-fixture.ts';
import { PharosError } from '../model/index.ts';
import { modalityFindRoutes } from './modality-find.ts';
import { createQueryFixture, type QueryFixtureOptions } from './query-fixture.ts';

async function open(options: QueryFixtureOptions = {}) {
  const { services, asked } = await createQueryFixture(options);
  const log = services.log.of('http');
  const { app } = createHttpServer({ routes: modalityFindRoutes, services, settings: testSettings, log });
  const post = async (path: string, body: unknown) => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const { statusCode, body: text } = await app.inject({ method: 'POST', url: `/modalities/${path}`, payload });
    return { status: statusCode, text, json: text === '' ? undefined : JSON.parse(text) };
  };
  return { app, asked, post };
}

const searches = ['find-patient', 'find-study', 'find-series', 'find-instance', 'find'] as const;

test('a body that is no JSON object is a bad request without a word', async () => {
  const { post, asked } = await open();
  for (const search of searches) {
    for (const body of ['', '{', '[]', '"x"', '12', 'null']) {
      const { status, text } = await post(`pacs/${search}`, body);
      assert.deepEqual([status, text], [400, ''], `${search} ${body}`);
    }
  }
  assert.equal(asked.length, 0);
});

test('unknown tags, and values that are no scalars, come before anything else', async () => {
  const { post } = await open();
  for (const search of searches) {
    const unknown = await post(`nobody/${search}`, { Nonsense: '1' });
    assert.deepEqual([unknown.status, unknown.json.OrthancStatus], [500, 27], search);
    for (const value of [[], {}, ['a']]) {
      const nested = await post(`nobody/${search}`, { PatientID: value });
      assert.deepEqual([nested.status, nested.json.OrthancStatus], [400, 8], search);
    }
  }
});

test('searches that are too wide are refused without a word, also where the modality is unknown', async () => {
  const { post, asked } = await open();
  const [id, study] = [{ PatientID: 'PAT' }, { StudyInstanceUID: '1.2' }];
  const refused: readonly (readonly [string, object])[] = [
    ['find-study', {}],
    ['find-study', { PatientID: '12', AccessionNumber: '*' }],
    ['find-study', { PatientID: 'é' }],
    ['find-series', { ...id }],
    ['find-series', study],
    ['find-series', { ...id, StudyInstanceUID: '12' }],
    ['find-instance', { ...id, ...study }],
    ['find-instance', { ...id, ...study, SeriesInstanceUID: '12' }],
    ['find-instance', { ...study, SeriesInstanceUID: '1.2.3' }],
  ];
  for (const [search, body] of refused) {
    for (const modality of ['pacs', 'nobody']) {
      const { status, text } = await post(`${modality}/${search}`, body);
      assert.deepEqual([status, text], [400, ''], `${search} ${JSON.stringify(body)}`);
    }
  }
  assert.equal(asked.length, 0);
  const accepted: readonly (readonly [string, object])[] = [
    ['find-patient', {}],
    ['find', {}],
    ['find-study', { PatientID: 123 }],
    ['find-study', { AccessionNumber: '1**' }],
    ['find-study', { PatientID: 'éé' }],
    ['find-series', { AccessionNumber: 'ACC', ...study }],
    ['find-instance', { ...id, ...study, SeriesInstanceUID: '1.2.3' }],
  ];
  for (const [search, body] of accepted) {
    assert.deepEqual(await post(`pacs/${search}`, body), { status: 200, text: '[]', json: [] }, search);
    const { status, json } = await post(`nobody/${search}`, body);
    assert.deepEqual([status, json.OrthancStatus, json.Details], [404, 7, 'No modality with symbolic name: nobody']);
  }
});

test('templates ask for what clients expect, and send no other keys', async () => {
  const { post, asked } = await open({ extraMainTags: { Patient: [Tag.OtherPatientNames, Tag.Rows] } });
  const every = {
    PatientID: 'PAT',
    PatientName: 'A*',
    OtherPatientNames: 'B',
    AccessionNumber: 12,
    StudyInstanceUID: '1.2',
    SeriesInstanceUID: '1.2.3',
    SOPInstanceUID: '1.2.3.4',
    ModalitiesInStudy: 'CT',
    InstitutionName: 'X',
    Modality: null,
    PerformedProcedureStepStartDate: '20200101',
    StationName: 'X',
    ImageComments: 'X',
    Rows: '3',
    SpecificCharacterSet: 'ISO_IR 192',
  };
  for (const search of searches.slice(0, 4)) await post(`pacs/${search}`, every);
  const [patient, study, series, instance] = asked;
  assert.deepEqual([patient?.model, study?.model, instance?.model], ['patient-root', 'study-root', 'study-root']);
  assert.deepEqual(patient?.keys, {
    '0008,0052': 'PATIENT',
    '0010,0010': 'A*',
    '0010,0020': 'PAT',
    '0010,0030': '',
    '0010,0040': '',
    '0010,1000': '',
    '0010,1001': 'B',
  });
  const tops = { '0008,0050': '12', '0010,0020': 'PAT', '0020,000d': '1.2' };
  assert.deepEqual(study?.keys, {
    '0008,0020': '',
    '0008,0030': '',
    '0008,0052': 'STUDY',
    '0008,0061': 'CT',
    '0008,0090': '',
    '0008,1030': '',
    '0020,0010': '',
    ...tops,
  });
  assert.deepEqual(series?.keys, {
    '0008,0021': '',
    '0008,0031': '',
    '0008,0052': 'SERIES',
    '0008,0060': '',
    '0008,103e': '',
    '0008,1070': '',
    '0018,0015': '',
    '0018,1030': '',
    '0020,000e': '1.2.3',
    '0020,0011': '',
    '0040,0244': '20200101',
    '0040,0254': '',
    ...tops,
  });
  assert.deepEqual(instance?.keys, {
    '0008,0012': '',
    '0008,0013': '',
    '0008,0018': '1.2.3.4',
    '0008,0052': 'IMAGE',
    '0020,000e': '1.2.3',
    '0020,0013': '',
    ...tops,
  });
});

test('answers are simplified and always tell their level; titles and time are those of the modality', async () => {
  const sequence = [[{ tag: Tag.CodeValue, value: 'C' }]];
  const { post, asked } = await open({
    peer: {
      find: () => [
        [
          { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' },
          { tag: Tag.PatientName, value: 'Jérôme' },
          { tag: Tag.ProcedureCodeSequence, value: sequence },
        ],
        [{ tag: Tag.QueryRetrieveLevel, value: 'STUDY' }],
      ],
    },
  });
  assert.deepEqual((await post('mine/find-study', { PatientID: 'PAT' })).json, [
    {
      PatientName: 'Jérôme',
      ProcedureCodeSequence: [{ CodeValue: 'C' }],
      QueryRetrieveLevel: 'STUDY',
      SpecificCharacterSet: 'ISO_IR 192',
    },
    { QueryRetrieveLevel: 'STUDY' },
  ]);
  assert.deepEqual(asked[0]?.remote, { aet: 'PACS', host: 'pacs.example', port: 104, localAet: 'MINE', timeout: 7 });
});

test('what the network says of a failure reaches the client', async () => {
  const peer = {
    find: () => {
      throw new PharosError('NetworkProtocol', 'C-FIND SCU to AET "PACS" has failed with DIMSE status 0xA700');
    },
  };
  const { post } = await open({ peer });
  for (const search of ['find-patient', 'find']) {
    const { status, json } = await post(`pacs/${search}`, {});
    assert.deepEqual([status, json.OrthancStatus], [500, 9]);
    assert.match(json.Details, /0xA700/);
  }
});

test('/find goes from patients to their studies to the series of these', async () => {
  const answers: Readonly<Record<string, readonly string[]>> = {
    PATIENT: ['P1', 'P2'],
    STUDY: ['1.2'],
    SERIES: ['1.2.3'],
  };
  const { post, asked } = await open({
    peer: {
      find: ({ keys }) => {
        const level = keys['0008,0052'] ?? '';
        const patient = { tag: Tag.PatientID, value: keys['0010,0020'] || 'P1' };
        if (level === 'STUDY' && patient.value === 'P2') return [];
        return (answers[level] ?? []).map((id) => {
          if (level === 'PATIENT') return [{ tag: Tag.PatientID, value: id }];
          return [patient, { tag: level === 'STUDY' ? Tag.StudyInstanceUID : Tag.SeriesInstanceUID, value: id }];
        });
      },
    },
  });
  const { json } = await post('pacs/find', { PatientName: 'A*', StudyDate: '20200101', Modality: 'CT' });
  assert.deepEqual(json, [
    {
      PatientID: 'P1',
      QueryRetrieveLevel: 'PATIENT',
      Studies: [
        {
          PatientID: 'P1',
          QueryRetrieveLevel: 'STUDY',
          StudyInstanceUID: '1.2',
          Series: [{ PatientID: 'P1', QueryRetrieveLevel: 'SERIES', SeriesInstanceUID: '1.2.3' }],
        },
      ],
    },
    { PatientID: 'P2', QueryRetrieveLevel: 'PATIENT', Studies: [] },
  ]);
  const [patients, studies, series] = asked;
  assert.equal(patients?.keys['0010,0010'], 'A*');
  assert.deepEqual([studies?.keys['0010,0020'], studies?.keys['0008,0020']], ['P1', '20200101']);
  assert.deepEqual([series?.keys['0020,000d'], series?.keys['0008,0060']], ['1.2', 'CT']);
});

test('/find does not list the whole archive below an answer that has no identifier', async () => {
  const { post, asked } = await open({ peer: { find: () => [[{ tag: Tag.PatientName, value: 'A' }]] } });
  const { status, json } = await post('pacs/find', {});
  assert.deepEqual([status, json.OrthancStatus, asked.length], [404, 21, 1]);
});

test('a worklist is asked with nested keys and no level', async () => {
  const { post, asked } = await open({ peer: { find: () => [[{ tag: Tag.PatientID, value: 'P' }]] } });
  const keys = {
    PatientID: null,
    ScheduledProcedureStepSequence: [{ Modality: 'MR', ScheduledProcedureStepStartDate: '' }],
    ReferencedStudySequence: [],
  };
  assert.deepEqual((await post('pacs/find-worklist', { Query: keys })).json, [{ PatientID: 'P' }]);
  assert.deepEqual((await post('pacs/find-worklist', keys)).json, [{ PatientID: 'P' }]);
  assert.deepEqual((await post('pacs/find-worklist', { Query: {}, Short: true })).json, [{ '0010,0020': 'P' }]);
  assert.deepEqual((await post('pacs/find-worklist', { Query: {}, Full: true })).json, [
    { '0010,0020': { Name: 'PatientID', Type: 'String', Value: 'P' } },
  ]);
  for (const { model, identifier } of asked.slice(0, 2)) {
    assert.equal(model, 'worklist');
    assert.deepEqual(
      [...identifier.tags()],
      [Tag.SpecificCharacterSet, Tag.ReferencedStudySequence, Tag.PatientID, Tag.ScheduledProcedureStepSequence],
    );
    assert.equal(identifier.items(Tag.ScheduledProcedureStepSequence)[0]?.text(Tag.Modality), 'MR');
  }
});

test('what is no worklist query is refused before anybody is asked', async () => {
  const { post, asked } = await open();
  const depth = 5000;
  const deep = `${'{"ScheduledProcedureStepSequence":['.repeat(depth)}{}${']}'.repeat(depth)}`;
  const refused: readonly (readonly [unknown, number, number])[] = [
    ['', 400, 15],
    ['{', 400, 15],
    [[], 400, 15],
    [{ Query: [] }, 400, 5],
    [{ Query: null }, 400, 5],
    [{ Query: { PatientID: 1 } }, 400, 5],
    [{ Query: { PatientID: [{}] } }, 400, 5],
    [{ Query: { ScheduledProcedureStepSequence: {} } }, 400, 5],
    [{ Query: { ScheduledProcedureStepSequence: ['x'] } }, 400, 5],
    [{ Query: { ScheduledProcedureStepSequence: 'x' } }, 400, 15],
    [{ Query: { Rows: 'x' } }, 400, 15],
    [{ Query: {}, Full: 1 }, 400, 15],
    [`{"Query": ${deep}}`, 400, 15],
    [{ Query: { Nonsense: '' } }, 500, 27],
    [{ Full: true }, 500, 27],
  ];
  for (const [body, status, orthancStatus] of refused) {
    const answer = await post('pacs/find-worklist', body);
    assert.deepEqual(
      [answer.status, answer.json.OrthancStatus],
      [status, orthancStatus],
      JSON.stringify(body).slice(0, 99),
    );
  }
  assert.equal((await post('nobody/find-worklist', {})).status, 404);
  assert.equal(asked.length, 0);
});

test('only POST is allowed', async () => {
  const { app } = await open();
  for (const search of [...searches, 'find-worklist']) {
    const { statusCode, headers } = await app.inject({ method: 'GET', url: `/modalities/pacs/${search}` });
    assert.deepEqual([statusCode, headers.allow], [405, 'POST'], search);
  }
});
