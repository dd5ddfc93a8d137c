// The user guide says what is true: its commands are run against this server, with the archive of DCMTK and with a real Orthanc as the
// remote, and their outputs compared with those that it shows.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { abilityOf } from '../../packages/codecs/src/index.ts';
import { transferSyntaxes } from '../../packages/dicom/src/index.ts';
import { loadConfiguration } from '../../packages/server/src/config/index.ts';
import { dcmtkMissing, freePort, orthancCommand, startDcmtk, startServer } from '../../packages/testkit/src/index.ts';
import { type Page, readPage } from './page.ts';
import { runPage } from './run-page.ts';
import { writeSamples } from './samples.ts';
import { outputDifference } from './shown-output.ts';

const modalities = readPage('modalities.md');
/** In the order of reading. */
const remotePages = [modalities, readPage('serving.md'), readPage('find.md'), readPage('query-retrieve.md')];

function curlMissing(): string | false {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'curl is not installed';
  }
}

const tools = curlMissing() || dcmtkMissing('echoscu', 'storescu', 'storescp', 'findscu', 'movescu', 'getscu');
const orthanc = orthancCommand();

function fileOf(page: Page, name: string): string {
  const content = page.files.get(name);
  assert.ok(content, `${page.name} has no ${name}`);
  return content;
}

/** A configuration of the guide without its ports, which are others in a test. */
function configurationOf(name: string): Readonly<Record<string, unknown>> {
  const { HttpPort, DicomPort, ...others } = JSON.parse(fileOf(modalities, name));
  assert.ok(HttpPort && DicomPort);
  return others;
}

interface Archive {
  readonly port: number;
  end(): Promise<void>;
}

type StartArchive = (folder: string, pharosPort: number) => Promise<Archive>;

const startDcmqrscp: StartArchive = async (folder, pharosPort) => {
  const [config, database] = [join(folder, 'dcmqrscp.cfg'), join(folder, 'database')];
  mkdirSync(database);
  const content = fileOf(modalities, 'dcmqrscp.cfg').replace('4242', String(pharosPort));
  writeFileSync(config, content.replace('ARCHIVE database', `ARCHIVE ${database}`));
  const archive = await startDcmtk('dcmqrscp', ['-c', config]);
  return { port: archive.port, end: async () => archive[Symbol.asyncDispose]() };
};

const startOrthanc: StartArchive = async (_folder, pharosPort) => {
  const DicomModalities = { pharos: ['PHAROS', 'localhost', pharosPort] };
  const configuration = { ...configurationOf('orthanc.json'), DicomModalities };
  const archive = await startServer({ command: orthanc, configuration });
  return { port: archive.dicomPort, end: () => archive.discard() };
};

