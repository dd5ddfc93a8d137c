// Files of the server's machine for the library io, with Node's own functions: those of the WebAssembly module see none.
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

/** How much is read ahead. */
const ahead = 64 * 1024;

const flags: Readonly<Record<string, string>> = { r: 'r', 'r+': 'r+', w: 'w', 'w+': 'w+', a: 'a', 'a+': 'a+' };

const newline = 0x0a;

export interface ScriptFile {
  /** Up to so many bytes; undefined at the end of the file. */
  read(count: number): Uint8Array | undefined;
  /** To the end of the line, without it unless `keepsEnd`. */
  readLine(keepsEnd: boolean): Uint8Array | undefined;
  readAll(): Uint8Array;
  write(bytes: Uint8Array): void;
  /** Gives the new position. */
  seek(whence: string, offset: number): number;
  close(): void;
}

/** What is read is all in memory. */
export function memoryFile(content: Uint8Array): ScriptFile {
  let position = 0;
  const take = (end: number): Uint8Array => {
    const taken = content.subarray(position, end);
    position = Math.min(end, content.byteLength);
    return taken;
  };
  return {
    read: (count) => (position >= content.byteLength ? undefined : take(position + count)),
    readLine(keepsEnd) {
      if (position >= content.byteLength) return undefined;
      const at = content.indexOf(newline, position);
      if (at < 0) return take(content.byteLength);
      const line = take(at + 1);
      return keepsEnd ? line : line.subarray(0, -1);
    },
    readAll: () => take(content.byteLength),
    write() {
      throw new Error('Bad file descriptor');
    },
    seek() {
      throw new Error('Illegal seek');
    },
    close() {},
  };
}

/** @param mode as of fopen. @throws Error of the file system */
export function openFile(path: string, mode: string): ScriptFile {
  const flag = flags[mode.replace('b', '')];
  if (flag === undefined) throw new Error('invalid mode');
  return fileOf(openSync(path, flag), flag.startsWith('a'));
}

/** The file of a descriptor that is open already, such as 1. */
export function standardFile(descriptor: number): ScriptFile {
  return { ...fileOf(descriptor, true), close() {} };
}

function fileOf(descriptor: number, appends: boolean): ScriptFile {
  const isSeekable = fstatSync(descriptor).isFile();
  /** Where the next byte is read or written; what was read ahead follows it. */
  let position = 0;
  let buffer: Uint8Array = new Uint8Array(0);

  const size = (): number => fstatSync(descriptor).size;
  const fill = (): boolean => {
    const piece = Buffer.alloc(ahead);
    const from = isSeekable ? position + buffer.byteLength : null;
    const count = readSync(descriptor, piece, 0, piece.byteLength, from);
    buffer = Buffer.concat([buffer, piece.subarray(0, count)]);
    return count > 0;
  };
  const take = (count: number): Uint8Array => {
    const taken = buffer.subarray(0, count);
    buffer = buffer.subarray(count);
    position += taken.byteLength;
    return taken;
  };

  return {
    read(count) {
      while (buffer.byteLength < Math.max(count, 1) && fill());
      return buffer.byteLength === 0 ? undefined : take(count);
    },
    readLine(keepsEnd) {
      let at = buffer.indexOf(newline);
      while (at < 0) {
        const searched = buffer.byteLength;
        if (!fill()) break;
        at = buffer.indexOf(newline, searched);
      }
      if (buffer.byteLength === 0) return undefined;
      if (at < 0) return take(buffer.byteLength);
      const line = take(at + 1);
      return keepsEnd ? line : line.subarray(0, -1);
    },
    readAll() {
      const pieces: Uint8Array[] = [];
      do pieces.push(take(buffer.byteLength));
      while (fill());
      return Buffer.concat(pieces);
    },
    write(bytes) {
      buffer = new Uint8Array(0);
      let written = 0;
      while (written < bytes.byteLength) {
        const at = isSeekable && !appends ? position + written : null;
        written += writeSync(descriptor, bytes, written, bytes.byteLength - written, at);
      }
      position = isSeekable && appends ? size() : position + written;
    },
    seek(whence, offset) {
      if (!isSeekable) throw new Error('Illegal seek');
      const base = { set: 0, cur: position, end: size() }[whence] ?? 0;
      if (base + offset < 0) throw new Error('Invalid argument');
      buffer = new Uint8Array(0);
      position = base + offset;
      return position;
    },
    close: () => closeSync(descriptor),
  };
}
