// Files that a client has written on the server's machine, which the configuration must allow (RestApiWriteToFileSystemEnabled).
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { PharosError } from '../model/index.ts';

/** Writes the file, in place of one that is there. @throws PharosError CannotWriteFile */
export async function exportFile(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await pipeline(content, createWriteStream(path));
  } catch (cause) {
    if (cause instanceof PharosError) throw cause;
    throw new PharosError('CannotWriteFile', { details: 'The file cannot be written there', cause });
  }
}
