// Deletes a resource with what is below it, set-wise by level, and the ancestors it leaves empty.
import { childLevel, type Level, levelNumber, levelOfNumber, parentLevel } from '../model/index.ts';
import type { ResourceRef } from '../ports/index.ts';
import { removeAttachmentsOf } from './attachment-rows.ts';
import { removeIdentifiers } from './identifiers.ts';
import { integer, orthancId, packDate } from './rows.ts';
import { slotsOfResource } from './schema.ts';
import type { Session } from './session.ts';
import { tableOf } from './tables.ts';
import { countOf } from './totals.ts';

export interface Removed {
  readonly remaining: ResourceRef | undefined;
  /** From the top down. */
  readonly deleted: readonly ResourceRef[];
}

export interface Removal {
  /** Inside a transaction; the resource exists. */
  remove(level: Level, key: number, now: string): Removed;
}

/** Resources handled by one statement. */
const chunk = 10_000;

/** Tables that name a resource by `column`. */
const sideTables = [
  ['detail', 'key'],
  ['activity', 'key'],
  ['label', 'resource'],
  ['change', 'resource'],
] as const;

export function createRemoval(session: Session): Removal {
  const { database, totals } = session;

  /** Removes these resources, of which nothing is below any more; keys as a JSON array. */
  function removeRows(level: Level, keys: string): ResourceRef[] {
    const table = tableOf[level];
    const among = '(SELECT value FROM json_each(?))';
    const refs = database
      .rows(`SELECT id FROM ${table} WHERE key IN ${among} ORDER BY key`, keys)
      .map((row) => ({ level, id: orthancId(row[0]) }));
    removeAttachmentsOf(session, keys, level === 'Instance');
    removeIdentifiers(database, level, keys);
    database.run(`DELETE FROM resource_id WHERE id IN (SELECT id FROM ${table} WHERE key IN ${among})`, keys);
    for (const [side, column] of sideTables) database.run(`DELETE FROM ${side} WHERE ${column} IN ${among}`, keys);
    database.run(
      `DELETE FROM metadata WHERE slot IN (SELECT m.slot FROM json_each(?) k CROSS JOIN metadata m
        ON m.slot BETWEEN k.value * ${slotsOfResource} AND k.value * ${slotsOfResource} + ${slotsOfResource - 1})`,
      keys,
    );
    totals.values[countOf[level]] -= database.run(`DELETE FROM ${table} WHERE key IN ${among}`, keys);
    return refs;
  }

  function childKeys(level: Level, keys: readonly number[]): number[] {
    const sql = `SELECT key FROM ${tableOf[level]} WHERE parent IN (SELECT value FROM json_each(?))`;
    return database.rows(sql, JSON.stringify(keys)).map((row) => integer(row[0]));
  }

  function removeBelow(level: Level, keys: readonly number[]): ResourceRef[] {
    const child = childLevel(level);
    const below = child && keys.length > 0 ? removeBelow(child, childKeys(child, keys)) : [];
    const refs: ResourceRef[] = [];
    for (let at = 0; at < keys.length; at += chunk) {
      for (const ref of removeRows(level, JSON.stringify(keys.slice(at, at + chunk)))) refs.push(ref);
    }
    for (const ref of below) refs.push(ref);
    return refs;
  }

  function parentKey(level: Level, key: number): number | undefined {
    if (level === 'Patient') return undefined;
    return integer(database.row(`SELECT parent FROM ${tableOf[level]} WHERE key = ?`, key)?.[0]);
  }

  function hasChild(level: Level, key: number): boolean {
    const child = childLevel(level);
    return child !== undefined && database.row(`SELECT 1 FROM ${tableOf[child]} WHERE parent = ?`, key) !== undefined;
  }

  function refresh(level: Level, key: number, now: string): void {
    database.run('UPDATE activity SET updated = ? WHERE key = ?', packDate(now), key);
    const parent = parentKey(level, key);
    const above = parentLevel(level);
    if (parent !== undefined && above) refresh(above, parent, now);
  }

  return {
    remove(level, key, now) {
      session.changed();
      let parent = parentKey(level, key);
      let at = parentLevel(level);
      const deleted = removeBelow(level, [key]);
      while (parent !== undefined && at && !hasChild(at, parent)) {
        const above = parentKey(at, parent);
        deleted.unshift(...removeRows(at, JSON.stringify([parent])));
        parent = above;
        at = levelOfNumber(levelNumber[at] - 1);
      }
      if (parent === undefined || !at) return { remaining: undefined, deleted };
      refresh(at, parent, now);
      const id = orthancId(database.row(`SELECT id FROM ${tableOf[at]} WHERE key = ?`, parent)?.[0]);
      return { remaining: { level: at, id }, deleted };
    },
  };
}
