// C-GET of a study as DCMTK's getscu takes it, which drops what it gets: a client that costs less than the servers. Servers that have
// just started, the same study several times. Prints a Markdown table for Pharos and, where there is one, for a real Orthanc.
//
//   node bench/getscu.ts [--orthanc /usr/sbin/Orthanc] [--times 3] [--reps 3]
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import {
  pharosCommand,
  type ServerProcess,
  type SyntheticKind,
  startServer,
  syntheticInstance,
  syntheticUids,
} from '@pharos/testkit';
import { median, ratio, shown } from './figures.ts';
import { theirCommand } from './orthanc.ts';

const { values } = parseArgs({
  options: {
    orthanc: { type: 'string' },
    times: { type: 'string', default: '3' },
    reps: { type: 'string', default: '3' },
  },
});
const times = Number(values.times);
const sets: readonly { readonly kind: SyntheticKind; readonly patient: number; readonly count: number }[] = [
  { kind: 'ct', patient: 1, count: 200 },
  { kind: 'mr', patient: 2, count: 400 },
];
const configuration = { DicomCheckModalityHost: false, DicomAlwaysAllowGet: true };

// Debian's builds of DCMTK leave Nagle's algorithm on, and would wait 40 ms for each answer.
process.env.TCP_NODELAY = '1';

interface Figures {
  /** Instances a second. */
  readonly rate: number;
  /** Milliseconds of processor time of the server for an instance. */
  readonly cpu: number;
}

async function upload(server: ServerProcess): Promise<void> {
  for (const { kind, patient, count } of sets) {
    for (let n = 0; n < count; n++) {
      const body = syntheticInstance({ kind, patient, study: 0, series: (n / 50) | 0, instance: n % 50 });
      const { status } = await fetch(`${server.url}/instances`, { method: 'POST', body });
      if (status !== 200) throw new Error(`an upload was answered ${status}`);
    }
  }
}

async function retrieve(server: ServerProcess, patient: number, count: number): Promise<Figures> {
  const { study } = syntheticUids({ patient, study: 0, series: 0, instance: 0 });
  const keys = ['-k', 'QueryRetrieveLevel=STUDY', '-k', `StudyInstanceUID=${study}`];
  const before = await server.cpuSeconds();
  const begun = performance.now();
  const where = ['-aec', 'ORTHANC', '127.0.0.1', String(server.dicomPort)];
  execFileSync('getscu', ['--ignore', '-pdu', '131072', ...where, '-S', ...keys], { stdio: 'ignore' });
  const seconds = (performance.now() - begun) / 1000;
  return { rate: count / seconds, cpu: (((await server.cpuSeconds()) - before) * 1000) / count };
}

/** Of each set, in its order, the figures of each time. */
async function measure(command: readonly string[]): Promise<readonly (readonly Figures[])[]> {
  const first = await startServer({ command, configuration });
  await upload(first);
  await first.stop();
  const server = await startServer({ command, configuration, folder: first.folder });
  try {
    const measured: Figures[][] = [];
    for (const { patient, count } of sets) {
      const figures: Figures[] = [];
      for (let time = 0; time < times; time++) figures.push(await retrieve(server, patient, count));
      measured.push(figures);
    }
    return measured;
  } finally {
    await server.discard();
  }
}

const servers = [pharosCommand(), theirCommand(values.orthanc)].filter((command) => !!command);
const runs: (readonly (readonly Figures[])[])[][] = servers.map(() => []);
for (let rep = 0; rep < Number(values.reps); rep++) {
  for (const [which, command] of servers.entries()) runs[which]?.push(await measure(command));
}

console.log('| study, time | Pharos /s | Orthanc /s | faster by | Pharos ms CPU | Orthanc ms CPU | less by |');
console.log('|---|---|---|---|---|---|---|');
for (const [set, { kind }] of sets.entries()) {
  for (let time = 0; time < times; time++) {
    const of = (which: number, figure: keyof Figures): number | undefined =>
      median((runs[which] ?? []).flatMap((run) => run[set]?.[time]?.[figure] ?? []));
    const [rate, theirRate] = [of(0, 'rate'), of(1, 'rate')];
    const [cpu, theirCpu] = [of(0, 'cpu'), of(1, 'cpu')];
    const rates = [shown(rate), shown(theirRate), ratio(rate, theirRate)];
    const cpus = [shown(cpu), shown(theirCpu), ratio(theirCpu, cpu)];
    console.log(`| ${[`${kind}, ${time + 1}`, ...rates, ...cpus].join(' | ')} |`);
  }
}
