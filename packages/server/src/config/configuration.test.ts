// What files, environment and values become, and what is said about mistakes in them.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadConfiguration } from './configuration.ts';
import { defaultFile } from './default-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'pharos-config-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: string, name = `${++files}.json`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const load = (content: string, environment = {}) => loadConfiguration({ paths: [file(content)], environment });

test("without any file the defaults are Orthanc's, but for the folder", () => {
  const { settings, warnings } = loadConfiguration();
  assert.deepEqual([settings.HttpPort, settings.DicomPort, settings.DicomAet], [8042, 4242, 'ORTHANC']);
  assert.deepEqual([settings.RemoteAccessAllowed, settings.AuthenticationEnabled], [false, false]);
  assert.equal(settings.StorageDirectory, join(process.cwd(), 'PharosStorage'));
  assert.equal(settings.IndexDirectory, settings.StorageDirectory);
  assert.deepEqual(warnings, []);
  assert.ok(Object.isFrozen(settings));
});

test('files may have comments of both kinds', () => {
  assert.equal(load('{ /* a */ "Name": "x//y" // b\n}').settings.Name, 'x//y');
});

test('relative folders count from the folder of the first file', () => {
  assert.equal(load('{"StorageDirectory": "db"}').settings.StorageDirectory, join(folder, 'db'));
});

test('variables of the environment are put in, or their defaults', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the syntax of variables in configuration files
  const content = '{"Name": "${NAME}", "DicomAet": "${AET:-MINE}", "HttpPort": ${PORT:-"81"}, "DicomPort": 1}';
  const { settings } = load(content, { NAME: 'A' });
  assert.deepEqual([settings.Name, settings.DicomAet, settings.HttpPort], ['A', 'MINE', 81]);
});

test('variables ORTHANC__ override files, whole sections and single members', () => {
  const { settings } = load('{"Name": "file", "UserMetadata": {"a": 1024}}', {
    ORTHANC__NAME: '12',
    ORTHANC__STORE_MD5_FOR_ATTACHMENTS: 'false',
    ORTHANC__REGISTERED_USERS: '{"a": "b"}',
    ORTHANC__JOBS_ENGINE_THREADS_COUNT__RESOURCE_MODIFICATION: '3',
    ORTHANC_JSON: '{"DicomAet": "JSON"}',
  });
  assert.deepEqual([settings.Name, settings.DicomAet, settings.StoreMD5ForAttachments], ['12', 'JSON', false]);
  assert.deepEqual(settings.RegisteredUsers, { a: 'b' });
  assert.deepEqual(settings.JobsEngineThreadsCount, { ResourceModification: 3 });
  assert.deepEqual(settings.UserMetadata, { a: 1024 });
});

test('several files and folders are merged', () => {
  mkdirSync(join(folder, 'more'), { recursive: true });
  file('{"DicomAet": "B"}', 'more/b.json');
  file('{"DicomPort": 3}', 'more/c.JSON');
  file('not read', 'more/d.txt');
  const { settings } = loadConfiguration({ paths: [file('{"Name": "A"}'), join(folder, 'more')] });
  assert.deepEqual([settings.Name, settings.DicomAet, settings.DicomPort], ['A', 'B', 3]);
});

test('an option in two files is refused, with the names of both', () => {
  const paths = [file('{"Name": "A"}'), file('{"Name": "B"}')];
  assert.throws(() => loadConfiguration({ paths }), { message: new RegExp(`Name is set in two files, .*${paths[1]}`) });
});

test('a broken file is refused with its position', () => {
  assert.throws(() => load('{"Name": "A",\n "HttpPort" 3}'), /line 2, column 13: colon expected/);
  assert.throws(() => loadConfiguration({ paths: [join(folder, 'absent.json')] }), /Cannot read .*absent\.json/);
  assert.throws(() => load('[]'), /must hold a JSON object/);
});

test('an unknown option is told with the one that is probably meant', () => {
  const { warnings } = load('{"HtpPort": 1, "StorageDirectry": "x", "Xyzzy": 1, "DicomWeb": {}, "Worklists": {}}');
  assert.deepEqual(warnings, [
    'Unknown option HtpPort is ignored; did you mean HttpPort?',
    'Unknown option StorageDirectry is ignored; did you mean StorageDirectory?',
    'Unknown option Xyzzy is ignored',
  ]);
});

test('an option that has no effect yet is told where it is set to anything but its default', () => {
  const { warnings } = load('{"Locale": "fr_BE", "HttpTimeout": 60, "MallocArenaMax": 3}');
  assert.deepEqual(warnings, ['Options that have no effect in this version: Locale, MallocArenaMax']);
});

