// WebDAV as a file explorer uses it: it walks the tree by what folders tell of themselves, reads files, uploads and deletes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Tag } from '@pharos/dicom';
import { type ServerProcess, startServer, syntheticInstance } from '@pharos/testkit';

let server: ServerProcess;

const instanceOf = (
  patient: number,
  series: number,
  elements: Parameters<typeof syntheticInstance>[0]['elements'] = [],
) => Buffer.from(syntheticInstance({ kind: 'header', patient, study: 1, series, instance: 1, elements }));

const plain = instanceOf(1, 1);
const files = [
  plain,
  // Of the same title as the first.
  instanceOf(1, 2, [{ tag: Tag.SeriesDescription, value: 'Series 1' }]),
  // Names that no file system takes, and that XML and URLs must escape.
  instanceOf(2, 1, [
    { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 192' },
    { tag: Tag.PatientID, value: 'a/b - <c>&"d"' },
    { tag: Tag.PatientName, value: '../Élan^%2F' },
    { tag: Tag.StudyDescription, value: '' },
  ]),
  // Without a date, so not among the dates.
  instanceOf(3, 1, [{ tag: Tag.StudyDate, value: '' }]),
];

async function ask(verb: string, path: string, options: { headers?: Record<string, string>; body?: Buffer } = {}) {
  const response = await fetch(server.url + path, { method: verb, ...options });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

interface Found {
  readonly href: string;
  readonly isFolder: boolean;
  readonly length: number | undefined;
}

function foundIn(document: string): readonly Found[] {
  return [...document.matchAll(/<D:response>(.*?)<\/D:response>/gs)].map(([, response = '']) => {
    const length = /<D:getcontentlength>(\d+)</.exec(response)?.[1];
    return {
      href: /<D:href>([^<]*)</.exec(response)?.[1] ?? '',
      isFolder: response.includes('<D:collection/>'),
      length: length === undefined ? undefined : Number(length),
    };
  });
}

async function list(href: string): Promise<readonly Found[]> {
  const { status, body } = await ask('PROPFIND', href, { headers: { Depth: '1' } });
  assert.equal(status, 207, href);
  const [self, ...children] = foundIn(body.toString('utf8'));
  assert.equal(self?.href.replace(/\/$/, ''), href.replace(/\/$/, ''));
  return children;
}

/** All files below a folder. */
async function walk(href: string): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const child of await list(href)) found.push(...(child.isFolder ? await walk(child.href) : [child]));
  return found;
}

const count = async (): Promise<number> => JSON.parse((await ask('GET', '/instances')).body.toString()).length;

async function upload(bytes: Buffer): Promise<void> {
  assert.equal((await ask('POST', '/instances', { body: bytes })).status, 200);
}

before(async () => {
  server = await startServer({ configuration: { WebDavDeleteAllowed: true } });
});
after(() => server.discard());

test('every image is found by patient, study, date and UID, and is the file that was stored', async () => {
  for (const file of files) await upload(file);
  const expected = { 'by-patients': files, 'by-studies': files, 'by-uids': files, 'by-dates': files.slice(0, 3) };
  for (const [folder, stored] of Object.entries(expected)) {
    const found = (await walk(`/webdav/${folder}`)).filter(({ href }) => href.endsWith('.dcm'));
    const contents = await Promise.all(found.map(async ({ href }) => (await ask('GET', href)).body.toString('hex')));
    assert.deepEqual(contents.sort(), stored.map((file) => file.toString('hex')).sort(), folder);
    for (const { href, length } of found) {
      const { status, headers } = await ask('HEAD', href);
      assert.deepEqual([status, Number(headers.get('content-length'))], [200, length], href);
    }
  }
});

test('names tell patient, study and series', async () => {
  const folder = '/webdav/by-patients/PAT0000001%20-%20DUPONT%5EANNA/20110215%20-%20Synthetic%20OT';
  const names = (await list(folder)).map(({ href }) => decodeURIComponent(href.slice(folder.length + 1)));
  assert.equal(names[0], 'OT - Series 1');
  assert.match(names[1] ?? '', /^OT - Series 1 \([0-9a-f]{8}\)$/);
  assert.deepEqual(
    (await list('/webdav/by-dates')).map(({ href }) => href),
    ['/webdav/by-dates/2011', '/webdav/by-dates/2012'],
  );
  assert.deepEqual(
    (await list('/webdav/by-dates/2011')).map(({ href }) => href),
    ['/webdav/by-dates/2011/2011-02'],
  );
});

test('a study and a series by UID say of themselves what the REST API says', async () => {
  const found = (await walk('/webdav/by-uids')).filter(({ href }) => href.endsWith('/study.json'));
  assert.equal(found.length, 3);
  for (const { href, length } of found) {
    const { body, headers } = await ask('GET', href);
    assert.equal(body.length, length);
    assert.equal(headers.get('content-type'), 'application/json');
    const study = JSON.parse(body.toString('utf8'));
    assert.deepEqual(study, JSON.parse((await ask('GET', `/studies/${study.ID}`)).body.toString('utf8')));
  }
});

