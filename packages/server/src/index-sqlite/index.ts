// The index on SQLite: everything the server knows of its resources, in one file and its log.
import { mkdirSync } from 'node:fs';
import type { IndexStore, Log } from '../ports/index.ts';
import { createAttachmentStore } from './attachment-store.ts';
import { createChangeLog } from './change-log.ts';
import { openDatabase } from './database.ts';
import { lockFolder } from './folder-lock.ts';
import { createKeySearch } from './key-search.ts';
import { createLabelStore } from './label-store.ts';
import { createMetadataStore } from './metadata-store.ts';
import { createPropertyStore } from './property-store.ts';
import { createResourceLoader } from './resource-loader.ts';
import { createResourceReader } from './resource-reader.ts';
import { createResourceWriter } from './resource-writer.ts';
import { createSession } from './session.ts';
import { createWriteAheadLog, type LogLimits } from './write-ahead-log.ts';

export interface SqliteIndexOptions {
  /** Made where it does not exist. */
  readonly folder: string;
  readonly log: Log;
  /** How long the write-ahead log may grow. */
  readonly logLimits?: LogLimits;
}

/** Opens the index of a folder, alone. @throws PharosError Database (in use, damaged, of a newer version) */
export async function openSqliteIndex({ folder, log, logLimits }: SqliteIndexOptions): Promise<IndexStore> {
  mkdirSync(folder, { recursive: true });
  const lock = lockFolder(folder);
  try {
    const database = openDatabase(folder);
    const writeAheadLog = createWriteAheadLog(folder, database, log.of('sqlite'), logLimits);
    const session = createSession(database, writeAheadLog);
    return {
      ...createResourceWriter(session, writeAheadLog),
      ...createResourceReader(session, createKeySearch(session), createResourceLoader(database)),
      ...createMetadataStore(session),
      ...createAttachmentStore(session),
      ...createLabelStore(session),
      ...createChangeLog(session),
      ...createPropertyStore(session),
      async close() {
        await writeAheadLog.close();
        await session.write(() => session.changed());
        database.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
