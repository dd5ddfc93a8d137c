// /system, /tools, /modalities, /peers, /plugins and the web page, asked of a whole server.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { syntheticInstance } from '@pharos/testkit';
import { createLog, createMetrics, createServer, loadConfiguration, type PharosServer } from '../app/index.ts';
import { pharosVersion } from './version.ts';

const folder = mkdtempSync(join(tmpdir(), 'pharos-tools-'));
let server: PharosServer;

before(async () => {
  const values = {
    StorageDirectory: folder,
    HttpPort: 0,
    DicomPort: 0,
    DicomModalities: { scanner: ['SCANNER', '127.0.0.1', 1] },
    OrthancPeers: { other: ['http://other', 'u', 'p'] },
    UserMetadata: { mine: 4000 },
  };
  const { settings } = loadConfiguration({ values });
  const log = createLog({ level: 'default', readable: false, stream: { write: () => undefined } });
  server = await createServer(settings, { log, metrics: createMetrics(true) });
});

after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function ask(method: string, path: string, body?: string | Buffer<ArrayBuffer>) {
  const answer = await fetch(`http://127.0.0.1:${server.httpPort}${path}`, { method, body, redirect: 'manual' });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

const get = async (path: string) => (await ask('GET', path)).text;
const getJson = async (path: string) => JSON.parse(await get(path));

test('/system says what clients of Orthanc 1.13 look for, and our own version', async () => {
  const system = await getJson('/system');
  assert.deepEqual([system.Version, system.ApiVersion, system.DatabaseVersion], ['1.13.0', 31, 6]);
  assert.equal(system.PharosVersion, pharosVersion);
  assert.equal(system.Capabilities.HasExtendedFind, true);
  assert.deepEqual(system.UserMetadata, { mine: 4000 });
  assert.equal(system.IsHttpServerSecure, true);
  assert.match(system.MainDicomTags.Patient, /^0010,0010;0010,0020/);
});

test('our version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(pharosVersion, version);
});

test('the tools are listed, and tell the time', async () => {
  assert.ok((await getJson('/tools')).includes('generate-uid'));
  assert.match(await get('/tools/now'), /^\d{8}T\d{6}$/);
  assert.match(await get('/tools/now-local'), /^\d{8}T\d{6}$/);
});

test('new identifiers are UIDs, but for patients', async () => {
  assert.match(await get('/tools/generate-uid?level=series'), /^2\.25\.\d+$/);
  assert.match(await get('/tools/generate-uid?level=patient'), /^[0-9a-f-]{36}$/);
  assert.equal((await ask('GET', '/tools/generate-uid')).status, 404);
});

test('the default encoding can be changed to a known one', async () => {
  assert.equal((await ask('PUT', '/tools/default-encoding', 'Windows1251\n')).text, 'Windows1251');
  assert.equal(await get('/tools/default-encoding'), 'Windows1251');
  assert.equal((await ask('PUT', '/tools/default-encoding', 'UTF8')).text, 'Utf8');
  assert.equal((await ask('PUT', '/tools/default-encoding', 'Nope')).status, 400);
});

test('accepted transfer syntaxes are changed by an array, a JSON text or a plain pattern', async () => {
  const put = async (body: string) =>
    JSON.parse((await ask('PUT', '/tools/accepted-transfer-syntaxes', body)).text).length;
  assert.equal(await put('["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"]'), 2);
  assert.equal(await put('"1.2.840.10008.1.2"'), 1);
  assert.ok((await put('*')) > 30);
  for (const body of ['[1]', 'null', '1', 'true', '{}', '[']) {
    assert.equal((await ask('PUT', '/tools/accepted-transfer-syntaxes', body)).status, 400, body);
  }
  assert.ok((await getJson('/tools/accepted-transfer-syntaxes')).length > 30);
});

test('Boolean bodies are 0, 1, true or false', async () => {
  assert.equal((await ask('PUT', '/tools/unknown-sop-class-accepted', ' true ')).status, 200);
  assert.equal(await get('/tools/unknown-sop-class-accepted'), '1');
  assert.equal((await ask('PUT', '/tools/unknown-sop-class-accepted', 'yes')).status, 400);
});

