// Being asked to send, with whole servers: C-MOVE and C-GET by DCMTK and by a real Orthanc.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parsePart10, Tag } from '@pharos/dicom';
import {
  dcmtkMissing,
  freePort,
  orthancCommand,
  runDcmtk,
  type ServerProcess,
  startDcmtk,
  startServer,
  syntheticInstance,
  syntheticUids,
} from '@pharos/testkit';
import { type Ask, clientOf, endOf } from './client-fixture.ts';

const skip = dcmtkMissing('movescu', 'getscu', 'storescp');
const orthanc = orthancCommand();
const uids = syntheticUids({ patient: 1, study: 1, series: 1, instance: 1 });
const files = [1, 2, 3, 4, 5].map((instance) =>
  syntheticInstance({
    kind: 'mr',
    patient: 1,
    study: 1,
    series: instance < 3 ? 1 : 2,
    instance,
    elements: [{ tag: Tag.AccessionNumber, value: 'ACC 1' }],
  }),
);

let server: ServerProcess;
let ask: Ask;
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pharos-retrieving-'));
  const configuration = { DicomAlwaysAllowMove: true, DicomAlwaysAllowGet: true, LogExportedResources: true };
  server = await startServer({ configuration });
  ask = clientOf(server);
  for (const file of files) assert.equal((await ask('POST', '/instances', file)).status, 200);
});
after(async () => {
  await server.discard();
  await rm(folder, { recursive: true });
});

