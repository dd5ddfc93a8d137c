// /queries: what is shown of queries and answers, queries below an answer, retrieval of answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ElementInit, Tag } from '@pharos/dicom';
import { createHttpServer } from '../http/index.ts';
import { testSettings } from '../http/server-fixture.ts';
import { modalityQueryRoutes } from './modality-query.ts';
import { queryRoutes } from './queries.ts';
import { type Asked, createQueryFixture, moved, type QueryFixtureOptions } from './query-fixture.ts';

async function open(options: QueryFixtureOptions = {}) {
  const { services, asked } = await createQueryFixture(options);
  const log = services.log.of('http');
  const routes = [...modalityQueryRoutes, ...queryRoutes];
  const { app } = createHttpServer({ routes, services, settings: testSettings, log });
  const ask = async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown) => {
    const payload = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const { statusCode, body: text, headers } = await app.inject({ method, url, payload });
    return { status: statusCode, text, type: headers['content-type'], allow: headers.allow };
  };
  const json = async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    const { status, text } = await ask(method, url, body);
    assert.equal(status, 200, `${url}: ${text}`);
    return JSON.parse(text);
  };
  const refusal = async (method: 'GET' | 'POST', url: string, body?: unknown) => {
    const { status, text } = await ask(method, url, body);
    return [status, JSON.parse(text).OrthancStatus];
  };
  /** The path of a new query. */
  const query = async (level: string, more: object = {}, modality = 'pacs'): Promise<string> => {
    const { Path } = await json('POST', `/modalities/${modality}/query`, { Level: level, ...more });
    return Path;
  };
  return { services, asked, ask, json, refusal, query };
}

const resource: readonly ElementInit[] = [
  { tag: Tag.PatientID, value: 'P' },
  { tag: Tag.AccessionNumber, value: '' },
  { tag: Tag.StudyInstanceUID, value: '1.2' },
  { tag: Tag.SeriesInstanceUID, value: '1.2.3' },
  { tag: Tag.SOPInstanceUID, value: '1.2.3.4' },
];

/** Answers with the identifiers down to the level that was asked for. */
function find({ keys }: Asked): readonly (readonly ElementInit[])[] {
  const count = { PATIENT: 1, STUDY: 3, SERIES: 4, IMAGE: 5 }[keys['0008,0052'] ?? ''] ?? 0;
  return [resource.slice(0, count), resource.slice(0, count)];
}

const withAnswers = () => open({ peer: { find } });

test('queries are listed and forgotten', async () => {
  const { ask, json, query } = await open({ queryRetrieveSize: 2 });
  const [first, second, third] = [await query('Study'), await query('Study'), await query('Study')];
  const paths = (await json('GET', '/queries')).map((id: string) => `/queries/${id}`);
  assert.deepEqual(paths, [second, third].sort());
  assert.equal((await ask('GET', first ?? '')).status, 404);
  for (const path of [second, second, '/queries/unknown']) {
    assert.deepEqual(await ask('DELETE', path ?? ''), { status: 200, text: '', type: 'text/plain', allow: undefined });
  }
  assert.deepEqual(await json('GET', '/queries'), [third?.slice('/queries/'.length)]);
});

test('a query shows its level, its modality and the keys it was given', async () => {
  const { ask, json, query } = await withAnswers();
  const path = await query('image', { Query: { PatientName: 'Jérôme', '0008,0061': '', Rows: '' } });
  assert.deepEqual(await json('GET', path), ['answers', 'level', 'modality', 'query', 'retrieve']);
  const level = await ask('GET', `${path}/level`);
  assert.deepEqual([level.text, level.type], ['Instance', 'text/plain']);
  assert.equal((await ask('GET', `${path}/modality`)).text, 'pacs');
  const text = (Name: string, Value: string) => ({ Name, Type: 'String', Value });
  assert.deepEqual(await json('GET', `${path}/query`), {
    '0008,0061': text('ModalitiesInStudy', ''),
    '0010,0010': text('PatientName', 'Jérôme'),
    '0028,0010': text('Rows', ''),
  });
  assert.deepEqual(await json('GET', `${path}/query?short`), {
    '0008,0061': '',
    '0010,0010': 'Jérôme',
    '0028,0010': '',
  });
  assert.deepEqual(await json('GET', `${path}/query?simplify`), {
    ModalitiesInStudy: '',
    PatientName: 'Jérôme',
    Rows: '',
  });
});

