// New instances over HTTP: their tags, their parents, their pictures, and what is refused.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server.discard());

async function ask(path: string, options: RequestInit = {}) {
  const response = await fetch(server.url + path, options);
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, body, json: () => JSON.parse(body.toString('utf8')) };
}

const create = (request: object) => ask('/tools/create-dicom', { method: 'POST', body: JSON.stringify(request) });

async function created(request: object): Promise<{ readonly ID: string; readonly Path: string }> {
  const answer = await create(request);
  assert.equal(answer.status, 200, answer.body.toString());
  return answer.json();
}

const shortTags = async (path: string) => (await ask(`${path}/tags?short`)).json();

/** A grey picture of 2 x 2 as PAM. */
const picture = (...samples: readonly number[]): string => {
  const head = 'P7\nWIDTH 2\nHEIGHT 2\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n';
  const bytes = Buffer.concat([Buffer.from(head), Buffer.from(samples)]);
  return `data:image/x-portable-arbitrarymap;base64,${bytes.toString('base64')}`;
};

test('tags are written as they are given, identifiers and times are made', async () => {
  const Tags = { PatientName: 'Müller^Jörg', '0010,0020': 'P1', RequestAttributesSequence: [{ StudyID: '7' }] };
  const { Path } = await created({ Tags: { ...Tags, SpecificCharacterSet: 'ISO_IR 192' } });
  const tags = await shortTags(Path);
  assert.deepEqual([tags['0010,0010'], tags['0010,0020'], tags['0008,0005']], ['Müller^Jörg', 'P1', 'ISO_IR 192']);
  assert.deepEqual(tags['0040,0275'], [{ '0020,0010': '7' }]);
  for (const uid of ['0020,000d', '0020,000e', '0008,0018']) assert.match(tags[uid], /^[0-9.]{10,64}$/);
  assert.match(tags['0008,0020'], /^\d{8}$/);
});

test('private tags have the creator that is given; those of an item have what the item says', async () => {
  const inner = { '0009,0010': 'OTHER', '0009,1002': 'inner' };
  const Tags = { '0009,1001': 'outer', RequestAttributesSequence: [inner, { '0009,1001': 'alone' }] };
  const { Path } = await created({ Tags, PrivateCreator: 'PHAROS TEST' });
  const tags = await shortTags(Path);
  assert.equal(tags['0009,0010'], 'PHAROS TEST');
  assert.equal((await ask(`${Path}/content/0009-1001`)).body.toString().replace('\0', ''), 'outer');
  // Values whose VR nobody knows are not shown.
  assert.deepEqual(tags['0040,0275'], [{ ...inner, '0009,1002': null }, { '0009,1001': null }]);
});

test('an item without elements is written, also where Lua has made an array of it', async () => {
  const { Path } = await created({ Tags: { RequestAttributesSequence: [{}, [], { StudyID: '7' }] } });
  assert.deepEqual((await shortTags(Path))['0040,0275'], [{}, {}, { '0020,0010': '7' }]);
});

test('a picture becomes pixels', async () => {
  const { Path } = await created({ Tags: {}, Content: picture(1, 2, 3, 250) });
  assert.deepEqual([...(await ask(`${Path}/frames/0/raw`)).body], [1, 2, 3, 250]);
  const tags = await shortTags(Path);
  assert.deepEqual([tags['0028,0010'], tags['0028,0011'], tags['0028,0004']], ['2', '2', 'MONOCHROME2']);
});

test('several pictures become a series in their order, or nothing at all', async () => {
  const Content = [picture(1, 1, 1, 1), { Content: picture(2, 2, 2, 2), Tags: { ImageComments: 'second' } }];
  const { Path } = await created({ Tags: { PatientID: 'SERIES' }, Content });
  const instances: readonly { ID: string; MainDicomTags: Record<string, string> }[] = (
    await ask(`${Path}/instances`)
  ).json();
  assert.deepEqual(instances.map(({ MainDicomTags: { InstanceNumber } }) => InstanceNumber).sort(), ['1', '2']);
  const second = instances.find(({ MainDicomTags: { InstanceNumber } }) => InstanceNumber === '2');
  assert.deepEqual([...(await ask(`/instances/${second?.ID}/frames/0/raw`)).body], [2, 2, 2, 2]);
  assert.equal((await shortTags(`/instances/${second?.ID}`))['0020,4000'], 'second');
  const refused = await create({
    Tags: { PatientID: 'NOTHING' },
    Content: [picture(1, 1, 1, 1), 'data:image/png;base64,AAAA'],
  });
  assert.equal(refused.status, 400);
  const find = { Level: 'Patient', Query: { PatientID: 'NOTHING' } };
  assert.deepEqual((await ask('/tools/find', { method: 'POST', body: JSON.stringify(find) })).json(), []);
});

test('an instance joins the study that is its parent, whose tags it cannot change without Force', async () => {
  const file = syntheticInstance({ kind: 'mr', patient: 5, study: 0, series: 0, instance: 0 });
  const stored = (await ask('/instances', { method: 'POST', body: Buffer.from(file) })).json();
  const { ID } = await created({ Tags: { SeriesDescription: 'added' }, Parent: stored.ParentStudy });
  assert.equal((await ask(`/instances/${ID}/study`)).json().ID, stored.ParentStudy);
  const parents = await shortTags(`/instances/${stored.ID}`);
  const own = await shortTags(`/instances/${ID}`);
  assert.deepEqual([own['0010,0010'], own['0020,000d']], [parents['0010,0010'], parents['0020,000d']]);
  assert.notEqual(own['0020,000e'], parents['0020,000e']);
  const other = { Tags: { PatientName: 'Other' }, Parent: stored.ParentStudy };
  assert.equal((await create(other)).status, 400);
  assert.equal((await create({ ...other, Force: true })).status, 200);
});

test('what cannot be made is refused, with the statuses of Orthanc', async () => {
  const nowhere = '11111111-11111111-11111111-11111111-11111111';
  const { ID } = await created({ Tags: {} });
  const refused: readonly (readonly [object, number])[] = [
    [{ Tags: { NoSuchTag: 'x' } }, 500],
    [{ Tags: { PixelData: 'x' } }, 400],
    [{ Tags: { StudyInstanceUID: '1.2' } }, 400],
    [{ Tags: {}, Content: 'not a data URI' }, 400],
    [{ Tags: {}, Content: 'data:image/png;base64,AAAA' }, 400],
    [{ Tags: {}, Content: 'data:text/unknown;base64,AAAA' }, 400],
    [{ Tags: {}, Parent: nowhere }, 400],
    [{ Tags: {}, Parent: ID }, 400],
    [{ Tags: [] }, 400],
  ];
  const answers = await Promise.all(refused.map(async ([request]) => (await create(request)).status));
  assert.deepEqual(
    answers,
    refused.map(([, status]) => status),
  );
});
