// POST /modalities/{id}/query, move and get: bodies that are taken, bodies that are refused, what goes to the modality.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tag } from '@pharos/dicom';
import { createHttpServer } from '../http/index.ts';
import { testSettings } from '../http/server-fixture.ts';
import { PharosError } from '../model/index.ts';
import { DimseStatusError, type ModalityNetwork } from '../ports/index.ts';
import { modalityQueryRoutes } from './modality-query.ts';
import { createQueryFixture, moved, type QueryFixtureOptions } from './query-fixture.ts';

async function open(options: QueryFixtureOptions = {}) {
  const { services, asked } = await createQueryFixture(options);
  const log = services.log.of('http');
  const { app } = createHttpServer({ routes: modalityQueryRoutes, services, settings: testSettings, log });
  const post = async (path: string, body: unknown) => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const { statusCode, body: text } = await app.inject({ method: 'POST', url: `/modalities/${path}`, payload });
    return { status: statusCode, json: JSON.parse(text) };
  };
  const refusals = async (path: string, refused: readonly (readonly [unknown, number, number])[]) => {
    for (const [body, status, orthancStatus] of refused) {
      const answer = await post(path, body);
      const told = [answer.status, answer.json.OrthancStatus];
      assert.deepEqual(told, [status, orthancStatus], `${path} ${JSON.stringify(body).slice(0, 99)}`);
    }
  };
  return { services, app, asked, post, refusals };
}

test('a query is asked at its level and kept with its answers', async () => {
  const { services, asked, post } = await open({ peer: { find: () => [[{ tag: Tag.PatientID, value: 'P' }]] } });
  const { status, json } = await post('pacs/query', {
    Level: 'studies',
    Query: { '0010-0020': 'P', PatientName: '*', '0008103E': '' },
  });
  assert.equal(status, 200);
  assert.equal(json.Path, `/queries/${json.ID}`);
  const query = services.queries.get(json.ID);
  assert.deepEqual([query.modality, query.level, query.normalize], ['pacs', 'Study', true]);
  assert.deepEqual([...query.keys.values()], ['P', '*', '']);
  assert.equal(query.answers[0]?.text(Tag.QueryRetrieveLevel), 'STUDY');
  assert.equal(asked[0]?.model, 'study-root');
  assert.deepEqual(asked[0]?.keys, {
    '0008,0050': '',
    '0008,0052': 'STUDY',
    '0010,0010': '*',
    '0010,0020': 'P',
    '0020,000d': '',
  });
});

test('every spelling of a level, normalisation, manufacturers, title and time', async () => {
  const { asked, post } = await open();
  for (const level of ['Patient', 'PATIENTS', 'Study', 'Series', 'Instance', 'image']) {
    assert.equal((await post('pacs/query', { Level: level })).status, 200, level);
  }
  assert.deepEqual(
    asked.map(({ model, keys }) => `${model} ${keys['0008,0052']}`),
    [
      'patient-root PATIENT',
      'patient-root PATIENT',
      'study-root STUDY',
      'study-root SERIES',
      'study-root IMAGE',
      'study-root IMAGE',
    ],
  );
  asked.length = 0;
  const stars = { Level: 'Study', Query: { PatientName: '*', StudyDate: '*', InstitutionName: '*' } };
  await post('nostars/query', stars);
  await post('nodates/query', stars);
  await post('ge/query', stars);
  await post('nostars/query', { ...stars, Normalize: false });
  assert.deepEqual(
    asked.map(({ keys }) => ['0010,0010', '0008,0020', '0008,0080', '0008,0050'].map((tag) => keys[tag])),
    [
      ['', '', undefined, ''],
      ['*', '', undefined, ''],
      ['*', '*', undefined, '*'],
      ['*', '*', '*', ''],
    ],
  );
  asked.length = 0;
  await post('pacs/query', { Level: 'Study' });
  await post('mine/query', { Level: 'Study' });
  await post('mine/query', { Level: 'Study', LocalAet: 'OTHER', Timeout: 3 });
  assert.deepEqual(
    asked.map(({ remote }) => [remote.localAet, remote.timeout]),
    [
      ['PHAROS', 10],
      ['MINE', 7],
      ['OTHER', 3],
    ],
  );
});

test('a body can redirect a query nowhere', async () => {
  const { asked, post } = await open();
  const elsewhere = { Host: 'evil.example', Port: 1, CalledAet: 'EVIL' };
  await post('pacs/query', { Level: 'Study', ...elsewhere });
  await post('pacs/move', { Level: 'Study', Resources: [{ StudyInstanceUID: '1.2' }], ...elsewhere });
  for (const { remote } of asked)
    assert.deepEqual([remote.aet, remote.host, remote.port], ['PACS', 'pacs.example', 104]);
});

