// Storage commitment with whole servers: with itself, with a real Orthanc in both roles, and with those who break the rules.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDataSet, encodeDataSet, Tag } from '@pharos/dicom';
import { openAssociation, tcpTransport } from '@pharos/dimse';
import { orthancCommand, type ServerProcess, startServer, syntheticInstance, syntheticUids } from '@pharos/testkit';
import { type Ask, clientOf, endOf } from './client-fixture.ts';

const mr = '1.2.840.10008.5.1.4.1.1.4';
const commitment = '1.2.840.10008.1.20.1';
const wellKnown = '1.2.840.10008.1.20.1.1';
const uid = syntheticUids({ patient: 1, study: 1, series: 1, instance: 1 }).instance;
const file = syntheticInstance({ kind: 'mr', patient: 1, study: 1, series: 1, instance: 1 });
const orthanc = orthancCommand();

let server: ServerProcess;
let ask: Ask;
let instance = '';

before(async () => {
  server = await startServer();
  ask = clientOf(server);
  instance = (await ask('POST', '/instances', file)).json.ID;
  await ask('PUT', '/modalities/self', { AET: 'ORTHANC', Host: '127.0.0.1', Port: server.dicomPort });
});
after(() => server.discard());

async function reportOf(path: string, asked = ask) {
  for (;;) {
    const { json } = await asked('GET', path);
    if (json.Status !== 'Pending') return json;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('what is kept is committed, what is not fails with its reason', async () => {
  const all = await ask('POST', '/modalities/self/storage-commitment', { Resources: [instance] });
  assert.match(all.json.ID, /^2\.25\.\d+$/);
  const committed = { SOPClassUID: mr, SOPInstanceUID: uid };
  assert.deepEqual(await reportOf(all.json.Path), {
    Status: 'Success',
    RemoteAET: 'ORTHANC',
    Success: [committed],
    Failures: [],
  });
  const some = await ask('POST', '/modalities/self/storage-commitment', {
    DicomInstances: [['1.2', '1.2.3'], committed, { SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', SOPInstanceUID: uid }],
  });
  // One UID cannot be of two classes: the last one counts.
  const report = await reportOf(some.json.Path);
  assert.equal(report.Status, 'Failure');
  assert.deepEqual(
    report.Failures.map((failure: { FailureReason: number }) => failure.FailureReason),
    [0x0112, 0x0119],
  );
  const job = (await ask('GET', '/jobs?expand')).json.find(
    ({ Type }: { Type: string }) => Type === 'StorageCommitmentScp',
  );
  assert.deepEqual(Object.keys(job.Content).sort(), ['CalledAet', 'RemoteAet', 'RemoteIp', 'TransactionUid']);
});

test('what was committed can be deleted, and nothing else', async () => {
  const failing = await ask('POST', '/modalities/self/storage-commitment', { DicomInstances: [['1.2', '1.2.3']] });
  await reportOf(failing.json.Path);
  const refused = await ask('POST', `${failing.json.Path}/remove`, '');
  assert.deepEqual([refused.status, refused.json.OrthancStatus], [500, 6]);
  const store = await ask('POST', '/modalities/self/store', { Resources: [instance], StorageCommitment: true });
  const path = `/storage-commitment/${store.json.StorageCommitmentTransactionUID}`;
  assert.equal((await reportOf(path)).Status, 'Success');
  assert.equal((await ask('POST', `${path}/remove`, '')).status, 200);
  assert.deepEqual((await ask('GET', '/instances')).json, []);
  await ask('POST', '/instances', file);
});

test('what is wrong with a request is told', async () => {
  for (const [method, path, body, status] of [
    ['GET', '/storage-commitment/1.2', undefined, 404],
    ['POST', '/storage-commitment/1.2/remove', '', 404],
    ['POST', '/modalities/nobody/storage-commitment', { Resources: [instance] }, 404],
    ['POST', '/modalities/self/storage-commitment', {}, 400],
    ['POST', '/modalities/self/storage-commitment', { Resources: ['x'] }, 400],
    ['POST', '/modalities/self/storage-commitment', { DicomInstances: [['1.2']] }, 400],
    ['POST', '/modalities/self/storage-commitment', { DicomInstances: [{ SOPClassUID: mr }] }, 400],
  ] as const) {
    assert.equal((await ask(method, path, body)).status, status, `${method} ${path}`);
  }
});

test('a real Orthanc asks us, and we ask it', { skip: !orthanc && 'Orthanc is not installed' }, async () => {
  const far = await startServer({ command: orthanc, configuration: { DicomAet: 'FAR' } });
  try {
    const theirs = clientOf(far);
    await ask('PUT', '/modalities/far', { AET: 'FAR', Host: '127.0.0.1', Port: far.dicomPort });
    await theirs('PUT', '/modalities/here', { AET: 'ORTHANC', Host: '127.0.0.1', Port: server.dicomPort });
    assert.equal((await theirs('POST', '/instances', file)).status, 200);
    for (const [asked, name] of [
      [ask, 'far'],
      [theirs, 'here'],
    ] as const) {
      const { json } = await asked('POST', `/modalities/${name}/storage-commitment`, { Resources: [instance] });
      const report = await reportOf(json.Path, asked);
      assert.deepEqual([report.Status, report.Success[0].SOPInstanceUID], ['Success', uid]);
    }
  } finally {
    await far.discard();
  }
});

test('requests that break the rules get a status, and the server goes on', async () => {
  const association = await openAssociation({
    transport: tcpTransport,
    host: '127.0.0.1',
    port: server.dicomPort,
    callingAet: 'ORTHANC',
    calledAet: 'ORTHANC',
    contexts: [{ abstractSyntax: commitment, transferSyntaxes: ['1.2.840.10008.1.2.1'] }],
    maximumPduLength: 16384,
    implementation: { classUid: '1.2.3', versionName: 'TEST' },
    timeout: 5000,
  });
  const encoded = (elements: Parameters<typeof createDataSet>[0]) => [
    encodeDataSet(createDataSet(elements), '1.2.840.10008.1.2.1'),
  ];
  const transaction = { tag: Tag.TransactionUID, value: '2.25.1' };
  const sequence = { tag: Tag.ReferencedSOPSequence, value: [[{ tag: Tag.ReferencedSOPInstanceUID, value: '1.2' }]] };
  const common = { contextId: 1, sopClassUid: commitment };
  for (const [sopInstanceUid, actionTypeId, information, status] of [
    [wellKnown, 1, undefined, 0x0110],
    [wellKnown, 1, encoded([transaction]), 0x0110],
    [wellKnown, 1, encoded([sequence]), 0x0110],
    [wellKnown, 1, encoded([transaction, sequence]), 0x0110],
    [wellKnown, 1, [new Uint8Array(1000).fill(7)], 0x0110],
    [wellKnown, 2, encoded([transaction]), 0x0123],
    ['1.2.3', 1, encoded([transaction]), 0x0112],
    [wellKnown, 1, Array.from({ length: 20 }, () => new Uint8Array(1024 * 1024)), 0x0213],
  ] as const) {
    assert.equal(await association.action({ ...common, sopInstanceUid, actionTypeId, information }), status);
  }
  const report = { ...common, sopInstanceUid: wellKnown, eventTypeId: 1 };
  assert.equal(await association.eventReport({ ...report, information: [new Uint8Array(3)] }), 0x0110);
  assert.equal(await association.eventReport({ ...report, information: encoded([transaction]) }), 0);
  await association.release();
  assert.equal((await ask('GET', '/storage-commitment/2.25.1')).json.Status, 'Success');
});

test('a report that cannot be sent fails its job, which can be submitted again', async () => {
  await ask('PUT', '/modalities/away', { AET: 'AWAY', Host: '127.0.0.1', Port: 9 });
  await ask('PUT', '/modalities/as-away', {
    AET: 'ORTHANC',
    Host: '127.0.0.1',
    Port: server.dicomPort,
    LocalAet: 'AWAY',
  });
  await ask('POST', '/modalities/as-away/storage-commitment', { Resources: [instance] });
  const jobs = (await ask('GET', '/jobs?expand')).json;
  const { ID } = jobs.find((job: { Content: { RemoteAet: string } }) => job.Content.RemoteAet === 'AWAY');
  const failed = await endOf(ask, ID);
  assert.equal(failed.State, 'Failure');
  assert.match(failed.ErrorDetails, /connecting to AET "AWAY"/);
  assert.equal((await ask('POST', `/jobs/${ID}/resubmit`, '')).status, 200);
  assert.equal((await endOf(ask, ID)).State, 'Failure');
});
