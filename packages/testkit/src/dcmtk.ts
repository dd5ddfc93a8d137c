// DCMTK's tools as foreign peers, where they are installed.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from './ports.ts';

/** Nagle's algorithm costs DCMTK 40 ms a message. */
const environment = { ...process.env, TCP_NODELAY: '1' };

/** For the `skip` of a test: why it cannot run, or false where it can. */
export function dcmtkMissing(...tools: readonly string[]): string | false {
  const missing = tools.filter((tool) => !isInstalled(tool));
  return missing.length > 0 && `DCMTK is not installed: no ${missing.join(', ')}`;
}

function isInstalled(tool: string): boolean {
  try {
    execFileSync(tool, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface DcmtkRun {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a tool to its end. */
export async function runDcmtk(tool: string, args: readonly string[]): Promise<DcmtkRun> {
  const child = spawn(tool, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const append = (text: Buffer): void => {
    output += text.toString('latin1');
  };
  child.stdout.on('data', append);
  child.stderr.on('data', append);
  const [code] = await once(child, 'close');
  return { code, output };
}

export interface DcmtkServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts a tool that listens; `args` get the port at their end. Disposing it ends the process. */
export async function startDcmtk(tool: string, args: readonly string[]): Promise<DcmtkServer> {
  const port = await freePort();
  const child = spawn(tool, [...args, String(port)], { env: environment, stdio: 'ignore' });
  while (child.exitCode === null && !(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  if (child.exitCode !== null) throw new Error(`${tool} ended with code ${child.exitCode}`);
  return { port, [Symbol.asyncDispose]: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
