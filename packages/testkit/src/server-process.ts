// A server as a process of its own, ours or a real Orthanc: started on free ports and a temporary folder, watched, stopped, killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.ts';

const startUpLimitMs = 60_000;

export interface ServerOptions {
  /** Program and arguments; the path of the configuration follows. Default: Pharos from its sources. */
  readonly command?: readonly string[];
  /** Orthanc's options beyond ports, storage and loopback access. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Storage to go on with; otherwise a fresh one, removed by `discard`. */
  readonly folder?: string;
  /** Default: a free one. */
  readonly httpPort?: number;
}

export interface ServerProcess {
  readonly url: string;
  readonly httpPort: number;
  readonly dicomPort: number;
  /** Holds storage, configuration and log. */
  readonly folder: string;
  readonly pid: number;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Stops it and removes the folder. */
  discard(): Promise<void>;
  log(): Promise<string>;
  /** Resident memory in MB now and at its peak (Linux), NaN elsewhere. */
  memory(): Promise<{ readonly rss: number; readonly peak: number }>;
  /** CPU seconds so far, user and system (Linux), NaN elsewhere. */
  cpuSeconds(): Promise<number>;
}

/** The command that starts Pharos from this checkout. */
export function pharosCommand(): readonly string[] {
  return [process.execPath, fileURLToPath(import.meta.resolve('@pharos/server/main'))];
}

/** A real Orthanc on this machine, or undefined. */
export function orthancCommand(): readonly string[] | undefined {
  const path = ['/usr/sbin/Orthanc', '/usr/local/bin/Orthanc'].find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : [path];
}

/** Whether this very server answers: one that asks who it is does, of others the DICOM port tells. */
async function answers(url: string, dicomPort: number): Promise<boolean> {
  try {
    const response = await fetch(`${url}/system`);
    const text = await response.text();
    return response.status === 401 || (response.ok && JSON.parse(text).DicomPort === dicomPort);
  } catch {
    return false;
  }
}

async function untilUp(
  child: ChildProcess,
  server: Pick<ServerProcess, 'url' | 'dicomPort'>,
  log: string,
): Promise<void> {
  const limit = performance.now() + startUpLimitMs;
  while (!(await answers(server.url, server.dicomPort))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > limit) {
      child.kill('SIGKILL');
      throw new Error(`the server did not start; it says:\n${await readFile(log, 'utf8')}`);
    }
    await wait(10);
  }
}

/** Starts a server and waits until it answers. It rejects with what the server says where it ends before, or takes over a minute. */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'pharos-server-')));
  await mkdir(join(folder, 'storage'), { recursive: true });
  const httpPort = options.httpPort ?? (await freePort());
  const dicomPort = await freePort();
  const configuration = join(folder, 'configuration.json');
  await writeFile(
    configuration,
    JSON.stringify({
      StorageDirectory: join(folder, 'storage'),
      IndexDirectory: join(folder, 'storage'),
      HttpPort: httpPort,
      DicomPort: dicomPort,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      ...options.configuration,
    }),
  );
  const [program = '', ...rest] = options.command ?? pharosCommand();
  const log = join(folder, 'server.log');
  const shell = ['-c', `exec "$@" >>"$0" 2>&1`, log, program, ...rest, configuration];
  const child = spawn('/bin/sh', shell, { stdio: 'ignore' });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = `http://127.0.0.1:${httpPort}`;
  await untilUp(child, { url, dicomPort }, log);
  const pid = child.pid ?? 0;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return exited;
  };
  return {
    url,
    httpPort,
    dicomPort,
    folder,
    pid,
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
    async discard() {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    log: () => readFile(log, 'utf8'),
    memory: () => memoryOf(pid),
    cpuSeconds: () => cpuSecondsOf(pid),
  };
}

async function memoryOf(pid: number): Promise<{ rss: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const megabytes = (field: string): number =>
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1000;
  return { rss: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
