// Which blobs have a row, and which lost theirs and wait for removal.
import type { ResourceWriter } from '../ports/index.ts';
import { packUuid, unpackUuid } from './rows.ts';
import type { Session } from './session.ts';

export type BlobRegistry = Pick<
  ResourceWriter,
  'removedBlobs' | 'forgetRemovedBlobs' | 'blobsWithRow' | 'anyBlobBetween' | 'moveBlobs'
>;

export function createBlobRegistry(session: Session): BlobRegistry {
  const { database } = session;
  const holder = 'SELECT 1 FROM instance WHERE uuid = ? UNION ALL SELECT 1 FROM attachment WHERE uuid = ? LIMIT 1';

  function hasRow(key: string): boolean {
    const uuid = packUuid(key);
    return database.row(holder, uuid, uuid) !== undefined;
  }

  const between = `SELECT 1 FROM instance WHERE uuid >= ?1 AND uuid < ?2
    UNION ALL SELECT 1 FROM attachment WHERE uuid >= ?1 AND uuid < ?2 LIMIT 1`;

  function move(from: string, to: string): boolean {
    const [old, uuid] = [packUuid(from), packUuid(to)];
    const moved = ['instance', 'attachment'].map((table) =>
      database.run(`UPDATE ${table} SET uuid = ? WHERE uuid = ?`, uuid, old),
    );
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
    anyBlobBetween: async (from, before) => database.row(between, packUuid(from), packUuid(before)) !== undefined,
    blobsWithRow: async (keys) => new Set(keys.filter(hasRow)),
  };
}
