// The index on SQLite: everything the server knows of its resources, in one file and its log.
import type { IndexStore, Log } from '../ports/index.ts';
import { type Database, openDatabase } from './database.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { createStore } from './store.ts';
import { createWriteAheadLog, type LogLimits } from './write-ahead-log.ts';

export { type FolderLock, lockFolder } from './folder-lock.ts';

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
  const { folder } = options;
  const lock = lockFolder({
    folder,
    file: 'index.lock',
    code: 'Database',
    inUse: `The index in ${folder} is in use by another server. Stop that server, or give this one a folder of its own.`,
  });
  let database: Database | undefined;
  try {
    database = openDatabase(folder);
    return openStore(options, lock, database);
  } catch (error) {
    database?.close();
    lock.release();
    throw error;
  }
}
