// Archives and media as clients get them: what is in them under which names, as they are made and as jobs, and what becomes of those
// that nobody downloads to the end.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parsePart10, Tag } from '@pharos/dicom';
import { type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';
import { fromBufferPromise } from 'yauzl';
import { clientOf, endOf as endOfJob } from './client-fixture.ts';

const root = '1.2.840.10008.1.2';
let server: ServerProcess;
let study: string;
let series: string;
let patient: string;

const hostile = [
  { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' },
  { tag: Tag.PatientName, value: '../../Élan/*' },
  { tag: Tag.AccessionNumber, value: '..' },
  { tag: Tag.StudyDescription, value: '' },
  { tag: Tag.SeriesDescription, value: 'C:\\x' },
];

async function upload(bytes: Uint8Array) {
  const response = await fetch(`${server.url}/instances`, { method: 'POST', body: Buffer.from(bytes) });
  return JSON.parse(await response.text());
}

before(async () => {
  server = await startServer();
  for (const instance of [1, 2, 3]) {
    const stored = await upload(syntheticInstance({ kind: 'mr', patient: 1, study: 1, series: 1, instance }));
    [patient, study, series] = [stored.ParentPatient, stored.ParentStudy, stored.ParentSeries];
  }
  const identity = { kind: 'header', patient: 2, study: 1, series: 1, instance: 1 } as const;
  await upload(syntheticInstance({ ...identity, elements: hostile }));
});
after(() => server.discard());

async function ask(path: string, options: RequestInit = {}) {
  const response = await fetch(server.url + path, options);
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

const post = (path: string, body: unknown) => ask(path, { method: 'POST', body: JSON.stringify(body) });

async function filesOf(archive: Buffer): Promise<ReadonlyMap<string, Buffer>> {
  const zip = await fromBufferPromise(archive);
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const pieces = await Array.fromAsync(await zip.openReadStreamPromise(entry));
    files.set(String(entry.fileName), Buffer.concat(pieces.map((piece) => Buffer.from(piece))));
  }
  return files;
}

const endOf = (id: string) => endOfJob(clientOf(server), id);

test('an archive has the files as they are stored, in folders of patient, study and series', async () => {
  const { status, headers, body } = await ask(`/studies/${study}/archive`);
  assert.equal(status, 200);
  assert.equal(headers.get('content-type'), 'application/zip');
  assert.equal(headers.get('content-disposition'), `filename="${study}.zip"`);
  const files = await filesOf(body);
  assert.equal(files.size, 3);
  for (const [name, bytes] of files) {
    assert.match(name, /^PAT0000001 - \S+\/[^/]+\/[^/]*MR[^/]*\/MR00000[1-4]\.dcm$/);
    const { dataSet } = parsePart10(bytes);
    const instance = Number(dataSet.text(Tag.SOPInstanceUID)?.split('.').at(-1));
    assert.ok(bytes.equals(Buffer.from(syntheticInstance({ kind: 'mr', patient: 1, study: 1, series: 1, instance }))));
  }
});

test('names cannot lead out of the archive', async () => {
  const [hostileStudy] = JSON.parse((await ask('/studies')).body.toString()).filter((id: string) => id !== study);
  const plain = [...(await filesOf((await ask(`/studies/${hostileStudy}/archive`)).body)).keys()];
  assert.deepEqual(
    plain.map((name) => name.split('/').length),
    [4],
  );
  assert.match(plain[0] ?? '', /^PAT0000002 - \.\. \.\. lan\/Unknown Study\/[^/\\:]*C x\//);
  const utf8 = await post('/tools/create-archive', { Resources: [hostileStudy], Utf8: true });
  assert.match([...(await filesOf(utf8.body)).keys()][0] ?? '', /Élan/);
});

test('several resources make one archive, each instance once', async () => {
  const { body } = await post('/tools/create-archive', [patient, study, series]);
  assert.equal((await filesOf(body)).size, 3);
  const gotten = await ask(`/tools/create-archive?resources=${study},${series}&filename=mine.zip`);
  assert.equal((await filesOf(gotten.body)).size, 3);
  assert.equal(gotten.headers.get('content-disposition'), 'filename="mine.zip"');
  assert.equal((await ask('/tools/create-archive')).status, 400);
  assert.equal((await post('/tools/create-archive', ['11111111-11111111-11111111-11111111-11111111'])).status, 404);
  assert.equal((await ask(`/series/${study}/archive`)).status, 404);
  assert.equal((await filesOf((await post('/tools/create-archive', [])).body)).size, 0);
});

test('what cannot be meant is refused as by Orthanc', async () => {
  const statusOf = async (path: string, body: string) => (await ask(path, { method: 'POST', body })).status;
  const batch = '/tools/create-archive';
  for (const body of ['["nope"]', '{"Resources": ["nope"]}', '{"Resources": ["nope"], "Asynchronous": true}'])
    assert.equal(await statusOf(batch, body), 404, body);
  for (const body of ['', '{}', 'nope', '5', 'null', '"nope"', '[5]', '{"Resources": "nope"}', '["nope"'])
    assert.equal(await statusOf(batch, body), 400, body);
  assert.equal((await ask('/tools/create-media?resources=nope')).status, 404);
  const ofStudy = `/studies/${study}/archive`;
  for (const body of ['', 'nope', '{"Extended": 1']) assert.equal(await statusOf(ofStudy, body), 400, body);
  for (const body of ['{}', '[]', 'null', '5']) assert.equal(await statusOf(ofStudy, body), 200, body);
  assert.equal(await statusOf('/studies/nope/archive', '{}'), 404);
  for (const quality of [0, 101, -1, 1.5, '"x"'])
    assert.equal(await statusOf(ofStudy, `{"Transcode": "${root}.4.50", "LossyQuality": ${quality}}`), 400);
  for (const quality of [0, 101])
    assert.equal((await ask(`${ofStudy}?transcode=${root}.4.50&lossy-quality=${quality}`)).status, 400);
});

test('files can be transcoded on their way; what cannot be stays as it is', async () => {
  const syntaxOf = async (uid: string) => {
    const files = await filesOf((await ask(`/studies/${study}/archive?transcode=${uid}`)).body);
    return new Set([...files.values()].map((bytes) => parsePart10(bytes).transferSyntax));
  };
  assert.deepEqual(await syntaxOf(`${root}.4.80`), new Set([`${root}.4.80`]));
  assert.deepEqual(await syntaxOf(`${root}.4.50`), new Set([`${root}.1`]));
  assert.equal((await ask(`/studies/${study}/archive?transcode=nope`)).status, 400);
});

test('a medium has a directory that DCMTK reads', async (context) => {
  const files = await filesOf((await ask(`/patients/${patient}/media?extended`)).body);
  assert.deepEqual([...files.keys()].sort(), ['DICOMDIR', 'IMAGES/IM0', 'IMAGES/IM1', 'IMAGES/IM2']);
  const folder = mkdtempSync(join(tmpdir(), 'pharos-media-'));
  writeFileSync(join(folder, 'DICOMDIR'), files.get('DICOMDIR') ?? '');
  const { error, stdout } = spawnSync('dcmdump', [join(folder, 'DICOMDIR')], { encoding: 'utf8' });
  if (error) return context.skip('dcmdump is not installed');
  assert.equal(stdout.match(/\[IMAGES\\IM\d\]/g)?.length, 3);
});

test('a job keeps its archive until another takes its place, or it is deleted', async () => {
  const { ID: id } = JSON.parse((await post(`/studies/${study}/archive`, { Asynchronous: true })).body.toString());
  const job = await endOf(id);
  assert.deepEqual([job.Type, job.State, job.Content.InstancesCount], ['Archive', 'Success', 3]);
  const archive = await ask(`/jobs/${id}/archive`);
  assert.equal(job.Content.ArchiveSize, String(archive.body.byteLength));
  assert.equal((await filesOf(archive.body)).size, 3);
  assert.equal((await ask(`/jobs/${id}/archive`, { method: 'DELETE' })).status, 200);
  assert.equal((await ask(`/jobs/${id}/archive`)).status, 404);
});

/** Too large to be with the system as a whole while nobody takes it. */
async function uploadLarge(): Promise<string> {
  let large = '';
  for (let instance = 0; instance < 40; instance++) {
    large = (await upload(syntheticInstance({ kind: 'ct', patient: 3, study: 1, series: 1, instance }))).ParentStudy;
  }
  return large;
}

test('a download that is cancelled ends early, and is no archive', async () => {
  const large = await uploadLarge();
  const response = await fetch(`${server.url}/studies/${large}/archive`);
  const reader = response.body?.getReader();
  const received = [(await reader?.read())?.value ?? new Uint8Array(0)];
  const jobs: readonly { ID: string; Type: string; State: string }[] = JSON.parse(
    (await ask('/jobs?expand')).body.toString(),
  );
  const running = jobs.find(({ Type, State }) => Type === 'Archive' && State === 'Running');
  assert.ok(running);
  await post(`/jobs/${running.ID}/cancel`, {});
  for (let step = await reader?.read(); step?.value; step = await reader?.read()) received.push(step.value);
  await assert.rejects(fromBufferPromise(Buffer.concat(received)));
});

test('who stops downloading ends the job, and nothing stays', async () => {
  const large = await uploadLarge();
  const controller = new AbortController();
  const response = await fetch(`${server.url}/studies/${large}/archive`, { signal: controller.signal });
  await response.body?.getReader().read();
  controller.abort();
  const jobs: readonly { ID: string; Type: string; State: string }[] = JSON.parse(
    (await ask('/jobs?expand')).body.toString(),
  );
  const running = jobs.find(({ Type, State }) => Type === 'Archive' && State === 'Running');
  if (running) assert.equal((await endOf(running.ID)).ErrorCode, 14);
  const again = await filesOf((await ask(`/studies/${large}/archive`)).body);
  assert.equal(again.size, 40);
});