test('log levels are set for all or for one category', async () => {
  await ask('PUT', '/tools/log-level', 'verbose');
  await ask('PUT', '/tools/log-level-http', 'default');
  assert.deepEqual([await get('/tools/log-level-dicom'), await get('/tools/log-level-http')], ['verbose', 'default']);
  assert.equal((await ask('PUT', '/tools/log-level', 'loud')).status, 400);
});

test('figures are shown for Prometheus under the names of Orthanc', async () => {
  assert.equal(await get('/tools/metrics'), '1');
  const file = Buffer.from(syntheticInstance({ kind: 'header', patient: 1, study: 0, series: 0, instance: 0 }));
  const { ID } = JSON.parse((await ask('POST', '/instances', file)).text);
  await get(`/instances/${ID}/tags`);
  const { text, headers } = await ask('GET', '/tools/metrics-prometheus');
  assert.equal(headers.get('content-type'), 'text/plain; version=0.0.4');
  const names = ['count_instances', 'disk_size_mb', 'jobs_pending', 'up_time_s'];
  const durations = ['storage_create_duration_ms', 'storage_read_duration_ms'];
  const caches = ['storage_cache_count', 'dicom_parser_cache_size_mb', 'transcoder_cache_count'];
  for (const name of [...names, ...durations, ...caches]) {
    assert.match(text, new RegExp(`^orthanc_${name} [\\d.]+ \\d+$`, 'm'));
  }
  const [, threads] = /^orthanc_available_http_threads_count (\d+) /m.exec(text) ?? [];
  assert.equal(threads, '49', 'all but the one that asks');
});

test('scripts are forbidden unless the configuration allows them', async () => {
  const { status, text } = await ask('POST', '/tools/execute-script', 'print(1)');
  assert.deepEqual([status, text], [403, '']);
});

test('modalities are listed, registered, changed and forgotten', async () => {
  assert.deepEqual(await getJson('/modalities'), ['scanner']);
  assert.deepEqual(await getJson('/modalities?expand=false'), ['scanner']);
  assert.equal((await getJson('/modalities?expand')).scanner.AET, 'SCANNER');
  assert.ok((await getJson('/modalities/scanner')).includes('echo'));
  assert.equal((await ask('PUT', '/modalities/new', '["NEW", "host", 104]')).status, 200);
  assert.deepEqual(await getJson('/modalities/new/configuration'), (await getJson('/modalities?expand')).new);
  assert.equal((await ask('DELETE', '/modalities/new')).status, 200);
  const statuses = [
    await ask('DELETE', '/modalities/new'),
    await ask('GET', '/modalities/new'),
    await ask('PUT', '/modalities/a%20b', '["A","h",1]'),
  ];
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [404, 404, 400],
  );
});

test('bodies that are no JSON object are bad requests, wrong members of bulk operations a bad format', async () => {
  const status = async (path: string, body: string) => JSON.parse((await ask('POST', path, body)).text).OrthancStatus;
  for (const path of ['/tools/find', '/tools/count-resources', '/tools/bulk-content', '/tools/bulk-delete']) {
    for (const body of ['', '{', '[]', '"x"']) assert.equal(await status(path, body), 8, `${path} ${body}`);
  }
  for (const body of ['{}', '{"Resources": 1}', '{"Resources": [1]}', '{"Resources": [{"ID": "x"}]}']) {
    assert.equal(await status('/tools/bulk-delete', body), 15, body);
  }
  assert.equal(await status('/tools/bulk-content', '{}'), 15);
});

test('a request about many resources lets others have their turns', async () => {
  const Resources = Array.from({ length: 20_000 }, (_, at) =>
    at
      .toString(16)
      .padStart(40, '0')
      .replace(/(.{8})(?=.)/g, '$1-'),
  );
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const { text } = await ask('POST', '/tools/bulk-content', JSON.stringify({ Resources }));
  isOver = true;
  assert.equal(text, '[]');
  assert.ok(turns > 500, `${turns} turns`);
});

test('C-ECHO to a modality that is not there is a network error, to an unknown one 404', async () => {
  const { status, text } = await ask('POST', '/modalities/scanner/echo');
  assert.deepEqual([status, JSON.parse(text).OrthancStatus], [500, 9]);
  assert.equal((await ask('POST', '/modalities/nobody/echo', '{}')).status, 404);
  assert.equal((await ask('POST', '/modalities/scanner/echo', '{')).status, 400);
});

