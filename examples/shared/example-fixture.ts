// For tests of the examples: running them as users do, and servers with something in them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createPharosClient, type PharosClient } from '@pharos/client';
import {
  orthancCommand,
  type ServerOptions,
  type SyntheticIdentity,
  startServer,
  syntheticInstance,
} from '@pharos/testkit';

export interface ExampleRun {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface StartedExample {
  readonly child: ChildProcess;
  readonly end: Promise<ExampleRun>;
}

/** Starts an example, such as `replicate`. */
export function startExample(name: string, ...args: readonly string[]): StartedExample {
  const script = join(import.meta.dirname, '..', `${name}.ts`);
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.errors += text;
  });
  return { child, end: once(child, 'close').then(([code]) => ({ code, ...texts })) };
}

/** Runs an example to its end. */
export function runToEnd(name: string, ...args: readonly string[]): Promise<ExampleRun> {
  return startExample(name, ...args).end;
}

export interface FilledServer extends AsyncDisposable {
  readonly url: string;
  readonly dicomPort: number;
  /** Holds storage and more; removed with the server. */
  readonly folder: string;
  readonly client: PharosClient;
  /** Stores an instance. */
  upload(
    identity: SyntheticIdentity,
  ): Promise<{ readonly id: string; readonly series: string; readonly study: string }>;
}

/** A server, ended and removed when it is disposed of. */
export async function startFilled(
  options: ServerOptions,
  identities: readonly SyntheticIdentity[] = [],
): Promise<FilledServer> {
  const server = await startServer(options);
  const { url, dicomPort, folder } = server;
  const client = createPharosClient({ url });
  const filled: FilledServer = {
    url,
    dicomPort,
    folder,
    client,
    async upload(identity) {
      const stored = await client.post('/instances', { body: new Uint8Array(syntheticInstance(identity)) });
      if (!('Status' in stored)) throw new Error('one instance was sent, several came back');
      return { id: stored.ID, series: stored.ParentSeries, study: stored.ParentStudy };
    },
    [Symbol.asyncDispose]: () => server.discard(),
  };
  for (const identity of identities) await filled.upload(identity);
  return filled;
}

/** Series of header-only instances: fast to send. */
export function instances(patient: number, study: number, series: number, count: number): readonly SyntheticIdentity[] {
  return Array.from({ length: count }, (_, instance) => ({ kind: 'header', patient, study, series, instance }));
}

export interface TestedServer {
  readonly name: string;
  readonly command: readonly string[] | undefined;
  /** For the `skip` of a test. */
  readonly missing: string | false;
}

const orthanc = orthancCommand();

/** What the examples are to work with. */
export const testedServers: readonly TestedServer[] = [
  { name: 'Pharos', command: undefined, missing: false },
  { name: 'Orthanc', command: orthanc, missing: orthanc ? false : 'Orthanc is not installed' },
];