test('answers are shown by index or as a whole, in three formats', async () => {
  const { json, query } = await withAnswers();
  const path = await query('Patient');
  assert.deepEqual(await json('GET', `${path}/answers`), ['0', '1']);
  assert.deepEqual(await json('GET', `${path}/answers?expand=0&short`), ['0', '1']);
  const short = { '0008,0052': 'PATIENT', '0010,0020': 'P' };
  const simple = { PatientID: 'P', QueryRetrieveLevel: 'PATIENT' };
  assert.deepEqual(await json('GET', `${path}/answers?expand&short`), [short, short]);
  assert.deepEqual(await json('GET', `${path}/answers?expand&simplify`), [simple, simple]);
  const [full] = await json('GET', `${path}/answers?expand`);
  assert.deepEqual(full['0010,0020'], { Name: 'PatientID', Type: 'String', Value: 'P' });
  assert.deepEqual(await json('GET', `${path}/answers/1/content`), full);
  assert.deepEqual(await json('GET', `${path}/answers/1/content?short`), short);
  assert.deepEqual(await json('GET', `${path}/answers/+0/content?simplify`), simple);
});

test('an answer tells what can be asked below it', async () => {
  const { json, query } = await withAnswers();
  const below = { Patient: 3, Study: 2, Series: 1, Instance: 0 };
  const names = ['query-study', 'query-series', 'query-instances'];
  for (const [level, count] of Object.entries(below)) {
    const expected = ['content', 'retrieve', ...names.slice(3 - count)];
    assert.deepEqual(await json('GET', `${await query(level)}/answers/0`), expected);
  }
});

test('unknown queries are 404, unknown answers 400', async () => {
  const { refusal, query } = await withAnswers();
  const ofQuery = ['', '/level', '/modality', '/query', '/answers', '/answers/0', '/answers/0/content'];
  for (const below of ofQuery) assert.deepEqual(await refusal('GET', `/queries/unknown${below}`), [404, 17], below);
  const posts = ['/retrieve', '/answers/0/retrieve', '/answers/0/query-series', '/answers/0/query-instances'];
  for (const below of posts)
    assert.deepEqual(await refusal('POST', `/queries/unknown${below}`, '{}'), [404, 17], below);
  const path = await query('Patient');
  for (const [index, status] of [
    ['2', 3],
    ['-1', 3],
    ['99999999999', 3],
    ['x', 5],
    ['1.5', 5],
    ['0x0', 5],
  ] as const) {
    for (const below of ['', '/content']) {
      assert.deepEqual(await refusal('GET', `${path}/answers/${index}${below}`), [400, status], index);
    }
    for (const below of ['retrieve', 'query-studies']) {
      assert.deepEqual(await refusal('POST', `${path}/answers/${index}/${below}`, '{}'), [400, status], index);
    }
  }
});

test('methods that a path does not have are 405', async () => {
  const { ask, query } = await withAnswers();
  const path = await query('Patient');
  for (const [method, url, allow] of [
    ['POST', '/queries', 'GET'],
    ['POST', path, 'GET,DELETE'],
    ['GET', `${path}/retrieve`, 'POST'],
    ['GET', `${path}/answers/0/retrieve`, 'POST'],
    ['GET', `${path}/answers/0/query-studies`, 'POST'],
  ] as const) {
    const answer = await ask(method, url);
    assert.deepEqual([answer.status, answer.allow], [405, allow], url);
  }
});

