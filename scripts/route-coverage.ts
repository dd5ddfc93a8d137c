// `npm run routes`: which of Orthanc's routes are served, by group. The table of its routes is an argument.
import { readFileSync } from 'node:fs';
import { allRoutes } from '../packages/server/src/rest/index.ts';

const path = process.argv[2] ?? '../shared/reference/routes.tsv';

interface Known {
  readonly method: string;
  readonly path: string;
  readonly group: string;
}

/** `/instances/{id}/content/{path...}` and `/instances/:id/content/*` are the same. */
function normalised(route: string): string {
  return route
    .replace(/\{[^}]*\.\.\.\}|\[\/\.\.\.\]|\/\.\.\.$|\*$/g, '*')
    .replace(/\{[^}]+\}|:[A-Za-z]\w*/g, ':')
    .replace(/(.)\/$/, '$1');
}

function read(): readonly Known[] {
  const [, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [method = '', route = '', group = ''] = line.split('\t');
    return { method, path: route, group };
  });
}

const served = new Set(allRoutes.map(({ method, path: route }) => `${method} ${normalised(route)}`));
const known = read();
const groups = Map.groupBy(known, ({ group }) => group);
const isServed = ({ method, path: route }: Known) => served.has(`${method} ${normalised(route)}`);

let total = 0;
for (const [group, routes] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const missing = routes.filter((route) => !isServed(route));
  total += routes.length - missing.length;
  console.log(`${group.padEnd(26)} ${String(routes.length - missing.length).padStart(3)} of ${routes.length}`);
  if (missing.length < routes.length)
    for (const { method, path: route } of missing) console.log(`    missing ${method} ${route}`);
}
const core = known.filter(({ group }) => !group.startsWith('plugin-') && group !== 'dicomweb');
console.log(`all ${total} of ${known.length}; core ${core.filter(isServed).length} of ${core.length}`);
const ownNames = new Set(known.map((route) => `${route.method} ${normalised(route.path)}`));
const own = [...served].filter((route) => !ownNames.has(route));
console.log(`our own: ${own.join(', ') || 'none'}`);
