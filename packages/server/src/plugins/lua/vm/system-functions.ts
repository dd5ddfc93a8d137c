// What the libraries io, os and package are made of (see system.lua): files and commands of the server's machine.
import { renameSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import type { CommandEnd } from '../messages.ts';
import { type Arguments, argumentsOf } from './arguments.ts';
import type { State } from './binding.ts';
import { memoryFile, openFile, type ScriptFile, standardFile } from './files.ts';
import type { Host } from './host.ts';
import type { Machine } from './machine.ts';
import { pushBytes, pushJson } from './values.ts';

type Value = Uint8Array | string | number | boolean | undefined;

function isErrno(error: unknown): error is NodeJS.ErrnoException & { readonly errno: number } {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number';
}

/** Message and number, as functions of C tell them. */
function faultOf(error: unknown): readonly [string, number] {
  if (isErrno(error)) return [getSystemErrorMessage(error.errno), Math.abs(error.errno)];
  return [error instanceof Error ? error.message : String(error), 22];
}

const isEnd = (value: unknown): value is CommandEnd =>
  typeof value === 'object' && value !== null && 'reason' in value && 'output' in value;

/** Standard input, output and error have the handles 0 to 2. */
const lastStandardFile = 2;

function removePath(path: string): void {
  if (statSync(path).isDirectory()) rmdirSync(path);
  else unlinkSync(path);
}

/** Their names begin with `_system_`: system.lua takes them, and takes the names away. */
export function defineSystemFunctions(machine: Machine, host: Host): void {
  const { binding } = machine;
  const files = new Map<number, ScriptFile>();
  let lastFile = lastStandardFile;

  const push = (state: State, value: Value): void => {
    if (value instanceof Uint8Array) pushBytes(binding, state, value);
    else pushJson(binding, state, value);
  };
  /** What fails gives nil, a message and a number. */
  const define = (name: string, fn: (args: Arguments) => readonly Value[]): void =>
    machine.define(`_system_${name}`, (state) => {
      const args = argumentsOf(binding, state);
      let values: readonly Value[];
      try {
        values = machine.waiting(state, () => fn(args));
      } catch (error) {
        values = [undefined, ...faultOf(error)];
      }
      for (const value of values) push(state, value);
      return values.length;
    });
  const fileAt = (args: Arguments): ScriptFile => {
    const handle = args.number(1);
    const file = files.get(handle);
    if (file) return file;
    if (handle <= lastStandardFile) {
      // Opened only where it is used: a service may have none.
      const standard = standardFile(handle);
      files.set(handle, standard);
      return standard;
    }
    throw new Error('attempt to use a closed file');
  };
  const keep = (file: ScriptFile): number => {
    lastFile += 1;
    files.set(lastFile, file);
    return lastFile;
  };
  const command = (text: string, input: Uint8Array | undefined, captures: boolean): CommandEnd => {
    const end = host.ask({ kind: 'command', command: text, input, captures });
    if (isEnd(end)) return end;
    throw new Error('the command gave no end');
  };

  define('open', (args) => [keep(openFile(args.text(1), args.text(2)))]);
  define('read', (args) => [fileAt(args).read(args.number(2))]);
  define('line', (args) => [fileAt(args).readLine(args.flag(2))]);
  define('all', (args) => [fileAt(args).readAll()]);
  define('write', (args) => {
    fileAt(args).write(args.bytes(2));
    return [true];
  });
  define('seek', (args) => [fileAt(args).seek(args.text(2), args.number(3))]);
  define('close', (args) => {
    fileAt(args).close();
    files.delete(args.number(1));
    return [true];
  });
  define('remove', (args) => {
    removePath(args.text(1));
    return [true];
  });
  define('rename', (args) => {
    renameSync(args.text(1), args.text(2));
    return [true];
  });
  define('temporary', () => [join(tmpdir(), `lua_${crypto.randomUUID()}`)]);
  define('variable', (args) => [process.env[args.text(1)]]);
  define('execute', (args) => {
    const { reason, code } = command(args.text(1), args.optionalBytes(2), false);
    return [code === 0 && reason === 'exit' ? true : undefined, reason, code];
  });
  define('capture', (args) => {
    const { output, reason, code } = command(args.text(1), undefined, true);
    return [keep(memoryFile(output)), reason, code];
  });
}
