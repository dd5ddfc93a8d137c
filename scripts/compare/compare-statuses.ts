// Asks Pharos and a real Orthanc with the same files for every route of Orthanc, with sensible and with wrong arguments and bodies, and
// compares status, content type and Allow. Fails on any difference that known-status-differences.ts does not explain.
//
//   node scripts/compare/compare-statuses.ts [--orthanc COMMAND] [--only REGEX] [FOLDER]
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { orthancCommand, type ServerProcess, startServer } from '@pharos/testkit';
import { allRoutes } from '../../packages/server/src/rest/index.ts';
import { knownStatusDifferences } from './known-status-differences.ts';

const mostFiles = 30;

const { values, positionals } = parseArgs({
  options: { orthanc: { type: 'string' }, only: { type: 'string', default: '' } },
  allowPositionals: true,
});
const folder = positionals[0] ?? fileURLToPath(new URL('../../../shared/samples', import.meta.url));
const only = new RegExp(values.only);

const levels = ['patients', 'studies', 'series', 'instances'] as const;
const unknownIds = ['nope', '00000000-00000000-00000000-00000000-00000000', 'x%20y', '%C3%A9', '%FF', '%'];
const queries =
  '? ?expand ?expand=false ?expand=maybe ?simplify ?short ?full ?numeric ?whole ?limit=2 ?since=0&limit=2 ?since=0&limit=0 ?since=-1&limit=3 ?since=1&limit=-1 ?since=x&limit=1 ?since=0&limit=1&limit=2 ?requested-tags=PatientName ?requested-tags=Nope ?ignore-length=0010-0010 ?_method=x ?%zz=%'.split(
    ' ',
  );
const bodies = [
  '',
  '{',
  '[]',
  '{}',
  'null',
  '"x"',
  '12',
  '[1]',
  'nope',
  '{"Resources":1}',
  '{"Resources":[1]}',
  '{"a":1,}',
  "{'a':1}",
];
/** What would end the server, or change one of the two alone. */
const leftOut =
  /^\/tools\/(shutdown|reset|execute-script)|\/(anonymize|compress|uncompress|reconstruct)$|^\/instances$/;

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly allow: string;
}

async function answerOf(server: ServerProcess, { method, path, body }: Request): Promise<Answer> {
  const response = await fetch(server.url + path, { method, body, redirect: 'manual' });
  await response.arrayBuffer();
  const { status, headers } = response;
  // Orthanc 1.10.1 names no type for errors.
  const type = status === 200 ? (headers.get('content-type') ?? '') : '';
  return { status, type, allow: headers.get('allow') ?? '' };
}

const shown = ({ status, type, allow }: Answer): string => `${status} ${type} ${allow}`;

async function uploadTo(servers: readonly ServerProcess[]): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.dcm'));
  const step = Math.max(1, Math.floor(files.length / mostFiles));
  for (const [at, { parentPath, name }] of files.entries()) {
    if (at % step !== 0) continue;
    const body = await readFile(join(parentPath, name));
    for (const { url } of servers) await (await fetch(`${url}/instances`, { method: 'POST', body })).arrayBuffer();
  }
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

type Ids = Readonly<Record<string, readonly string[]>>;

/** Identifiers that both have. */
async function idsOf(servers: readonly ServerProcess[]): Promise<Ids> {
  const lists = levels.map(async (level): Promise<[string, readonly string[]]> => {
    const [ours = [], theirs = []] = await Promise.all(
      servers.map(async ({ url }) => textsIn(await (await fetch(`${url}/${level}`)).json())),
    );
    return [level, ours.filter((id) => theirs.includes(id)).sort()];
  });
  return Object.fromEntries(await Promise.all(lists));
}

/** `/studies/:id/metadata/:name` with values in the place of its parameters. */
function filled(route: string, id: string): string {
  return route
    .replace(':id', id)
    .replace(':name', route.includes('/attachments/') ? 'dicom' : 'LastUpdate')
    .replace(':frame', '0')
    .replace(/\*$/, '0010-0010')
    .replace(/:\w+/g, 'x');
}

function* requestsOf(method: string, route: string, ids: Ids): Iterable<Request> {
  const known = ids[route.split('/')[1] ?? ''];
  const path = filled(route, known?.[0] ?? 'x');
  if (method === 'POST') {
    for (const body of bodies) yield { method, path, body };
    return;
  }
  for (const id of known?.slice(0, 8) ?? []) yield { method, path: filled(route, id) };
  for (const query of queries) yield { method, path: path + query };
  if (known) for (const id of unknownIds) yield { method, path: filled(route, id) };
  for (const other of ['PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']) {
    const isServed = allRoutes.some((candidate) => candidate.path === route && candidate.method === other);
    if (!isServed) yield { method: other, path };
  }
  yield { method, path: `/${path}/` };
  yield { method, path: `${path}/nope` };
}

const command = values.orthanc?.split(' ') ?? orthancCommand();
if (!command) {
  console.error("No Orthanc found to compare with. Install Debian's package orthanc, or name one with --orthanc.");
  process.exit(2);
}
const [pharos, orthanc] = await Promise.all([startServer(), startServer({ command })]);
const explained = new Map<string, number>();
let compared = 0;
let unexplained = 0;
try {
  await uploadTo([pharos, orthanc]);
  const ids = await idsOf([pharos, orthanc]);
  const core = allRoutes.filter(({ method, path }) => (method === 'GET' || method === 'POST') && !leftOut.test(path));
  for (const { method, path } of core.filter((route) => only.test(route.path))) {
    for (const request of requestsOf(method, path, ids)) {
      const [ours, theirs] = await Promise.all([answerOf(pharos, request), answerOf(orthanc, request)]);
      compared++;
      if (ours.status === theirs.status && ours.type === theirs.type && ours.allow === theirs.allow) continue;
      const line = `${request.method} ${request.path} ${request.body ?? ''}`.trimEnd();
      const difference = `${shown(ours)} | ${shown(theirs)}`;
      const known = knownStatusDifferences.find((k) => k.request.test(line) && k.difference.test(difference));
      if (known) explained.set(known.reason, (explained.get(known.reason) ?? 0) + 1);
      else {
        unexplained++;
        console.log(`${line}\n    ${difference}`);
      }
    }
  }
} finally {
  await Promise.all([pharos.discard(), orthanc.discard()]);
}
for (const [reason, count] of explained) console.log(`explained, ${count} requests: ${reason}`);
console.log(`${compared} requests compared, ${unexplained} unexplained differences`);
process.exitCode = unexplained === 0 && compared > 0 ? 0 : 1;
