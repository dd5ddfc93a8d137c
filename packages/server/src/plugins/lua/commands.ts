// Programs of the server's machine that scripts run.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PharosError } from '../../model/index.ts';
import type { CommandEnd, HostRequest } from './messages.ts';

const longestOutput = 256 * 1024 * 1024;

const signalNumbers: Readonly<Record<string, number>> = constants.signals;

function endOf(code: number | null, signal: string | null, output: Uint8Array): CommandEnd {
  if (signal !== null) return { reason: 'signal', code: signalNumbers[signal] ?? 0, output };
  return { reason: 'exit', code: code ?? 0, output };
}

/** Runs a command line by the shell. @throws Error where there is no shell, PharosError SystemCommand for too much output */
export function runCommandLine(request: Extract<HostRequest, { kind: 'command' }>): Promise<CommandEnd> {
  const { command, input, captures } = request;
  const child = spawn(command, {
    shell: true,
    stdio: [input ? 'pipe' : 'ignore', captures ? 'pipe' : 'inherit', 'inherit'],
  });
  const pieces: Buffer[] = [];
  let length = 0;
  child.stdout?.on('data', (piece: Buffer) => {
    length += piece.byteLength;
    if (length <= longestOutput) pieces.push(piece);
    else child.kill('SIGKILL');
  });
  // A program need not read what it is given.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (length > longestOutput) reject(new PharosError('SystemCommand', 'The program prints too much'));
      else resolve(endOf(code, signal, Buffer.concat(pieces)));
    });
  });
}

function runProgram(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new PharosError('SystemCommand', { details: `"${command}" cannot be run: ${cause.message}`, cause })),
    );
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new PharosError('SystemCommand', `"${command}" has ended with ${signal ?? `code ${code}`}`));
    });
  });
}

/** Runs a program with the path of a copy of a file as its last argument. @throws PharosError SystemCommand; what `file` throws */
export async function runOnFile(
  folder: string,
  command: string,
  args: readonly string[],
  file: AsyncIterable<Uint8Array>,
): Promise<void> {
  const path = join(folder, `pharos-${randomUUID()}.dcm`);
  try {
    await pipeline(file, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    await runProgram(command, [...args, path]);
  } finally {
    await rm(path, { force: true });
  }
}
