// Reads blobs: small ones whole with two hops to the thread pool, large ones piece by piece.
import { closeSync, fstatSync, open, read } from 'node:fs';
import { PharosError } from '../model/index.ts';
import type { ByteRange } from '../ports/index.ts';

const pieceBytes = 256 * 1024;

function openFile(path: string): Promise<number> {
  return new Promise((resolve, reject) => open(path, 'r', (error, fd) => (error ? reject(error) : resolve(fd))));
}

function readInto(fd: number, buffer: Uint8Array, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let done = 0;
    const next = (): void => {
      read(fd, buffer, done, buffer.byteLength - done, position + done, (error, count) => {
        if (error) return reject(error);
        done += count;
        if (done === buffer.byteLength) return resolve();
        if (count === 0) return reject(new PharosError('CorruptedFile', 'A stored file is shorter than it was'));
        next();
      });
    };
    next();
  });
}

export interface OpenBlob {
  readonly fd: number;
  readonly start: number;
  readonly end: number;
}

/** @throws PharosError BadRange */
export function checkRange(range: ByteRange | undefined, size: number): ByteRange {
  const { start, end } = range ?? { start: 0, end: size };
  if (start >= 0 && start <= end && end <= size) return { start, end };
  throw new PharosError('BadRange', `The range ${start} to ${end} is not within the ${size} bytes of the file`);
}

/** @throws the error of the file system, PharosError BadRange */
export async function openBlob(path: string, range: ByteRange | undefined): Promise<OpenBlob> {
  const fd = await openFile(path);
  try {
    return { fd, ...checkRange(range, fstatSync(fd).size) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

export async function readBlob({ fd, start, end }: OpenBlob): Promise<Uint8Array> {
  try {
    const buffer = Buffer.allocUnsafeSlow(end - start);
    if (buffer.byteLength > 0) await readInto(fd, buffer, start);
    return buffer;
  } finally {
    closeSync(fd);
  }
}

export async function* streamBlob({ fd, start, end }: OpenBlob): AsyncGenerator<Uint8Array> {
  try {
    for (let position = start; position < end; ) {
      const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, end - position));
      await readInto(fd, piece, position);
      position += piece.byteLength;
      yield piece;
    }
  } finally {
    closeSync(fd);
  }
}