test('C-ECHO to a described modality needs no more than its title, host and port', async () => {
  for (const body of ['{"AET": "A", "Host": "127.0.0.1", "Port": 1}', '["A", "127.0.0.1", 1]']) {
    const { status, text } = await ask('POST', '/tools/dicom-echo', body);
    assert.deepEqual([status, JSON.parse(text).OrthancStatus], [500, 9], body);
  }
  assert.equal((await ask('POST', '/tools/dicom-echo', '{"AET": "A"}')).status, 400);
  assert.equal((await ask('POST', '/modalities/scanner/echo', '{"Timeout": -1}')).status, 400);
});

test('CheckFind also asks whether the modality can be searched', async () => {
  const modality = { AET: 'ORTHANC', Host: '127.0.0.1', Port: server.dicomPort };
  assert.equal((await ask('POST', '/tools/dicom-echo', JSON.stringify(modality))).status, 200);
  const { status, text } = await ask('POST', '/tools/dicom-echo', JSON.stringify({ ...modality, CheckFind: true }));
  // Strangers may not search here.
  assert.equal(status, 500);
  assert.match(text, /C-FIND to AET/);
});

test('peers show no secrets', async () => {
  const configuration = await getJson('/peers/other/configuration');
  assert.deepEqual([configuration.Url, configuration.Password], ['http://other/', null]);
  assert.doesNotMatch(await get('/peers?expand'), /"p"/);
  assert.equal((await ask('GET', '/peers/nobody')).status, 404);
  assert.equal((await getJson('/peers/nobody/configuration')).OrthancStatus, 17);
});

test('there are no plug-ins, but the list of them', async () => {
  assert.deepEqual(await getJson('/plugins'), ['explorer.js']);
  assert.equal((await ask('GET', '/plugins/explorer.js')).headers.get('content-type'), 'application/javascript');
  assert.equal((await ask('GET', '/plugins/dicom-web')).status, 404);
});

test('a browser is led to the web page', async () => {
  const { status, headers } = await ask('GET', '/');
  assert.deepEqual([status, headers.get('location')], [307, 'app/explorer.html']);
  assert.match(await get('/app/explorer.html'), /<title>Pharos<\/title>/);
  assert.equal((await ask('GET', '/app/images/favicon.ico')).headers.get('content-type'), 'image/svg+xml');
  assert.equal((await ask('GET', '/app/../main.ts')).status, 404);
});

test('OpenAPI describes every route', async () => {
  const { openapi, paths } = await getJson('/openapi.json');
  assert.equal(openapi, '3.1.0');
  assert.deepEqual(Object.keys(paths['/modalities/{id}']), ['delete', 'get', 'put']);
  assert.equal(paths['/modalities/{id}'].get.parameters[0].name, 'id');
  assert.deepEqual(paths['/system'].get.responses['200'].content['application/json'].schema.type, 'object');
});

test('OpenAPI tells what resources and changes look like, and which arguments are mere flags', async () => {
  const { paths } = await getJson('/openapi.json');
  const replyOf = (path: string) => paths[path].get.responses['200'].content['application/json'].schema;
  assert.ok('MainDicomTags' in replyOf('/studies/{id}').properties);
  assert.ok('ChangeType' in replyOf('/changes').properties.Changes.items.properties);
  const flags = paths['/changes'].get.parameters.filter((parameter: object) => 'allowEmptyValue' in parameter);
  assert.deepEqual(
    flags.map(({ name }: { name: string }) => name),
    ['last'],
  );
});

test('the conformance statement names what is accepted', async () => {
  const statement = await get('/tools/dicom-conformance');
  assert.match(statement, /CTImageStorage +\| 1\.2\.840\.10008\.5\.1\.4\.1\.1\.2\n/);
  assert.match(statement, /\nQuery \(C-FIND\) as SCP\n/);
  assert.match(statement, / Study Root [^|]* - FIND +\| 1\.2\.840\.10008\.5\.1\.4\.1\.2\.2\.1\n/);
  assert.match(statement, /JPEGLosslessSV1 +\| 1\.2\.840\.10008\.1\.2\.4\.70\n/);
});
