// Files that are there as a whole or not at all: written under a temporary name, renamed once they are complete and on disk.
import { createWriteStream } from 'node:fs';
import { rename, rm, utimes } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

export interface FileOptions {
  /** Time of the last change that the file is to have. */
  readonly changedAt?: Date;
  readonly signal?: AbortSignal;
}

/** Pours the source into the file, however large it is. @throws what reading and writing throw; then nothing is left */
export async function writeWhole(
  path: string,
  source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  { changedAt, signal }: FileOptions = {},
): Promise<void> {
  const temporary = `${path}.part`;
  try {
    await pipeline(source, createWriteStream(temporary, { flush: true }), { signal });
    if (changedAt) await utimes(temporary, changedAt, changedAt);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
