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
    .replace(/\[\/\.\.\.\]|\/\.\.\.$/, '/*')
    .replace(/\{[^}]*\.\.\.\}$/, '*')
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
/** By a route of its own, or by one that takes all that is below a path. */
function isServed({ method, path: route }: Known): boolean {
  const name = normalised(route);
  const ends = [...name.matchAll(/\//g)].map(({ index }) => `${name.slice(0, index)}/*`);
  return [name, ...ends].some((path) => served.has(`${method} ${path}`));
}

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
const isKnown = (route: string): boolean =>
  ownNames.has(route) || (route.endsWith('/*') && [...ownNames].some((name) => name.startsWith(route.slice(0, -1))));
const own = [...served].filter((route) => !isKnown(route));
console.log(`our own: ${own.join(', ') || 'none'}`);