/** A folder with the samples, for as long as `run` takes. */
async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-guide-'));
  try {
    writeSamples(join(folder, 'samples'));
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runRemotePages(folder: string, start: StartArchive): Promise<void> {
  const pharos = await startServer({ configuration: configurationOf('pharos.json') });
  try {
    const archive = await start(folder, pharos.dicomPort);
    try {
      const modality = { AET: 'ARCHIVE', Host: 'localhost', Port: archive.port };
      await fetch(`${pharos.url}/modalities/archive`, { method: 'PUT', body: JSON.stringify(modality) });
      const [DICOM_PORT, ARCHIVE_PORT] = [String(pharos.dicomPort), String(archive.port)];
      const shelf = await freePort();
      const variables = { PHAROS: pharos.url, DICOM_PORT, ARCHIVE_PORT, SHELF_PORT: String(shelf) };
      for (const page of remotePages) await runPage(page, { folder, variables });
    } finally {
      await archive.end();
    }
  } finally {
    await pharos.discard();
  }
}

/** A server of its own for a page, with the options that the page gives for its examples. */
async function runOwnPage(name: string, optionsFile?: string): Promise<void> {
  const page = readPage(name);
  const configuration = optionsFile === undefined ? {} : JSON.parse(fileOf(page, optionsFile));
  await inFolder(async (folder) => {
    const pharos = await startServer({ configuration });
    try {
      await runPage(page, { folder, variables: { PHAROS: pharos.url } });
    } finally {
      await pharos.discard();
    }
  });
}

test('pictures and arrays', { skip: curlMissing() }, async () => {
  const page = readPage('images.md');
  const compressing = await startServer({ configuration: JSON.parse(fileOf(page, 'compressing.json')) });
  const pharos = await startServer();
  try {
    const variables = { PHAROS: pharos.url, COMPRESSING: compressing.url };
    await inFolder((folder) => runPage(page, { folder, variables }));
  } finally {
    await pharos.discard();
    await compressing.discard();
  }
});

test('changing and de-identifying', { skip: curlMissing() }, () => runOwnPage('change.md', 'overwriting.json'));

test('a network drive', { skip: curlMissing() }, () => runOwnPage('webdav.md'));

test('archives', { skip: curlMissing() }, () => runOwnPage('archives.md'));

test('scripts', { skip: curlMissing() }, async () => {
  const page = readPage('lua.md');
  const { DicomPort, HttpPort, StorageDirectory, IndexDirectory, ...others } = JSON.parse(fileOf(page, 'archive.json'));
  assert.ok(DicomPort && HttpPort && StorageDirectory && IndexDirectory);
  const archive = await startServer({ configuration: others });
  const pharos = await startServer({
    configuration: {
      ...JSON.parse(fileOf(page, 'scripting.json')),
      DicomModalities: { archive: ['ARCHIVE', 'localhost', archive.dicomPort] },
    },
  });
  try {
    await inFolder((folder) => runPage(page, { folder, variables: { PHAROS: pharos.url, ARCHIVE: archive.url } }));
  } finally {
    await pharos.discard();
    await archive.discard();
  }
});

test('the table of transfer syntaxes is that of the codecs', () => {
  const row = /^\|[^|]*\|([^|]*`\.[^|]*)\| *(yes|no) *\| *(yes|no) *\|$/gm;
  const told = [...readPage('images.md').source.matchAll(row)].flatMap(([, ends = '', decodes, encodes]) =>
    [...ends.matchAll(/`(\.[\d.]+)`/g)].map(([, end = '']) => `1.2.840.10008.1.2${end} ${decodes} ${encodes}`),
  );
  const known = transferSyntaxes.flatMap(({ uid }) => {
    const { decodes, encodes } = abilityOf(uid);
    return decodes ? [`${uid} yes ${encodes ? 'yes' : 'no'}`] : [];
  });
  assert.deepEqual(told.sort(), known.sort());
});

test('getting started', { skip: tools }, () =>
  inFolder(async (folder) => {
    const pharos = await startServer();
    try {
      const variables = { PHAROS: pharos.url, DICOM_PORT: String(pharos.dicomPort) };
      await runPage(readPage('getting-started.md'), { folder, variables });
    } finally {
      await pharos.discard();
    }
  }),
);

test(
  'modalities, serving, find, query and retrieve with dcmqrscp as the remote',
  { skip: tools || dcmtkMissing('dcmqrscp') },
  () => inFolder((folder) => runRemotePages(folder, startDcmqrscp)),
);

test('the same with Orthanc as the remote', { skip: tools || (orthanc ? false : 'Orthanc is not installed') }, () =>
  inFolder((folder) => runRemotePages(folder, startOrthanc)),
);

test('the configurations of the guide have no mistakes', () =>
  inFolder(async (folder) => {
    const pages = [
      [modalities, 'pharos.json'],
      [readPage('images.md'), 'compressing.json'],
      [readPage('change.md'), 'overwriting.json'],
      [readPage('lua.md'), 'archive.json'],
    ] as const;
    for (const [page, name] of pages) {
      const file = join(folder, name);
      writeFileSync(file, fileOf(page, name));
      assert.deepEqual(loadConfiguration({ paths: [file], environment: {} }).warnings, [], name);
    }
  }));

test('what a page shows is compared in its essence, and no less', () => {
  const json = (shown: unknown, actual: unknown) =>
    outputDifference('json', JSON.stringify(shown), JSON.stringify(actual));
  assert.equal(json({ a: '…' }, { a: 'x', b: 1 }), undefined);
  assert.equal(json([{ a: 2 }, { a: 1 }], [{ a: 1, b: 1 }, { a: 2 }]), undefined);
  assert.match(json({ a: 1 }, { a: 2 }) ?? '', /^\/a: 2 instead of 1/);
  assert.match(json([{ a: 1 }, { a: 1 }], [{ a: 1 }, { a: 2 }]) ?? '', /no \{"a":1\}/);
  assert.match(json(['…'], []) ?? '', /instead of/);
  assert.equal(json({ a: '…' }, {}), '/a: nothing');
  assert.equal(outputDifference('text', 'a…c\n', 'abc'), undefined);
  assert.match(outputDifference('text', '400', '500') ?? '', /instead of/);
});
