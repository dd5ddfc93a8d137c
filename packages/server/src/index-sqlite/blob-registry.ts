// Which blobs have a row, and which lost theirs and wait for removal.
import { levels } from '../model/index.ts';
import type { ResourceRef, ResourceWriter } from '../ports/index.ts';
import { integer, orthancId, packUuid, unpackUuid } from './rows.ts';
import { slotsOfResource } from './schema.ts';
import type { Session } from './session.ts';
import { tableOf } from './tables.ts';

export type BlobRegistry = Pick<
  ResourceWriter,
  | 'removedBlobs'
  | 'forgetRemovedBlobs'
  | 'blobsWithRow'
  | 'lastBlobBetween'
  | 'countBlobsBetween'
  | 'resourceOfBlob'
  | 'moveBlobs'
>;

/** Those that refer to blobs. */
const tables = ['instance', 'attachment'] as const;

export function createBlobRegistry(session: Session): BlobRegistry {
  const { database } = session;
  const holder = 'SELECT 1 FROM instance WHERE uuid = ? UNION ALL SELECT 1 FROM attachment WHERE uuid = ? LIMIT 1';

  function hasRow(key: string): boolean {
    const uuid = packUuid(key);
    return database.row(holder, uuid, uuid) !== undefined;
  }

  function lastBetween(from: string, before: string): string | undefined {
    const found = tables.flatMap((table) => {
      const sql = `SELECT uuid FROM ${table} WHERE uuid >= ? AND uuid < ? ORDER BY uuid DESC LIMIT 1`;
      return database.rows(sql, packUuid(from), packUuid(before)).map((row) => unpackUuid(row[0]));
    });
    return found.sort().at(-1);
  }

  function countBetween(from: string, before: string): number {
    const counts = tables.map((table) => {
      const sql = `SELECT count(*) FROM ${table} WHERE uuid >= ? AND uuid < ?`;
      return integer(database.row(sql, packUuid(from), packUuid(before))?.[0]);
    });
    return counts.reduce((sum, count) => sum + count, 0);
  }

  function resourceOf(key: string): ResourceRef | undefined {
    const uuid = packUuid(key);
    const holder =
      database.row('SELECT key FROM instance WHERE uuid = ?', uuid) ??
      database.row(`SELECT slot / ${slotsOfResource} FROM attachment WHERE uuid = ?`, uuid);
    if (!holder) return undefined;
    for (const level of levels) {
      const row = database.row(`SELECT id FROM ${tableOf[level]} WHERE key = ?`, integer(holder[0]));
      if (row) return { level, id: orthancId(row[0]) };
    }
    return undefined;
  }

  function move(from: string, to: string): boolean {
    const [old, uuid] = [packUuid(from), packUuid(to)];
    const moved = tables.map((table) => database.run(`UPDATE ${table} SET uuid = ? WHERE uuid = ?`, uuid, old));
    return moved.some((rows) => rows > 0);
  }

  return {
    async removedBlobs(limit, after) {
      const rows =
        after === undefined
          ? database.rows('SELECT uuid FROM removed_blob ORDER BY uuid LIMIT ?', limit)
          : database.rows('SELECT uuid FROM removed_blob WHERE uuid > ? ORDER BY uuid LIMIT ?', packUuid(after), limit);
      return rows.map((row) => unpackUuid(row[0]));
    },
    forgetRemovedBlobs: (keys) =>
      session.write(() => {
        for (const key of keys) database.run('DELETE FROM removed_blob WHERE uuid = ?', packUuid(key));
      }),
    moveBlobs: (newKeys) =>
      session.write(() => new Set([...newKeys].filter(([from, to]) => move(from, to)).map(([from]) => from))),
    lastBlobBetween: async (from, before) => lastBetween(from, before),
    countBlobsBetween: async (from, before) => countBetween(from, before),
    resourceOfBlob: async (key) => resourceOf(key),
    blobsWithRow: async (keys) => new Set(keys.filter(hasRow)),
  };
}
