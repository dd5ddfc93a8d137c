// One process to a folder. The lock is an exclusive SQLite transaction on an empty file of the folder: the system drops it when the
// process ends, however it ends.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ErrorCode, PharosError } from '../model/index.ts';

export interface FolderLock {
  release(): void;
}

export interface FolderLockOptions {
  /** Made where it is missing. */
  readonly folder: string;
  /** Name of the file in the folder that is locked. */
  readonly file: string;
  /** What is refused where another server holds the folder. */
  readonly code: ErrorCode;
  /** Who holds what, and what to do. */
  readonly inUse: string;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

/** @throws PharosError of this code where another server holds the folder */
export function lockFolder({ folder, file, code, inUse }: FolderLockOptions): FolderLock {
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, file), { timeout: 0 });
  try {
    // Nothing is ever written, not even where the disk is full: a journal would be.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new PharosError(code, { details: isBusy(cause) ? inUse : `The folder ${folder} cannot be locked`, cause });
  }
  return {
    release() {
      if (lock.isTransaction) lock.exec('ROLLBACK');
      lock.close();
    },
  };
}
