// Files that a client has written on the server's machine, which the configuration must allow (RestApiWriteToFileSystemEnabled).
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PharosError } from '../model/index.ts';

/**
 * Writes the file, in place of one that is there, which stays as it is until the new one is whole.
 * @throws PharosError CannotWriteFile; what `content` throws
 */
export async function exportFile(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const unfinished = join(dirname(path), `.${randomUUID()}.part`);
  try {
    // Opened first: a source that fails at once would else be done with before there is a file to remove.
    const file = await open(unfinished, 'wx');
    await pipeline(content, file.createWriteStream());
    await rename(unfinished, path);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    if (cause instanceof PharosError) throw cause;
    throw new PharosError('CannotWriteFile', { details: 'The file cannot be written there', cause });
  }
}
