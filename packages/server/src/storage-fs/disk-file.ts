// Files as the packs use them: read and written past the page cache where the system can (O_DIRECT), with promises.
import { close, closeSync, constants, fdatasync, open, openSync, readv, unlinkSync, writeSync, writev } from 'node:fs';
import { join } from 'node:path';
import { type BlockPool, pageBytes } from './block-pool.ts';
import { isNoSpace } from './storage-error.ts';

/** O_DIRECT, or 0 where the file system of this folder, or the system, does not have it. @throws the error of the file system */
export function directFlag(folder: string, pool: BlockPool): number {
  const flag = constants.O_DIRECT ?? 0;
  const block = pool.take();
  if (flag === 0 || !block) return 0;
  const path = join(folder, 'probe');
  try {
    const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | flag, 0o600);
    try {
      return writeSync(descriptor, block.fill(0, 0, pageBytes), 0, pageBytes, 0) === pageBytes ? flag : 0;
    } finally {
      closeSync(descriptor);
      unlinkSync(path);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EINVAL') return 0;
    // Then it is not known whether the folder has it: what goes through the page cache goes everywhere.
    if (isNoSpace(error)) return 0;
    throw error;
  } finally {
    pool.give([block]);
  }
}

export function openFile(path: string, flags: number): Promise<number> {
  return new Promise((resolve, reject) =>
    open(path, flags, 0o666, (error, descriptor) => (error ? reject(error) : resolve(descriptor))),
  );
}

export function closeFile(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => close(descriptor, (error) => (error ? reject(error) : resolve())));
}

export function syncFile(descriptor: number): Promise<void> {
  return new Promise((resolve, reject) => fdatasync(descriptor, (error) => (error ? reject(error) : resolve())));
}

function writeOnce(descriptor: number, pieces: readonly Uint8Array[], position: number | null): Promise<number> {
  return new Promise((resolve, reject) =>
    writev(descriptor, pieces, position, (error, written) => (error ? reject(error) : resolve(written))),
  );
}

function readOnce(descriptor: number, pieces: readonly Uint8Array[], position: number): Promise<number> {
  return new Promise((resolve, reject) =>
    readv(descriptor, pieces, position, (error, count) => (error ? reject(error) : resolve(count))),
  );
}

/** What is left of the pieces after the first `count` bytes. */
function withoutFirst(pieces: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skipped = 0;
  for (const [index, piece] of pieces.entries()) {
    if (skipped + piece.byteLength > count) return [piece.subarray(count - skipped), ...pieces.slice(index + 1)];
    skipped += piece.byteLength;
  }
  return [];
}

/** Pieces that one call of the system takes (IOV_MAX). */
const piecesAtOnce = 1024;

/** Writes all pieces behind each other. @param position undefined: where the file is now @throws the error of the file system */
export async function writeAll(descriptor: number, pieces: readonly Uint8Array[], position?: number): Promise<void> {
  let rest = pieces;
  let at = position ?? null;
  while (rest.length > 0) {
    const written = await writeOnce(descriptor, rest.slice(0, piecesAtOnce), at);
    rest = withoutFirst(rest, written);
    if (at !== null) at += written;
  }
}

/** Fills the pieces as far as the file goes; gives the number of bytes. @throws the error of the file system */
export async function readAll(descriptor: number, pieces: readonly Uint8Array[], position: number): Promise<number> {
  let rest = pieces;
  let done = 0;
  while (rest.length > 0) {
    const count = await readOnce(descriptor, rest.slice(0, piecesAtOnce), position + done);
    if (count === 0) return done;
    done += count;
    rest = withoutFirst(rest, count);
  }
  return done;
}
