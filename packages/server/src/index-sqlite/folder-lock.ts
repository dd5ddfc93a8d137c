// One process to a folder. The lock is an exclusive SQLite transaction on an empty file beside the index: the system drops it
// when the process ends, however it ends.
import { DatabaseSync } from 'node:sqlite';
import { PharosError } from '../model/index.ts';
import { lockPath } from './files.ts';

export interface FolderLock {
  release(): void;
}

/** @throws PharosError Database where another server holds the folder */
export function lockFolder(folder: string): FolderLock {
  const lock = new DatabaseSync(lockPath(folder), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new PharosError('Database', {
      details: `The index in ${folder} is in use by another server. Stop that server, or give this one a folder of its own.`,
      cause,
    });
  }
  return {
    release() {
      if (lock.isTransaction) lock.exec('ROLLBACK');
      lock.close();
    },
  };
}