test('values of the wrong type are refused with their path', () => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['{"HttpPort": "x"}', /^HttpPort must be a whole number from 0 to 65535, but is "x"/],
    ['{"StorageCompression": 1}', /^StorageCompression must be true or false/],
    ['{"UserMetadata": {"a": 3}}', /^UserMetadata\.a must be/],
    ['{"MaximumStorageMode": "Drop"}', /^MaximumStorageMode must be "Recycle" or "Reject"/],
    ['{"Warnings": {"W999": true}}', /^Warnings\.W999/],
    ['{"ExtraMainDicomTags": {"Image": []}}', /^ExtraMainDicomTags\.Image is no level/],
    ['{"DicomAet": "A\\\\B"}', /^DicomAet/],
    ['{"HttpPort": 5, "DicomPort": 5}', /both 5/],
    ['{"UserContentType": {"a": 1024, "b": [1024, "x/y"]}}', /two names/],
    ['{"UserContentType": {"a": [1024, "x/y\\r\\nSet-Cookie: z"]}}', /^UserContentType/],
    ['{"UserMetadata": {"LastUpdate": 1024}}', /^UserMetadata\.LastUpdate is a name of the server/],
    ['{"UserContentType": {"dicom": 1024}}', /^UserContentType\.dicom is a name of the server/],
  ];
  for (const [content, message] of refusals) assert.throws(() => load(content), { message }, content);
});

test('a secret in the wrong place is not repeated in the message', () => {
  for (const content of [
    '{"RegisteredUsers": "alice:hidden"}',
    '{"RegisteredUsers": ["alice", "hidden"]}',
    '{"RegisteredUsers": {"alice": ["hidden"]}}',
    '{"RegisteredUsers": {"alice": 4711}}',
    '{"OrthancPeers": ["http://peer", "alice", "hidden"]}',
    '{"HttpProxy": {"proxy": "alice:hidden@proxy"}}',
    '{"HttpProxy": ["alice:hidden@proxy"]}',
    '{"Pkcs11": "hidden"}',
    '{"HttpPort": {"Password": "hidden"}}',
  ]) {
    assert.throws(
      () => load(content),
      ({ message }: Error) => {
        assert.match(
          message,
          /^(RegisteredUsers|OrthancPeers|HttpProxy|Pkcs11|HttpPort)(\.alice)? must be .* but is a/,
        );
        assert.doesNotMatch(message, /hidden|4711/);
        return true;
      },
      content,
    );
  }
});

test('the case of an encoding does not count', () => {
  assert.equal(load('{"DefaultEncoding": "UTF8"}').settings.DefaultEncoding, 'Utf8');
});

test('OverwriteInstances may be a Boolean, as in older configurations', () => {
  assert.equal(load('{"OverwriteInstances": true}').settings.OverwriteInstances, 'Always');
  assert.equal(load('{"OverwriteInstances": false}').settings.OverwriteInstances, 'Never');
});

test('remote access without users is refused, with an empty list of users it is only told', () => {
  assert.throws(() => load('{"RemoteAccessAllowed": true}'), /RegisteredUsers/);
  assert.match(load('{"RemoteAccessAllowed": true, "RegisteredUsers": {}}').warnings.join(), /Nobody can log in/);
  assert.match(load('{"RemoteAccessAllowed": true, "AuthenticationEnabled": false}').warnings.join(), /Everybody/);
  assert.match(
    load('{"RemoteAccessAllowed": true, "RegisteredUsers": {"orthanc": "orthanc"}}').warnings.join(),
    /published/,
  );
});

test('combinations that cannot work are refused', () => {
  assert.throws(() => load('{"CheckRevisions": true, "StoreMD5ForAttachments": false}'), /StoreMD5ForAttachments/);
  assert.throws(() => load('{"PatientLevelEnabled": false, "MaximumPatientCount": 3}'), /PatientLevelEnabled/);
});

test('the printed default file means the defaults', () => {
  const { settings, warnings } = load(defaultFile());
  const { StorageDirectory, IndexDirectory, SslCertificate, SslTrustedClientCertificates, ...others } = settings;
  const { settings: defaults } = loadConfiguration();
  assert.deepEqual(warnings, []);
  assert.equal(JSON.stringify({ ...defaults, ...others }), JSON.stringify(defaults));
  assert.equal(StorageDirectory, join(folder, 'PharosStorage'));
});
