// Patients, studies, series and instances over HTTP: lists, children, parents, what is told of what is not there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';

const unknown = '11111111-11111111-11111111-11111111-11111111';

let server: ServerProcess;
/** Identifiers of two instances of one series. */
let stored: readonly { readonly ID: string; readonly ParentSeries: string; readonly ParentStudy: string }[];
let patient: string;
before(async () => {
  server = await startServer();
  const answers = [];
  for (const instance of [0, 1]) {
    const file = syntheticInstance({ kind: 'header', patient: 1, study: 0, series: 0, instance });
    answers.push(await json('/instances', { method: 'POST', body: Buffer.from(file) }));
  }
  stored = answers;
  patient = answers[0].ParentPatient;
});
after(() => server.discard());

async function ask(path: string, options: RequestInit = {}) {
  const response = await fetch(server.url + path, options);
  return { status: response.status, text: await response.text() };
}

async function json(path: string, options: RequestInit = {}) {
  const { status, text } = await ask(path, options);
  assert.equal(status, 200, `${path}: ${text}`);
  return JSON.parse(text);
}

const ids = (resources: readonly { readonly ID: string }[]) => resources.map(({ ID }) => ID);

test('lists give identifiers, or what is asked for, in pages', async () => {
  assert.deepEqual(await json('/instances'), ids(stored));
  assert.deepEqual(await json('/instances?since=1&limit=5'), [stored[1]?.ID]);
  assert.deepEqual(await json('/instances?since=0&limit=0'), ids(stored));
  assert.deepEqual(ids(await json('/instances?expand')), ids(stored));
  assert.deepEqual(await json('/patients?response-content=Children'), [
    { ID: patient, Studies: [stored[0]?.ParentStudy], Type: 'Patient' },
  ]);
  for (const query of ['since=1', 'limit=1', 'since=a&limit=1', 'response-content=No', 'requested-tags=No']) {
    assert.equal((await ask(`/instances?${query}`)).status, 400, query);
  }
});

test('children come expanded unless told otherwise, parents always', async () => {
  assert.deepEqual(ids(await json(`/patients/${patient}/instances`)).sort(), ids(stored).sort());
  assert.deepEqual(await json(`/patients/${patient}/series?expand=false`), [stored[0]?.ParentSeries]);
  assert.equal((await json(`/instances/${stored[0]?.ID}/patient`)).ID, patient);
});

test('what is not there, or of another level, is 404', async () => {
  for (const path of [`/studies/${unknown}`, `/studies/${patient}`, '/studies/x']) {
    assert.deepEqual(await ask(path), { status: 404, text: '' }, path);
    for (const below of ['series', 'patient', 'statistics', 'shared-tags', 'metadata', 'attachments', 'labels']) {
      const { status, text } = await ask(`${path}/${below}`);
      assert.equal(status, 404, `${path}/${below}`);
      assert.equal(JSON.parse(text).OrthancStatus, 17, `${path}/${below}`);
    }
  }
});

test('protection is told and set in one word', async () => {
  const path = `/patients/${patient}/protected`;
  for (const [body, expected] of [
    ['1', '1'],
    ['false', '0'],
    [' true\n', '1'],
  ] as const) {
    assert.equal((await ask(path, { method: 'PUT', body })).status, 200);
    assert.equal((await ask(path)).text, expected);
  }
  assert.equal((await ask(path, { method: 'PUT', body: 'yes' })).status, 400);
  assert.equal((await ask(path)).text, '1');
});

test('checking an attachment that is not there is an unanswered POST', async () => {
  const dicom = `/instances/${stored[0]?.ID}/attachments/dicom`;
  assert.equal((await ask(`${dicom}/verify-md5`, { method: 'POST' })).text, '{}');
  for (const path of [`/instances/${stored[0]?.ID}/attachments/1024`, `/instances/${unknown}/attachments/dicom`]) {
    assert.deepEqual(await ask(`${path}/verify-md5`, { method: 'POST' }), { status: 400, text: '' }, path);
    assert.equal((await ask(`${path}/compress`, { method: 'POST' })).status, 404, path);
  }
});

test('a metadata that is no text is refused; it does not come back as something else', async () => {
  const path = `/instances/${stored[0]?.ID}/metadata/1024`;
  assert.equal((await ask(path, { method: 'PUT', body: Buffer.from([0xff, 0xfe]) })).status, 400);
  assert.equal((await ask(path)).status, 404);
});
