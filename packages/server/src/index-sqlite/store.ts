// Puts the parts of the index together over one connection.
import type { IndexStore } from '../ports/index.ts';
import { createAttachmentStore } from './attachment-store.ts';
import { createChangeLog } from './change-log.ts';
import type { Database } from './database.ts';
import { createJobStore } from './job-store.ts';
import { createKeySearch } from './key-search.ts';
import { createKeyValueStore } from './key-value-store.ts';
import { createLabelStore } from './label-store.ts';
import { createMetadataStore } from './metadata-store.ts';
import { createPropertyStore } from './property-store.ts';
import { createResourceLoader } from './resource-loader.ts';
import { createResourceReader } from './resource-reader.ts';
import { createResourceWriter } from './resource-writer.ts';
import { createSession, isFull } from './session.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

export function createStore(database: Database, log: WriteAheadLog): IndexStore {
  const session = createSession(database, log);
  return {
    ...createResourceWriter(session, log),
    ...createResourceReader(session, createKeySearch(session), createResourceLoader(database)),
    ...createMetadataStore(session),
    ...createAttachmentStore(session),
    ...createLabelStore(session),
    ...createChangeLog(session),
    ...createPropertyStore(session),
    ...createKeyValueStore(session),
    ...createJobStore(session),
    async close() {
      await log.close();
      try {
        // Writes the totals too. Where there is no room, the next start counts what was added.
        await session.write(() => session.changed());
      } catch (error) {
        if (!isFull(error)) throw error;
      } finally {
        database.close();
      }
    },
  };
}