const keysOf = (keys: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(keys).flatMap(([name, value]) => ['-k', `${name}=${value}`]);

const address = (): readonly string[] => ['-aec', 'ORTHANC', '127.0.0.1', String(server.dicomPort)];

async function emptyFolder(name: string): Promise<string> {
  return mkdtemp(join(folder, name));
}

const move = (destination: string, keys: Readonly<Record<string, string>>) =>
  runDcmtk('movescu', ['-v', '-aet', 'ASKER', '-aem', destination, ...address(), ...keysOf(keys)]);

test('movescu has studies, series, instances and accession numbers sent to a third', { skip }, async () => {
  const arrived = await emptyFolder('third');
  await using third = await startDcmtk('storescp', ['-od', arrived]);
  await ask('PUT', '/modalities/third', { AET: 'THIRD', Host: '127.0.0.1', Port: third.port });
  const { instance } = uids;
  for (const [keys, count] of [
    [{ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uids.study }, 5],
    [{ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: '', AccessionNumber: 'ACC 1' }, 5],
    [{ QueryRetrieveLevel: 'SERIES', SeriesInstanceUID: uids.series }, 2],
    [{ QueryRetrieveLevel: 'IMAGE', SOPInstanceUID: `${instance}\\1.2.3` }, 1],
    [{ SOPInstanceUID: instance }, 1],
  ] as const) {
    const { code, output } = await move('THIRD', keys);
    assert.equal(code, 0, output);
    assert.equal((await readdir(arrived)).length, count, JSON.stringify(keys));
    for (const name of await readdir(arrived)) await rm(join(arrived, name));
  }
  const { json } = await ask('GET', '/exports');
  assert.deepEqual([json.Exports.length, json.Exports[0].RemoteModality], [14, 'THIRD']);
});

test('what a C-MOVE cannot do is told by its status', { skip }, async () => {
  const study = { QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uids.study };
  const nobody = await freePort();
  await ask('PUT', '/modalities/gone', { AET: 'GONE', Host: '127.0.0.1', Port: nobody });
  for (const [destination, keys, status] of [
    ['NOBODY', study, /0xc000|UnableToProcess/i],
    ['GONE', { ...study, StudyInstanceUID: '1.2.3' }, /0xc000|UnableToProcess/i],
    ['GONE', study, /0xa702|OutOfResourcesSubOperations/i],
  ] as const) {
    assert.match((await move(destination, keys)).output, status);
  }
});

test('a C-MOVE that need not wait becomes a job', {
  skip: skip || (!orthanc && 'Orthanc is not installed'),
}, async () => {
  const far = await startServer({ command: orthanc });
  const near = await startServer({ configuration: { DicomAlwaysAllowMove: true, SynchronousCMove: false } });
  try {
    const asked = clientOf(near);
    for (const file of files) await asked('POST', '/instances', file);
    await asked('PUT', '/modalities/far', { AET: 'FAR', Host: '127.0.0.1', Port: far.dicomPort });
    const keys = keysOf({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uids.study });
    const to = ['-aem', 'FAR', '-aec', 'ORTHANC', '127.0.0.1', String(near.dicomPort)];
    assert.equal((await runDcmtk('movescu', ['-aet', 'ASKER', ...to, ...keys])).code, 0);
    const [id] = (await asked('GET', '/jobs')).json;
    const job = await endOf(asked, id);
    assert.deepEqual(
      [job.State, job.Type, job.Content.Description, job.Content.MoveOriginatorAET],
      ['Success', 'DicomModalityStore', 'C-MOVE', 'ASKER'],
    );
    assert.equal((await clientOf(far)('GET', '/instances')).json.length, 5);
  } finally {
    await Promise.all([far.discard(), near.discard()]);
  }
});

test('getscu fetches a study pixel for pixel; values that name nothing are refused', { skip }, async () => {
  const fetched = await emptyFolder('get');
  const get = (keys: Readonly<Record<string, string>>) =>
    runDcmtk('getscu', ['-v', '-od', fetched, ...address(), ...keysOf(keys)]);
  const { code, output } = await get({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: uids.study });
  assert.equal(code, 0, output);
  const names = await readdir(fetched);
  assert.equal(names.length, 5);
  for (const name of names) {
    const got = await readFile(join(fetched, name));
    const uid = parsePart10(got).dataSet.text(Tag.SOPInstanceUID);
    const sent = files.find((file) => parsePart10(file).dataSet.text(Tag.SOPInstanceUID) === uid);
    assert.ok(sent && got.subarray(-100_000).equals(Buffer.from(sent).subarray(-100_000)));
  }
  const missing = await get({ QueryRetrieveLevel: 'STUDY', StudyInstanceUID: `${uids.study}\\1.2.3` });
  assert.match(missing.output, /0xc000|UnableToProcess/i);
});

test('a real Orthanc retrieves from here by C-MOVE', { skip: !orthanc && 'Orthanc is not installed' }, async () => {
  const far = await startServer({ command: orthanc });
  try {
    const theirs = clientOf(far);
    await ask('PUT', '/modalities/orthanc', { AET: 'FAR', Host: '127.0.0.1', Port: far.dicomPort });
    await theirs('PUT', '/modalities/here', { AET: 'ORTHANC', Host: '127.0.0.1', Port: server.dicomPort });
    const query = { Level: 'Study', Query: { StudyInstanceUID: uids.study } };
    await ask('PUT', '/modalities/asker', { AET: 'ORTHANC', Host: '127.0.0.1', Port: far.dicomPort });
    const found = await theirs('POST', '/modalities/here/query', query);
    const retrieved = await theirs('POST', `/queries/${found.json.ID}/retrieve`, { TargetAet: 'FAR' });
    assert.equal(retrieved.status, 200);
    assert.equal((await theirs('GET', '/instances')).json.length, 5);
  } finally {
    await far.discard();
  }
});

test('our own client retrieves from here by C-GET', async () => {
  const near = await startServer();
  try {
    const asked = clientOf(near);
    await asked('PUT', '/modalities/here', { AET: 'ORTHANC', Host: '127.0.0.1', Port: server.dicomPort });
    const body = { Level: 'Study', Resources: [{ StudyInstanceUID: uids.study }] };
    assert.equal((await asked('POST', '/modalities/here/get', body)).status, 200);
    assert.equal((await asked('GET', '/instances')).json.length, 5);
  } finally {
    await near.discard();
  }
});