test('what is no query is refused before anybody is asked', async () => {
  const { asked, services, refusals } = await open();
  const level = { Level: 'Study' };
  await refusals('pacs/query', [
    ['', 400, 15],
    ['{', 400, 15],
    [[], 400, 15],
    ['"Study"', 400, 15],
    [{}, 400, 15],
    [{ Level: 1 }, 400, 15],
    [{ Level: null }, 400, 15],
    [{ Level: 'Frame' }, 400, 3],
    [{ Level: '__proto__' }, 400, 3],
    [{ ...level, Query: [] }, 400, 15],
    [{ ...level, Query: null }, 400, 15],
    [{ ...level, Query: 'x' }, 400, 15],
    [{ ...level, Query: { PatientID: 1 } }, 400, 15],
    [{ ...level, Query: { PatientID: null } }, 400, 15],
    [{ ...level, Query: { Nonsense: '' } }, 400, 15],
    [{ ...level, Query: { constructor: '' } }, 400, 15],
    [{ ...level, Normalize: 1 }, 400, 15],
    [{ ...level, Normalize: 'true' }, 400, 15],
    [{ ...level, LocalAet: 1 }, 400, 15],
    [{ ...level, Timeout: 'x' }, 400, 15],
    [{ ...level, Timeout: -1 }, 400, 15],
    [{ ...level, Normalize: false, Query: { Rows: 'x' } }, 400, 15],
    [{ ...level, Normalize: false, Query: { ReferencedStudySequence: 'x' } }, 400, 15],
  ]);
  await refusals('nobody/query', [
    [{}, 400, 15],
    [{ Level: 'Frame' }, 400, 3],
    [level, 404, 7],
  ]);
  assert.deepEqual([asked.length, services.queries.ids()], [0, []]);
});

test('a query that fails is not kept', async () => {
  const find = () => {
    throw new PharosError('NetworkProtocol', 'C-FIND SCU to AET "PACS" has failed with DIMSE status 0xFE00');
  };
  const { services, refusals } = await open({ peer: { find } });
  await refusals('pacs/query', [[{ Level: 'Study' }, 500, 9]]);
  assert.deepEqual(services.queries.ids(), []);
});

const study = { Level: 'Study', Resources: [{ StudyInstanceUID: '1.2', PatientID: 'P', PatientName: 'N' }] };

test('named resources are retrieved, and the answer is the content of the job', async () => {
  const { asked, post } = await open();
  const item = { '0008,0052': 'STUDY', '0010,0020': 'P', '0020,000d': '1.2' };
  const content = {
    Description: 'REST API',
    LocalAet: 'PHAROS',
    RemoteAet: 'PACS',
    Query: [item],
    Details: [{ DimseErrorStatus: 0, Query: item, ReceivedInstancesIds: [] }],
  };
  assert.deepEqual((await post('pacs/move', study)).json, { ...content, TargetAet: 'PHAROS' });
  assert.deepEqual((await post('pacs/get', study)).json, content);
  const options = { TargetAet: 'THERE', LocalAet: 'OTHER', Timeout: 3, Priority: 1, UserData: {}, Synchronous: true };
  await post('mine/move', { ...study, ...options, Asynchronous: true });
  await post('mine/move', study);
  const [move, get, optional, own] = asked;
  assert.deepEqual([move?.verb, move?.target, get?.verb], ['C-MOVE', 'PHAROS', 'C-GET']);
  assert.deepEqual(move?.keys, { '0008,0052': 'STUDY', '0020,000d': '1.2' });
  assert.deepEqual([optional?.target, optional?.remote.localAet, optional?.remote.timeout], ['THERE', 'OTHER', 3]);
  assert.deepEqual([own?.target, own?.remote.localAet, own?.remote.timeout], ['MINE', 'MINE', 7]);
});

test('a retrieval that goes on behind the answer is a job, whose content shows how far it is', async () => {
  const { services, post } = await open();
  const { status, json } = await post('pacs/get', { ...study, Synchronous: false, Priority: 7, UserData: 'mine' });
  assert.deepEqual([status, json.Path], [200, `/jobs/${json.ID}`]);
  // A job of lower priority has its turn after it.
  await post('pacs/move', study);
  const job = services.jobs.get(json.ID);
  assert.deepEqual([job?.type, job?.state, job?.priority, job?.userData], ['DicomGetScu', 'Success', 7, 'mine']);
  const item = { '0008,0052': 'STUDY', '0010,0020': 'P', '0020,000d': '1.2' };
  assert.deepEqual(job?.content.Details, [{ DimseErrorStatus: 0, Query: item, ReceivedInstancesIds: [] }]);
});

