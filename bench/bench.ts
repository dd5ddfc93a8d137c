// Pharos side by side with a real Orthanc, on files made here. One command; prints a Markdown table of medians and ratios.
//
//   npm run bench -- [--orthanc /usr/sbin/Orthanc] [--reps 3] [--only REGEX]
import { parseArgs } from 'node:util';
import { pharosCommand, type ServerProcess, type SyntheticKind, startServer, syntheticInstance } from '@pharos/testkit';
import { median, ratio, shown } from './figures.ts';
import { connect, overConnections } from './http-client.ts';
import { theirCommand } from './orthanc.ts';

const { values } = parseArgs({
  options: {
    orthanc: { type: 'string' },
    reps: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const repetitions = Number(values.reps);
const only = new RegExp(values.only);

interface Figure {
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly ours: number[];
  readonly theirs: number[];
}
const figures = new Map<string, Figure>();

function record(name: string, unit: string, better: Figure['better'], side: 'ours' | 'theirs', value: number): void {
  const figure = figures.get(name) ?? { unit, better, ours: [], theirs: [] };
  figure[side].push(value);
  figures.set(name, figure);
}

const files = (kind: SyntheticKind, count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, n) =>
    syntheticInstance({ kind, patient: (n / 40) | 0, study: 0, series: ((n / 10) | 0) % 4, instance: n % 10 }),
  );

const sets: readonly { readonly kind: SyntheticKind; readonly files: readonly Uint8Array[] }[] = [
  { kind: 'ct', files: files('ct', 160) },
  { kind: 'mr', files: files('mr', 400) },
  { kind: 'header', files: files('header', 1200) },
];

async function ingest(side: 'ours' | 'theirs', command: readonly string[]): Promise<void> {
  for (const set of sets) {
    for (const connections of [1, 4]) {
      const name = `POST ${set.kind}, ${connections} connection${connections > 1 ? 's' : ''}`;
      if (!only.test(name)) continue;
      const server = await startServer({ command });
      const cpuBefore = await server.cpuSeconds();
      const seconds = await overConnections(server.httpPort, connections, set.files.length, async (connection, n) => {
        const { status } = await connection.send('POST', '/instances', set.files[n]);
        if (status !== 200) throw new Error(`upload answered ${status}`);
      });
      const cpu = (await server.cpuSeconds()) - cpuBefore;
      record(`${name}: rate`, 'instances/s', 'higher', side, set.files.length / seconds);
      record(`${name}: server CPU`, 'ms/instance', 'lower', side, (cpu * 1000) / set.files.length);
      record(`${name}: RSS after`, 'MB', 'lower', side, (await server.memory()).rss);
      await server.discard();
    }
  }
}

async function ids(server: ServerProcess, path: string): Promise<readonly string[]> {
  const answer: unknown = await (await fetch(`${server.url}${path}`)).json();
  return Array.isArray(answer) ? answer.map(String) : [];
}

async function reads(side: 'ours' | 'theirs', command: readonly string[]): Promise<void> {
  if (!only.test('reads')) return;
  const server = await startServer({ command });
  for (const set of sets.slice(0, 2)) {
    await overConnections(server.httpPort, 4, set.files.length, async (connection, n) => {
      await connection.send('POST', '/instances', set.files[n]);
    });
  }
  const [instance = ''] = await ids(server, '/instances');
  const [study = ''] = await ids(server, '/studies');
  const find = (query: unknown): Uint8Array => Buffer.from(JSON.stringify(query));
  const requests: readonly {
    readonly name: string;
    readonly method: string;
    readonly path: string;
    readonly body?: Uint8Array;
  }[] = [
    { name: 'GET /instances/{id}', method: 'GET', path: `/instances/${instance}` },
    { name: 'GET /studies/{id}', method: 'GET', path: `/studies/${study}` },
    { name: 'GET /instances/{id}/file', method: 'GET', path: `/instances/${instance}/file` },
    { name: 'GET /instances/{id}/simplified-tags', method: 'GET', path: `/instances/${instance}/simplified-tags` },
    { name: 'GET /series?expand', method: 'GET', path: '/series?expand' },
    { name: 'GET /studies/{id}/instances', method: 'GET', path: `/studies/${study}/instances` },
    { name: 'GET /changes', method: 'GET', path: '/changes?limit=100' },
    {
      name: 'POST /tools/find by PatientID',
      method: 'POST',
      path: '/tools/find',
      body: find({ Level: 'Study', Query: { PatientID: 'PAT0000001' }, Expand: true }),
    },
    {
      name: 'POST /tools/find by name',
      method: 'POST',
      path: '/tools/find',
      body: find({ Level: 'Study', Query: { PatientName: 'SMITH*' }, Expand: true }),
    },
  ];
  for (const { name, method, path, body } of requests) {
    const connection = connect(server.httpPort);
    const times: number[] = [];
    const limit = performance.now() + 1000;
    while (performance.now() < limit) {
      const started = performance.now();
      const { status } = await connection.send(method, path, body);
      if (status !== 200) throw new Error(`${name} answered ${status}`);
      times.push(performance.now() - started);
    }
    connection.close();
    record(name, 'ms, median', 'lower', side, median(times) ?? Number.NaN);
  }
  await server.discard();
}

for (let repetition = 0; repetition < repetitions; repetition++) {
  for (const [side, command] of [
    ['ours', pharosCommand()],
    ['theirs', theirCommand(values.orthanc)],
  ] as const) {
    if (!command) continue;
    console.error(`repetition ${repetition + 1} of ${repetitions}: ${command.join(' ')}`);
    await ingest(side, command);
    await reads(side, command);
  }
}
console.log('| figure | unit | Pharos | Orthanc | Pharos is better by |\n|---|---|---|---|---|');
for (const [name, { unit, better, ours, theirs }] of figures) {
  const [a, b] = [median(ours), median(theirs)];
  const times = better === 'higher' ? ratio(a, b) : ratio(b, a);
  console.log(`| ${name} | ${unit} | ${shown(a)} | ${shown(b)} | ${times} |`);
}
