// The index on SQLite: everything the server knows of its resources, in one file and its log.
import { mkdirSync } from 'node:fs';
import type { IndexStore, Log } from '../ports/index.ts';
import { type Database, openDatabase } from './database.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { createStore } from './store.ts';
import { createWriteAheadLog, type LogLimits } from './write-ahead-log.ts';

export interface SqliteIndexOptions {
  /** Made where it does not exist. */
  readonly folder: string;
  readonly log: Log;
  /** How long the write-ahead log may grow. */
  readonly logLimits?: LogLimits;
}

function openStore({ folder, log, logLimits }: SqliteIndexOptions, lock: FolderLock, database: Database): IndexStore {
  const store = createStore(database, createWriteAheadLog(folder, database, log.of('sqlite'), logLimits));
  let closed: Promise<void> | undefined;
  return {
    ...store,
    close() {
      closed ??= store.close().finally(() => lock.release());
      return closed;
    },
  };
}

/** Opens the index of a folder, alone. @throws PharosError Database (in use, damaged, of a newer version) */
export async function openSqliteIndex(options: SqliteIndexOptions): Promise<IndexStore> {
  mkdirSync(options.folder, { recursive: true });
  const lock = lockFolder(options.folder);
  let database: Database | undefined;
  try {
    database = openDatabase(options.folder);
    return openStore(options, lock, database);
  } catch (error) {
    database?.close();
    lock.release();
    throw error;
  }
}