test('a retrieval that the peer refuses is a network error that tells what was done', async () => {
  const move = () => {
    throw new PharosError('UnableToProcess', { details: 'refused', cause: new DimseStatusError(0xc000, 'refused') });
  };
  const { post } = await open({ peer: { move } });
  const { status, json } = await post('pacs/move', study);
  assert.deepEqual(
    [status, json.OrthancStatus, json.Details, json.ErrorPayload.Type],
    [500, 9, 'refused', 'RetrieveJob'],
  );
  assert.equal(json.ErrorPayload.Content.Details[0].DimseErrorStatus, 0xc000);
});

test('nothing to retrieve is soon done', async () => {
  const { asked, post } = await open();
  const { json } = await post('pacs/move', { Level: 'Study', Resources: [] });
  assert.deepEqual([json.Query, json.Details, asked.length], [[], [], 0]);
});

test('what names no resources is refused before anything is asked', async () => {
  const { asked, refusals } = await open();
  const none = { Level: 'Study', Resources: [] };
  const series = (more: object) => ({ Level: 'Series', Resources: [{ SeriesInstanceUID: '1.2.3', ...more }] });
  for (const path of ['pacs/move', 'pacs/get']) {
    await refusals(path, [
      ['', 400, 15],
      ['{', 400, 15],
      [[], 400, 15],
      [{}, 400, 15],
      [{ Level: 'Study' }, 400, 15],
      [{ Resources: [] }, 400, 15],
      [{ Level: 1, Resources: [] }, 400, 15],
      [{ Level: 'Study', Resources: {} }, 400, 15],
      [{ Level: 'Frame', Resources: [] }, 400, 3],
      [{ Level: 'Study', Resources: ['x'] }, 400, 15],
      [{ Level: 'Study', Resources: [null] }, 400, 15],
      [{ Level: 'Study', Resources: [{ StudyInstanceUID: 1 }] }, 400, 15],
      [{ Level: 'Study', Resources: [{ Nonsense: '1' }] }, 500, 27],
      [{ Level: 'Study', Resources: [{}] }, 400, 8],
      [series({}), 400, 8],
      [series({ StudyInstanceUID: '' }), 400, 8],
      [{ ...none, TargetAet: 1 }, 400, 5],
      [{ ...none, LocalAet: 1 }, 400, 5],
      [{ ...none, Timeout: 'x' }, 400, 15],
      [{ ...none, Synchronous: 'x' }, 400, 15],
      [{ ...none, Asynchronous: 1 }, 400, 15],
      [{ ...none, Permissive: 1 }, 400, 15],
      [{ ...none, Priority: 'x' }, 400, 15],
      [{ ...none, Full: 1 }, 400, 15],
    ]);
  }
  for (const target of ['', ' ', 'ABCDEFGHIJKLMNOPQ', 'A\\B', 'A\n', 'É']) {
    await refusals('pacs/move', [[{ ...study, TargetAet: target }, 400, 3]]);
  }
  await refusals('nobody/move', [
    [{}, 400, 15],
    [none, 404, 7],
  ]);
  assert.equal(asked.length, 0);
});

test('a retrieval that fails is a network error, unless it is permissive', async () => {
  const { post, asked } = await open({ peer: { move: () => ({ ...moved, status: 0xa801 }) } });
  const two = { Level: 'Study', Resources: [{ StudyInstanceUID: '1.2' }, { StudyInstanceUID: '1.3' }] };
  const failed = await post('pacs/move', two);
  assert.deepEqual([failed.status, failed.json.OrthancStatus, asked.length], [500, 9, 1]);
  assert.equal(failed.json.Details, 'C-MOVE SCU to AET "PACS" has failed with DIMSE status 0xA801');
  const permissive = await post('pacs/move', { ...two, Permissive: true });
  assert.equal(permissive.status, 200);
  assert.deepEqual(
    permissive.json.Details.map(({ DimseErrorStatus }: { DimseErrorStatus: number }) => DimseErrorStatus),
    [0xa801, 0xa801],
  );
});

test('SOP classes that are named for a C-GET serve its negotiation, and are not shown', async () => {
  const seen: unknown[] = [];
  const get: ModalityNetwork['get'] = async (_remote, { sopClasses }) => {
    seen.push(sopClasses);
    return moved;
  };
  const { post } = await open({ peer: { get } });
  const resource = { StudyInstanceUID: '1.2', SOPClassesInStudy: '1.2.840.10008.5.1.4.1.1.2\\1.2.3' };
  const { json } = await post('pacs/get', { Level: 'Study', Resources: [resource], Simplify: true });
  assert.deepEqual(seen, [['1.2.840.10008.5.1.4.1.1.2', '1.2.3']]);
  assert.deepEqual(json.Query, [{ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '1.2' }]);
});

test('only POST is allowed', async () => {
  const { app } = await open();
  for (const path of ['query', 'move', 'get']) {
    const { statusCode, headers } = await app.inject({ method: 'GET', url: `/modalities/pacs/${path}` });
    assert.deepEqual([statusCode, headers.allow], [405, 'POST'], path);
  }
});
