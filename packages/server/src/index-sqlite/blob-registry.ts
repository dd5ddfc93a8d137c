// Which blobs have a row, and which lost theirs and wait for removal.
import { setImmediate } from 'node:timers/promises';
import type { ResourceWriter } from '../ports/index.ts';
import { integer, packUuid, type Row, unpackUuid } from './rows.ts';
import type { Session } from './session.ts';

/** Rows looked at in one go. */
const windowRows = 20_000;

export type BlobRegistry = Pick<ResourceWriter, 'removedBlobs' | 'forgetRemovedBlobs' | 'blobsWithRow'>;

export function createBlobRegistry(session: Session): BlobRegistry {
  const { database } = session;

  /** Looks through the newest rows first: there is no index of blobs, because only a sweep after a crash asks. */
  async function scan(
    table: 'instance' | 'attachment',
    column: string,
    wanted: Set<string>,
    found: Set<string>,
  ): Promise<void> {
    const sql = `SELECT ${column}, uuid FROM ${table} WHERE ${column} < ? ORDER BY ${column} DESC LIMIT ${windowRows}`;
    let rows: Row[];
    let before = Number.MAX_SAFE_INTEGER;
    do {
      rows = database.rows(sql, before);
      for (const row of rows) {
        if (row[1] === null) continue;
        const uuid = unpackUuid(row[1]);
        if (wanted.delete(uuid)) found.add(uuid);
      }
      before = integer(rows.at(-1)?.[0] ?? 0);
      await setImmediate();
    } while (rows.length === windowRows && wanted.size > 0);
  }

  return {
    async removedBlobs(limit) {
      return database.rows('SELECT uuid FROM removed_blob LIMIT ?', limit).map((row) => unpackUuid(row[0]));
    },
    forgetRemovedBlobs: (keys) =>
      session.write(() => {
        for (const key of keys) database.run('DELETE FROM removed_blob WHERE uuid = ?', packUuid(key));
      }),
    async blobsWithRow(keys) {
      const wanted = new Set(keys);
      const found = new Set<string>();
      if (wanted.size > 0) await scan('attachment', 'slot', wanted, found);
      if (wanted.size > 0) await scan('instance', 'key', wanted, found);
      return found;
    },
  };
}
