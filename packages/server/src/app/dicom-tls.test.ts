// DICOM TLS in both roles, with whole servers: DCMTK's tools, a real Orthanc, and those who are not to be let in.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  dcmtkMissing,
  makeCertificate,
  opensslMissing,
  orthancCommand,
  runDcmtk,
  type ServerProcess,
  startDcmtk,
  startServer,
  syntheticInstance,
  type TestCertificate,
} from '@pharos/testkit';
import { type Ask, clientOf } from './client-fixture.ts';
import { type DicomTlsSettings, dicomTlsTransport } from './dicom-tls.ts';

const missing = opensslMissing();
const skip = missing || dcmtkMissing('echoscu', 'storescu', 'findscu', 'storescp');
const orthanc = orthancCommand();
const folder = mkdtempSync(join(tmpdir(), 'pharos-dicom-tls-'));
const [ours, theirs, strange] = ['ours', 'theirs', 'strange'].map((name) => makeCertificate(folder, name));
assert.ok(ours && theirs && strange);
const file = join(folder, 'mr.dcm');

function optionsOf(own: TestCertificate, trusted: TestCertificate) {
  return {
    DicomTlsEnabled: true,
    DicomTlsCertificate: own.certificate,
    DicomTlsPrivateKey: own.key,
    DicomTlsTrustedCertificates: trusted.certificate,
  };
}

/** DCMTK as a client that shows a certificate. */
const secure = (own: TestCertificate | undefined) => [
  ...(own ? ['+tls', own.key, own.certificate] : ['+tla']),
  '+cf',
  ours.certificate,
];

let server: ServerProcess;
let ask: Ask;

before(async () => {
  if (missing) return;
  writeFileSync(file, syntheticInstance({ kind: 'mr', patient: 1, study: 1, series: 1, instance: 1 }));
  server = await startServer({ configuration: { ...optionsOf(ours, theirs), DicomAlwaysAllowFind: true } });
  ask = clientOf(server);
});
after(async () => {
  await server?.discard();
  rmSync(folder, { recursive: true });
});

const address = () => ['-aec', 'ORTHANC', '127.0.0.1', String(server.dicomPort)];

test('DCMTK echoes, stores and finds over TLS with a certificate that is trusted', { skip }, async () => {
  assert.equal((await runDcmtk('echoscu', [...secure(theirs), ...address()])).code, 0);
  const stored = await runDcmtk('storescu', [...secure(theirs), ...address(), file]);
  assert.equal(stored.code, 0, stored.output);
  assert.equal((await ask('GET', '/instances')).json.length, 1);
  const keys = ['-S', '-k', 'QueryRetrieveLevel=STUDY', '-k', 'PatientID'];
  assert.equal((await runDcmtk('findscu', [...secure(theirs), ...address(), ...keys])).code, 0);
});

test('nobody else is let in: without a certificate, with a strange one, or in clear', { skip }, async () => {
  for (const how of [secure(undefined), secure(strange), []]) {
    assert.notEqual((await runDcmtk('echoscu', ['-ta', '3', ...how, ...address()])).code, 0, how[0]);
  }
  assert.equal((await runDcmtk('echoscu', [...secure(theirs), ...address()])).code, 0);
});

test('a connection that begins no handshake holds up nobody, and one that speaks nonsense ends', { skip }, async () => {
  const silent = connect(server.dicomPort, '127.0.0.1');
  const noisy = connect(server.dicomPort, '127.0.0.1', () => noisy.write('GET / HTTP/1.0\r\n\r\n'));
  const ended = new Promise<void>((resolve) => noisy.once('close', () => resolve()));
  noisy.resume();
  await ended;
  assert.match(await server.log(), /Connection from 127\.0\.0\.1 failed unexpectedly: TLS handshake/);
  assert.equal((await runDcmtk('echoscu', [...secure(theirs), ...address()])).code, 0);
  silent.destroy();
});