test('a query below an answer asks for its children', async () => {
  const { asked, ask, json, query } = await withAnswers();
  const patient = await query('Patient', { LocalAet: 'OTHER', Timeout: 3, Normalize: false }, 'mine');
  const body = { Query: { PatientID: 'X', InstitutionName: '' }, Timeout: 4 };
  const { Path: studies } = await json('POST', `${patient}/answers/0/query-studies`, body);
  assert.equal((await ask('GET', `${studies}/level`)).text, 'Study');
  assert.equal((await ask('GET', `${studies}/modality`)).text, 'mine');
  assert.deepEqual(await json('GET', `${studies}/query?short`), { '0008,0080': '', '0010,0020': 'P' });
  const study = asked.at(-1);
  assert.deepEqual([study?.keys['0010,0020'], study?.keys['0008,0080']], ['P', '']);
  assert.deepEqual([study?.remote.localAet, study?.remote.timeout], ['MINE', 4]);
  const { Path: series } = await json('POST', `${studies}/answers/1/query-series`, {});
  assert.deepEqual(await json('GET', `${series}/query?short`), { '0020,000d': '1.2' });
  const { Path: instances } = await json('POST', `${series}/answers/1/query-instances`, {});
  assert.deepEqual(await json('GET', `${instances}/query?short`), { '0020,000d': '1.2', '0020,000e': '1.2.3' });
  assert.equal((await ask('GET', `${instances}/level`)).text, 'Instance');
  assert.equal(asked.at(-1)?.keys['0008,0052'], 'IMAGE');
});

test('there is nothing to ask at or above the level of an answer, nor by a wrong body', async () => {
  const { asked, refusal, query } = await withAnswers();
  const path = await query('Series');
  const count = asked.length;
  for (const segment of ['query-patients', 'query-studies', 'query-series']) {
    assert.deepEqual(await refusal('POST', `${path}/answers/0/${segment}`, {}), [404, 17], segment);
  }
  for (const [body, status, orthancStatus] of [
    ['', 400, 15],
    ['{', 400, 15],
    [[], 400, 8],
    [{ Query: [] }, 400, 15],
    [{ Query: { PatientID: 1 } }, 400, 15],
    [{ Query: { Nonsense: '' } }, 400, 15],
    [{ Timeout: 'x' }, 400, 15],
    [{ Timeout: -1 }, 400, 15],
  ] as const) {
    const told = await refusal('POST', `${path}/answers/0/query-instances`, body);
    assert.deepEqual(told, [status, orthancStatus], JSON.stringify(body));
  }
  assert.equal(asked.length, count);
});

test('an answer without its identifiers has nothing below it and cannot be retrieved', async () => {
  const { refusal, query } = await open({ peer: { find: () => [[{ tag: Tag.PatientName, value: 'A' }]] } });
  const path = await query('Study');
  assert.deepEqual(await refusal('POST', `${path}/answers/0/query-series`, {}), [404, 21]);
  assert.deepEqual(await refusal('POST', `${path}/answers/0/retrieve`, ''), [400, 8]);
});

test('answers are retrieved to this server, to a title as text, or as an object says', async () => {
  const { asked, json, query } = await withAnswers();
  const path = await query('Study');
  const item = { '0008,0050': '', '0008,0052': 'STUDY', '0010,0020': 'P', '0020,000d': '1.2' };
  const detail = { DimseErrorStatus: 0, Query: item, ReceivedInstancesIds: [] };
  const content = { Description: 'REST API', LocalAet: 'PHAROS', RemoteAet: 'PACS' };
  const one = { ...content, Query: [item], Details: [detail] };
  const two = { ...content, Query: [item, item], Details: [detail, detail] };
  assert.deepEqual(await json('POST', `${path}/retrieve`, ''), { ...two, TargetAet: 'PHAROS' });
  assert.deepEqual(await json('POST', `${path}/retrieve`, '{}'), { ...two, TargetAet: 'PHAROS' });
  assert.deepEqual(await json('POST', `${path}/answers/1/retrieve`, ' THERE\n'), { ...one, TargetAet: 'THERE' });
  const options = { TargetAet: 'THERE', Timeout: 5, RetrieveMethod: 'C-GET', Asynchronous: false };
  assert.deepEqual(await json('POST', `${path}/answers/1/retrieve`, options), one);
  assert.equal(asked.at(-1)?.remote.timeout, 5);
  const [simple] = (await json('POST', `${path}/retrieve`, { Simplify: true, Short: true })).Query;
  assert.deepEqual(simple, {
    AccessionNumber: '',
    PatientID: 'P',
    QueryRetrieveLevel: 'STUDY',
    StudyInstanceUID: '1.2',
  });
  const [full] = (await json('POST', `${path}/retrieve`, { Full: true })).Details;
  assert.deepEqual(full.Query['0010,0020'], { Name: 'PatientID', Type: 'String', Value: 'P' });
  const commands = asked.filter(({ verb }) => verb !== 'C-FIND');
  assert.deepEqual(commands.map(({ verb, target }) => `${verb} ${target}`).slice(0, 6), [
    'C-MOVE PHAROS',
    'C-MOVE PHAROS',
    'C-MOVE PHAROS',
    'C-MOVE PHAROS',
    'C-MOVE THERE',
    'C-GET ',
  ]);
});

