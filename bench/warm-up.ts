// How the cost of an instance falls while a server warms up: rounds of POST /instances to one that has just started, each round with
// instances that are new to it. Prints a Markdown table for Pharos and, where there is one, for a real Orthanc.
//
//   node bench/warm-up.ts [--orthanc /usr/sbin/Orthanc] [--rounds 6] [--connections 1]
import { parseArgs } from 'node:util';
import { pharosCommand, type SyntheticKind, startServer, syntheticInstance } from '@pharos/testkit';
import { ratio, shown } from './figures.ts';
import { overConnections } from './http-client.ts';
import { theirCommand } from './orthanc.ts';

const { values } = parseArgs({
  options: {
    orthanc: { type: 'string' },
    rounds: { type: 'string', default: '6' },
    connections: { type: 'string', default: '1' },
  },
});
const rounds = Number(values.rounds);
const connections = Number(values.connections);

const sets: readonly { readonly kind: SyntheticKind; readonly count: number }[] = [
  { kind: 'ct', count: 200 },
  { kind: 'mr', count: 400 },
];

interface Round {
  /** Milliseconds of processor time of the server for an instance. */
  readonly cpu: number;
  /** Instances a second. */
  readonly rate: number;
}

async function measure(command: readonly string[], kind: SyntheticKind, count: number): Promise<readonly Round[]> {
  const server = await startServer({ command });
  const measured: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const files = Array.from({ length: count }, (_, n) =>
      syntheticInstance({
        kind,
        patient: round * 100 + ((n / 40) | 0),
        study: 0,
        series: ((n / 10) | 0) % 4,
        instance: n % 10,
      }),
    );
    const before = await server.cpuSeconds();
    const seconds = await overConnections(server.httpPort, connections, count, async (connection, n) => {
      const { status } = await connection.send('POST', '/instances', files[n]);
      if (status !== 200) throw new Error(`upload answered ${status}`);
    });
    measured.push({ cpu: (((await server.cpuSeconds()) - before) * 1000) / count, rate: count / seconds });
  }
  await server.discard();
  return measured;
}

const orthanc = theirCommand(values.orthanc);
console.log('| instances before | Pharos ms CPU | Orthanc ms CPU | less by | Pharos /s | Orthanc /s | faster by |');
console.log('|---|---|---|---|---|---|---|');
for (const { kind, count } of sets) {
  const ours = await measure(pharosCommand(), kind, count);
  const theirs = orthanc ? await measure(orthanc, kind, count) : [];
  for (const [round, { cpu, rate }] of ours.entries()) {
    const other = theirs[round];
    const cells = [
      `${kind}, ${round * count}`,
      ...[shown(cpu), shown(other?.cpu), ratio(other?.cpu, cpu)],
      ...[shown(rate), shown(other?.rate), ratio(rate, other?.rate)],
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
