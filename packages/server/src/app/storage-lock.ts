// One server to a StorageDirectory, also where its index is elsewhere: a second one would take the files of the first for leftovers.
// As with the index, the lock is a transaction on an empty SQLite file, which the system drops however the process ends.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PharosError } from '../model/index.ts';

export interface StorageLock {
  release(): void;
}

/** @throws PharosError CannotWriteFile where another server holds the folder */
export function lockStorage(folder: string): StorageLock {
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, 'storage.lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new PharosError('CannotWriteFile', {
      details: `The files in ${folder} are in use by another server. Stop that server, or set another StorageDirectory.`,
      cause,
    });
  }
  return { release: () => lock.close() };
}
