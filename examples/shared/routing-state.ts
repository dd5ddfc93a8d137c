// How far auto-route has come, in a file: `{"Last": 42}`.
import { readFile } from 'node:fs/promises';
import type { PharosClient } from '@pharos/client';
import { writeWhole } from './file-writing.ts';
import { UsageError } from './run-example.ts';

/** @throws UsageError where the file is something else */
function lastIn(path: string, text: string): number {
  const fault = new UsageError(`${path} is no state of auto-route`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault;
  }
  const last: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'Last') : undefined;
  if (typeof last !== 'number' || !Number.isSafeInteger(last) || last < 0) throw fault;
  return last;
}

/** The number of the last change that is done with; undefined where there is no file yet. @throws UsageError */
export async function readState(path: string): Promise<number | undefined> {
  try {
    return lastIn(path, await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export async function writeState(path: string, last: number): Promise<void> {
  await writeWhole(path, [`${JSON.stringify({ Last: last })}\n`]);
}

/** The number of the last change of a server, 0 where its log is empty. */
export async function lastChangeOf(server: PharosClient, signal: AbortSignal): Promise<number> {
  return (await server.get('/changes', { query: { last: true }, signal })).Last;
}
