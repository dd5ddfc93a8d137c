// The content of instances over HTTP: statuses and headers that clients of Orthanc rely on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { parsePart10 } from '@pharos/dicom';
import { type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';

const file = syntheticInstance({ kind: 'mr', patient: 1, study: 0, series: 0, instance: 0 });
const unknown = '11111111-11111111-11111111-11111111-11111111';

let server: ServerProcess;
let instance: string;
let study: string;
before(async () => {
  server = await startServer({ configuration: { CheckRevisions: true } });
  const response = await fetch(`${server.url}/instances`, { method: 'POST', body: Buffer.from(file) });
  const stored = JSON.parse(await response.text());
  instance = `/instances/${stored.ID}`;
  study = `/studies/${stored.ParentStudy}`;
});
after(() => server.discard());

async function ask(path: string, options: RequestInit = {}) {
  const response = await fetch(server.url + path, options);
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, body, text: body.toString('utf8') };
}

test('the file comes as it was, under a name that cannot break out of its header', async () => {
  const plain = await ask(`${instance}/file`);
  assert.ok(plain.body.equals(Buffer.from(file)));
  assert.equal(plain.headers.get('content-type'), 'application/dicom');
  assert.equal(plain.headers.get('content-disposition'), `filename="${instance.slice('/instances/'.length)}.dcm"`);
  const named = await ask(`${instance}/file?filename=${encodeURIComponent('a"\r\nSet-Cookie: x.dcm')}`);
  assert.equal(named.headers.get('content-disposition'), 'filename="aSet-Cookie: x.dcm"');
});

test('a file comes in another transfer syntax, or an error says why not', async () => {
  const same = await ask(`${instance}/file?transcode=1.2.840.10008.1.2.1`);
  assert.ok(same.body.equals(Buffer.from(file)));
  const other = await ask(`${instance}/file?transcode=1.2.840.10008.1.2.4.80`);
  assert.equal(other.status, 200);
  assert.equal(parsePart10(other.body).transferSyntax, '1.2.840.10008.1.2.4.80');
  assert.equal((await ask(`${instance}/file?transcode=1.2.3`)).status, 400);
  const impossible = await ask(`${instance}/file?transcode=1.2.840.10008.1.2.4.50`);
  assert.equal(impossible.status, 500);
  assert.equal(JSON.parse(impossible.text).OrthancStatus, 2);
});

test('tags come in three formats, as JSON and as XML', async () => {
  assert.equal(JSON.parse((await ask(`${instance}/tags`)).text)['0010,0020'].Value, 'PAT0000001');
  assert.equal(JSON.parse((await ask(`${instance}/tags?short`)).text)['0010,0020'], 'PAT0000001');
  assert.equal(JSON.parse((await ask(`${instance}/simplified-tags`)).text).PatientID, 'PAT0000001');
  const xml = await ask(`${instance}/simplified-tags`, { headers: { Accept: 'application/xml' } });
  assert.ok(xml.text.includes('<PatientID>PAT0000001</PatientID>'));
  assert.equal((await ask(`${instance}/tags?ignore-length=NoSuchTag`)).status, 500);
});

test('frames are listed, given raw and in gzip, or refused', async () => {
  assert.deepEqual(JSON.parse((await ask(`${instance}/frames`)).text), [0]);
  const raw = await ask(`${instance}/frames/0/raw`);
  assert.equal(raw.body.byteLength, 256 * 256 * 2);
  assert.ok(gunzipSync((await ask(`${instance}/frames/0/raw.gz`)).body).equals(raw.body));
  assert.equal((await ask(`${instance}/frames/1/raw`)).status, 400);
  assert.equal((await ask(`${instance}/frames/x/raw`)).status, 404);
});

test('an unknown instance is 404 with a reason', async () => {
  for (const what of [
    'file',
    'tags',
    'simplified-tags',
    'header',
    'frames',
    'frames/0/raw',
    'pdf',
    'content',
    'module',
    'metadata',
  ]) {
    const answer = await ask(`/instances/${unknown}/${what}`);
    assert.equal(answer.status, 404, what);
    assert.equal(JSON.parse(answer.text).OrthancStatus, 17, what);
  }
});

