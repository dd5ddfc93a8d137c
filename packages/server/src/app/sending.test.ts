// Sending to others over the DICOM network, with whole servers: a real Orthanc, DCMTK's storescp, a destination that is down.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect as connectTo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parsePart10 } from '@pharos/dicom';
import {
  dcmtkMissing,
  freePort,
  orthancCommand,
  type ServerProcess,
  startDcmtk,
  startServer,
  syntheticInstance,
} from '@pharos/testkit';
import { type Ask, clientOf, endOf } from './client-fixture.ts';

let server: ServerProcess;
let ask: Ask;
let study = '';

before(async () => {
  server = await startServer({ configuration: { LogExportedResources: true } });
  ask = clientOf(server);
  for (const instance of [1, 2, 3, 4]) {
    const body = syntheticInstance({ kind: 'mr', patient: 1, study: 1, series: 1, instance });
    study = (await ask('POST', '/instances', body)).json.ParentStudy;
  }
});
after(() => server.discard());

async function modality(name: string, ...description: readonly (string | number)[]): Promise<void> {
  const answer = await fetch(`${server.url}/modalities/${name}`, { method: 'PUT', body: JSON.stringify(description) });
  assert.equal(answer.status, 200);
}

const orthanc = orthancCommand();

test('a study goes to a real Orthanc, and is the same there', {
  skip: !orthanc && 'Orthanc is not installed',
}, async () => {
  const far = await startServer({ command: orthanc });
  try {
    await modality('far', 'ORTHANC', '127.0.0.1', far.dicomPort);
    for (const body of [study, JSON.stringify(study), [study], { Resources: [study] }]) {
      const { status, json } = await ask('POST', '/modalities/far/store', body);
      assert.deepEqual([status, json.InstancesCount, json.FailedInstancesCount], [200, 4, 0]);
    }
    const theirs = await clientOf(far)('GET', `/studies/${study}/instances-tags?simplify`);
    const ours = await ask('GET', `/studies/${study}/instances-tags?simplify`);
    assert.deepEqual(theirs.json, ours.json);
    const { json } = await ask('GET', '/exports');
    assert.deepEqual([json.Exports.length, json.Exports[0].RemoteModality], [4, 'far']);
  } finally {
    await far.discard();
  }
});

test('what a destination refuses goes in the preferred transfer syntax, compressed or not, where it is taken; else without compression', {
  skip: dcmtkMissing('storescp'),
}, async () => {
  const root = '1.2.840.10008.1.2';
  const configuration = { IngestTranscoding: `${root}.4.80`, DicomScuPreferredTransferSyntax: `${root}.4.90` };
  const from = await startServer({ configuration });
  const folder = await mkdtemp(join(tmpdir(), 'pharos-sending-'));
  try {
    const askFrom = clientOf(from);
    const body = syntheticInstance({ kind: 'mr', patient: 1, study: 1, series: 1, instance: 1 });
    const { json: stored } = await askFrom('POST', '/instances', body);
    for (const [option, syntax] of [
      ['--prefer-j2k-lossless', `${root}.4.90`],
      ['--prefer-uncompr', `${root}.1`],
    ]) {
      await using to = await startDcmtk('storescp', [String(option), '--output-directory', folder]);
      await askFrom('PUT', '/modalities/to', ['TO', '127.0.0.1', to.port]);
      assert.equal((await askFrom('POST', '/modalities/to/store', stored.ID)).status, 200);
      const [name = ''] = await readdir(folder);
      const arrived = await readFile(join(folder, name));
      assert.equal(parsePart10(arrived).transferSyntax, syntax);
      await rm(join(folder, name));
    }
  } finally {
    await rm(folder, { recursive: true });
    await from.discard();
  }
});

test('a destination that is down: the job says so, and succeeds when it is submitted again', {
  skip: dcmtkMissing('storescp'),
}, async () => {
  const port = await freePort();
  await modality('down', 'DOWN', '127.0.0.1', port);
  const answer = await ask('POST', '/modalities/down/store', study);
  assert.equal(answer.status, 500);
  assert.equal(answer.json.OrthancStatus, 9);
  assert.match(answer.json.Details, /^DicomAssociation - connecting to AET "DOWN": Cannot connect to 127\.0\.0\.1:\d+/);
  const { json } = await ask('POST', '/modalities/down/store', { Resources: [study], Asynchronous: true });
  const failed = await endOf(ask, json.ID);
  assert.deepEqual([failed.State, failed.ErrorCode, failed.Content.RemoteAet], ['Failure', 9, 'DOWN']);
  assert.match(failed.ErrorDetails, /Cannot connect/);
  await using up = await startDcmtk('storescp', ['--ignore']);
  // The job goes where it was asked to go: the port that storescp listens on is another one.
  const relay = createServer((socket) => socket.pipe(connectTo(up.port)).pipe(socket));
  await new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve));
  assert.equal((await ask('POST', `/jobs/${json.ID}/resubmit`, '')).status, 200);
  assert.equal((await endOf(ask, json.ID)).State, 'Success');
  relay.close();
});

test('a silent destination holds up nobody, and is told by the step', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  assert.ok(address && typeof address === 'object');
  await modality('silent', 'SILENT', '127.0.0.1', address.port);
  const waiting = ask('POST', '/modalities/silent/store', { Resources: [study], Timeout: 1 });
  assert.equal((await ask('GET', '/system')).status, 200);
  const { status, json } = await waiting;
  assert.equal(status, 500);
  assert.match(json.Details, /^DicomAssociation - connecting to AET "SILENT": No answer within 1000 ms/);
  silent.close();
});

test('what is wrong with a request is told before anything is sent', async () => {
  await modality('any', 'ANY', '127.0.0.1', 9);
  for (const [path, body, status] of [
    ['/modalities/any/store', 'nothing', 400],
    ['/modalities/any/store', {}, 400],
    ['/modalities/any/store', [1], 400],
    ['/modalities/any/store', '66a662ce-7430e543-bad44d47-0dc5a943-ec7a538d', 404],
    ['/modalities/nobody/store', [study], 404],
    ['/modalities/any/store', { Resources: [study], Port: 'x' }, 400],
    ['/modalities/any/store', { Resources: [study], MoveOriginatorID: 70000 }, 400],
    ['/modalities/any/store-straight', 'nothing', 400],
  ] as const) {
    assert.equal((await ask('POST', path, body)).status, status, JSON.stringify(body));
  }
});