test('the method is that of the body, of the modality, of the configuration; title and time those of the query', async () => {
  const verbOf = async (options: QueryFixtureOptions, modality: string, body: object) => {
    const { asked, json, query } = await open({ ...options, peer: { find } });
    const path = await query('Study', { LocalAet: 'OTHER', Timeout: 3 }, modality);
    await json('POST', `${path}/answers/0/retrieve`, body);
    const { verb, remote } = asked.at(-1) ?? {};
    assert.deepEqual([remote?.localAet, remote?.timeout], ['OTHER', 3]);
    return verb;
  };
  assert.equal(await verbOf({}, 'pacs', {}), 'C-MOVE');
  assert.equal(await verbOf({ retrieveMethod: 'C-GET' }, 'pacs', {}), 'C-GET');
  assert.equal(await verbOf({}, 'mine', {}), 'C-GET');
  assert.equal(await verbOf({}, 'mine', { RetrieveMethod: 'C-MOVE' }), 'C-MOVE');
});

test('a wrong body retrieves nothing', async () => {
  const { asked, refusal, query } = await withAnswers();
  const path = await query('Study');
  const count = asked.length;
  for (const [body, status, orthancStatus] of [
    ['"THERE"', 400, 8],
    ['[]', 400, 8],
    ['12', 400, 8],
    ['{"TargetAet": "THERE"', 400, 3],
    ['A TITLE THAT IS TOO LONG', 400, 3],
    [{ TargetAet: 1 }, 400, 5],
    [{ TargetAet: '' }, 400, 3],
    [{ RetrieveMethod: 1 }, 400, 5],
    [{ RetrieveMethod: 'C-STORE' }, 400, 3],
    [{ Timeout: 'x' }, 400, 5],
    [{ Timeout: -1 }, 400, 5],
    [{ Synchronous: 'x' }, 400, 15],
    [{ Permissive: 'x' }, 400, 15],
    [{ Priority: 'x' }, 400, 15],
    [{ Simplify: 1 }, 400, 15],
  ] as const) {
    for (const below of ['retrieve', 'answers/0/retrieve']) {
      assert.deepEqual(await refusal('POST', `${path}/${below}`, body), [status, orthancStatus], JSON.stringify(body));
    }
  }
  assert.equal(asked.length, count);
});

test('a modality that refuses makes a network error, not an unprocessable request', async () => {
  const { refusal, query } = await open({ peer: { find, move: () => ({ ...moved, status: 0xc000 }) } });
  assert.deepEqual(await refusal('POST', `${await query('Study')}/retrieve`, 'NOWHERE'), [500, 9]);
});

test('a modality that is gone cannot be asked again', async () => {
  const { services, refusal, query } = await withAnswers();
  const path = await query('Study');
  await services.modalities.remove('pacs');
  assert.deepEqual(await refusal('POST', `${path}/retrieve`, ''), [404, 7]);
  assert.deepEqual(await refusal('POST', `${path}/answers/0/query-series`, {}), [404, 7]);
});