test('what is not there is 404, a depth other than 0 and 1 an error', async () => {
  const headers = { Depth: '1' };
  for (const path of [
    '/webdav/nothing',
    '/webdav/by-uids/1.2.3',
    '/webdav/by-patients/PAT9%20-%20X',
    '/webdav/by-dates/20',
  ])
    assert.equal((await ask('PROPFIND', path, { headers })).status, 404, path);
  assert.equal((await ask('GET', '/webdav/by-uids')).status, 404);
  assert.equal((await ask('PROPFIND', '/webdav')).status, 500);
  assert.equal((await ask('PROPFIND', '/webdav', { headers: { Depth: 'infinity' } })).status, 500);
  assert.equal((await ask('PROPFIND', '/studies', { headers })).status, 404);
});

test('what is put into uploads is stored, whatever folder it is put in; what is no image is passed over', async () => {
  const before = await count();
  assert.equal((await ask('PUT', '/webdav/uploads/a/new.dcm', { body: instanceOf(9, 1) })).status, 403);
  assert.equal((await ask('MKCOL', '/webdav/uploads/a')).status, 201);
  assert.equal((await ask('MKCOL', '/webdav/uploads/x/y')).status, 403);
  assert.equal((await ask('MKCOL', '/webdav/uploads/%01')).status, 403);
  assert.equal((await ask('PUT', '/webdav/uploads/a/new.dcm', { body: instanceOf(9, 1) })).status, 201);
  assert.equal(await count(), before + 1);
  assert.equal((await ask('PUT', '/webdav/uploads/Thumbs.db', { body: Buffer.from('no image') })).status, 201);
  assert.equal((await ask('PUT', '/webdav/uploads/empty.dcm', { body: Buffer.alloc(0) })).status, 201);
  assert.equal((await ask('PUT', '/webdav/by-uids/new.dcm', { body: instanceOf(9, 2) })).status, 403);
  assert.equal(await count(), before + 1);
  assert.deepEqual(await list('/webdav/uploads'), [{ href: '/webdav/uploads/a', isFolder: true, length: undefined }]);
  const [stored] = JSON.parse(
    (
      await ask('POST', '/tools/find', { body: Buffer.from('{"Level":"Instance","Query":{"PatientID":"PAT0000009"}}') })
    ).body.toString(),
  );
  assert.equal((await ask('GET', `/instances/${stored}/metadata/Origin`)).body.toString(), 'WebDav');
});

test('locks and properties are granted to whoever asks', async () => {
  const lock = await ask('LOCK', '/webdav/uploads/new.dcm');
  assert.equal(lock.status, 201);
  const token = lock.headers.get('lock-token')?.replace(/[<>]/g, '') ?? 'none';
  assert.ok(lock.body.includes(token));
  assert.equal((await ask('UNLOCK', '/webdav/uploads/new.dcm')).status, 204);
  assert.equal((await ask('PROPPATCH', '/webdav/uploads/new.dcm')).status, 207);
  assert.equal((await ask('OPTIONS', '/webdav')).headers.get('dav'), '1,2');
});

test('deleting a folder deletes what it shows; one that is gone already is no error', async () => {
  const before = await count();
  assert.equal((await ask('DELETE', '/webdav/by-uids')).status, 403);
  assert.equal((await ask('DELETE', '/webdav/by-dates/1999')).status, 204);
  assert.equal(await count(), before);
  assert.equal((await ask('DELETE', '/webdav/by-dates/2011/2011-02')).status, 204);
  assert.equal(await count(), before - 2);
  assert.equal((await ask('DELETE', '/webdav/by-patients/PAT0000001%20-%20DUPONT%5EANNA')).status, 204);
  for (const { href } of await list('/webdav/by-patients')) assert.equal((await ask('DELETE', href)).status, 204);
  assert.equal(await count(), 0);
});

test('deleting is forbidden unless it is allowed; uploads and all of WebDAV can be switched off', async () => {
  const careful = await startServer();
  const closed = await startServer({ configuration: { WebDavUploadAllowed: false } });
  const off = await startServer({ configuration: { WebDavEnabled: false } });
  try {
    const status = async (url: string, method: string, path: string, body?: Uint8Array<ArrayBuffer>) =>
      (await fetch(url + path, { method, body: body ?? null, headers: { Depth: '0' } })).status;
    assert.equal(await status(careful.url, 'PUT', '/webdav/uploads/a.dcm', Uint8Array.from(plain)), 201);
    assert.equal(await status(careful.url, 'DELETE', '/webdav/by-patients/PAT0000001%20-%20DUPONT%5EANNA'), 403);
    assert.equal(await status(closed.url, 'PUT', '/webdav/uploads/a.dcm', Uint8Array.from(plain)), 403);
    assert.equal(await status(closed.url, 'PROPFIND', '/webdav/uploads'), 404);
    assert.equal(await status(off.url, 'PROPFIND', '/webdav'), 404);
    assert.equal(await status(off.url, 'GET', '/webdav'), 404);
  } finally {
    await Promise.all([careful.discard(), closed.discard(), off.discard()]);
  }
});