test("to DCMTK's storescp over TLS, but never in clear", { skip }, async () => {
  const arrived = mkdtempSync(join(folder, 'arrived-'));
  const own = ['+tls', theirs.key, theirs.certificate, '+cf', ours.certificate];
  await using far = await startDcmtk('storescp', [...own, '-od', arrived]);
  await using plain = await startDcmtk('storescp', ['-od', arrived]);
  const modality = { AET: 'FAR', Host: '127.0.0.1', UseDicomTls: true, Timeout: 5 };
  await ask('PUT', '/modalities/far', { ...modality, Port: far.port });
  await ask('PUT', '/modalities/plain', { ...modality, Port: plain.port });
  const body = readFileSync(file);
  assert.equal((await ask('POST', '/modalities/far/store-straight', body)).status, 200);
  assert.equal(readdirSync(arrived).length, 1);
  const refused = await ask('POST', '/modalities/plain/store-straight', body);
  assert.equal(refused.status, 500);
  assert.match(refused.json.Details, /connecting to AET "FAR"/);
  assert.equal(readdirSync(arrived).length, 1);
});

test('a real Orthanc, to and fro', { skip: missing || (!orthanc && 'Orthanc is not installed') }, async () => {
  const far = await startServer({ command: orthanc, configuration: optionsOf(theirs, ours) });
  try {
    const modality = { AET: 'ORTHANC', Host: '127.0.0.1', UseDicomTls: true };
    await ask('PUT', '/modalities/orthanc', { ...modality, Port: far.dicomPort });
    await clientOf(far)('PUT', '/modalities/here', { ...modality, Port: server.dicomPort });
    assert.equal((await ask('POST', '/modalities/orthanc/echo', '{}')).status, 200);
    assert.equal((await clientOf(far)('POST', '/modalities/here/echo', '{}')).status, 200);
    assert.equal((await ask('POST', '/modalities/orthanc/store-straight', readFileSync(file))).status, 200);
    assert.equal((await clientOf(far)('GET', '/instances')).json.length, 1);
  } finally {
    await far.discard();
  }
});

test('without certificates of its own, nothing goes to a modality that wants TLS', async () => {
  const near = await startServer();
  try {
    const asked = clientOf(near);
    await asked('PUT', '/modalities/far', { AET: 'FAR', Host: '127.0.0.1', Port: 9, UseDicomTls: true });
    const { status, json } = await asked('POST', '/modalities/far/echo', '{}');
    assert.equal(status, 500);
    assert.match(json.Details, /DICOM TLS is not set up here: set DicomTlsCertificate/);
  } finally {
    await near.discard();
  }
});

test('what is wrong with the options is told at start, by their names', { skip: missing }, () => {
  const good: DicomTlsSettings = {
    ...optionsOf(ours, theirs),
    DicomTlsRemoteCertificateRequired: true,
    DicomTlsMinimumProtocolVersion: 0,
    DicomTlsCiphersAccepted: undefined,
  };
  assert.ok(dicomTlsTransport(good));
  for (const [change, message] of [
    [{ DicomTlsCertificate: undefined }, /needs option DicomTlsCertificate/],
    [{ DicomTlsTrustedCertificates: undefined }, /needs option DicomTlsTrustedCertificates/],
    [{ DicomTlsPrivateKey: join(folder, 'none') }, /Cannot read ".*none": set option DicomTlsPrivateKey/],
    [{ DicomTlsPrivateKey: theirs.key }, /DicomTlsPrivateKey must be the key of the certificate/],
    [{ DicomTlsTrustedCertificates: file }, /DicomTlsTrustedCertificates must be/],
    [{ DicomTlsCiphersAccepted: ['NONSENSE'] }, /DicomTlsCiphersAccepted must be/],
  ] as const) {
    assert.throws(() => dicomTlsTransport({ ...good, ...change }), { details: message });
  }
  const off = { ...good, DicomTlsEnabled: false, DicomTlsCertificate: undefined, DicomTlsPrivateKey: undefined };
  assert.equal(dicomTlsTransport(off), undefined);
});