test('what does not apply to the instance is 404 with nothing', async () => {
  for (const what of ['pdf', 'content/0010-1010', 'metadata/1999', 'labels/none']) {
    const answer = await ask(`${instance}/${what}`);
    assert.equal(answer.status, 404, what);
    assert.equal(answer.text, '', what);
  }
});

test('a document comes back to the byte, whether its length is even or odd', async () => {
  for (const document of ['%PDF-1.7\n%%EOF', '%PDF-1.7\n\n%%EOF', '%PDF-1.7\n%%EOF\n']) {
    const Content = `data:application/pdf;base64,${Buffer.from(document).toString('base64')}`;
    const created = await ask('/tools/create-dicom', {
      method: 'POST',
      body: JSON.stringify({ Tags: { PatientID: 'DOCUMENT' }, Content }),
    });
    const { text, headers } = await ask(`/instances/${JSON.parse(created.text).ID}/pdf`);
    assert.equal(text, document);
    assert.equal(headers.get('content-type'), 'application/pdf');
  }
});

test('files are not written where the configuration does not say so', async () => {
  const answer = await ask(`${instance}/export`, { method: 'POST', body: '/tmp/never-written' });
  assert.equal(answer.status, 403);
});

test('a range of an attachment is given, one outside refused', async () => {
  const part = await ask(`${instance}/attachments/dicom/data`, { headers: { Range: 'bytes=128-131' } });
  assert.equal(part.status, 206);
  assert.equal(part.text, 'DICM');
  assert.equal(part.headers.get('content-range'), `bytes 128-131/${file.byteLength}`);
  assert.equal((await ask(`${instance}/attachments/dicom/data`, { headers: { Range: 'bytes=9999999-' } })).status, 416);
});

test('metadata and attachments of the user have revisions', async () => {
  for (const path of [`${study}/metadata/1024`, `${study}/attachments/1024`]) {
    const put = (body: string, headers = {}) => ask(path, { method: 'PUT', body, headers });
    const first = await put('hello');
    const etag = first.headers.get('etag') ?? '';
    assert.equal(etag, '"0-5d41402abc4b2a76b9719d911017c592"');
    assert.equal((await put('world')).status, 409);
    assert.equal((await put('world', { 'If-Match': etag })).status, 200);
    assert.equal((await ask(path, { headers: { 'If-None-Match': etag } })).status, 200);
    assert.equal((await ask(path, { method: 'DELETE' })).status, 409);
    const last = (await ask(path)).headers.get('etag') ?? '';
    assert.equal((await ask(path, { headers: { 'If-None-Match': last } })).status, 304);
    assert.equal((await ask(path, { method: 'DELETE', headers: { 'If-Match': last } })).status, 200);
    assert.equal((await ask(path)).status, 404);
  }
});

test('what belongs to the server is not changed by clients', async () => {
  for (const path of [`${instance}/metadata/TransferSyntax`, `${instance}/attachments/dicom`]) {
    assert.equal((await ask(path, { method: 'PUT', body: 'x' })).status, 403);
    assert.equal((await ask(path, { method: 'DELETE' })).status, 403);
  }
  assert.equal((await ask(`${instance}/metadata/NoSuchName`)).status, 404);
});

test('labels are words', async () => {
  assert.equal((await ask(`${study}/labels/to-read`, { method: 'PUT' })).status, 200);
  assert.deepEqual(JSON.parse((await ask('/tools/labels')).text), ['to-read']);
  assert.equal((await ask(`${study}/labels/@`, { method: 'PUT' })).status, 400);
  assert.equal((await ask(`/studies/${unknown}/labels/to-read`, { method: 'PUT' })).status, 404);
  assert.equal((await ask(`${study}/labels/to-read`, { method: 'DELETE' })).status, 200);
});
