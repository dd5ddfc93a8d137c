// Stable resources: those without a new instance for a while. Known from the rows themselves, so that a restart changes
// nothing.
import { type ChangeName, type Level, levelNumber, type OrthancId } from '../model/index.ts';
import type { ResourceRef, ResourceWriter } from '../ports/index.ts';
import { integer, orthancId, packDate } from './rows.ts';
import type { Session } from './session.ts';
import { tableOf } from './tables.ts';

/** In the order in which they are told. */
const stableChanges: readonly (readonly [Level, ChangeName])[] = [
  ['Series', 'StableSeries'],
  ['Study', 'StableStudy'],
  ['Patient', 'StablePatient'],
];

export function createStability(session: Session): Pick<ResourceWriter, 'stabilise' | 'setStable'> {
  const { database } = session;

  function due(level: Level, before: string, limit: number): { key: number; ref: ResourceRef }[] {
    const sql = `SELECT a.key, r.id FROM activity a CROSS JOIN ${tableOf[level]} r ON r.key = a.key
      WHERE a.level = ? AND a.received IS NOT NULL AND a.received < ? ORDER BY a.received LIMIT ?`;
    return database
      .rows(sql, levelNumber[level], packDate(before), limit)
      .map((row) => ({ key: integer(row[0]), ref: { level, id: orthancId(row[1]) } }));
  }

  function stabilise(before: string, now: string, limit: number): ResourceRef[] {
    const stable: ResourceRef[] = [];
    for (const [level, change] of stableChanges) {
      for (const { key, ref } of due(level, before, limit - stable.length)) {
        database.run('UPDATE activity SET received = NULL WHERE key = ?', key);
        session.logChange(change, level, key, now);
        stable.push(ref);
      }
    }
    if (stable.length > 0) session.changed();
    return stable;
  }

  function isAnyDue(before: string): boolean {
    return stableChanges.some(([level]) => due(level, before, 1).length > 0);
  }

  function setStable(id: OrthancId, isStable: boolean, now: string) {
    const found = session.locate(id);
    const known = stableChanges.find(([level]) => levelNumber[level] === found?.level);
    if (!found || !known) return undefined;
    const { key } = found;
    const [level, change] = known;
    const isNow = database.row('SELECT received FROM activity WHERE key = ?', key)?.[0] === null;
    const isChanged = isNow !== isStable;
    if (isChanged || !isStable) {
      database.run('UPDATE activity SET received = ? WHERE key = ?', isStable ? null : packDate(now), key);
      session.changed();
    }
    if (isChanged && isStable) session.logChange(change, level, key, now);
    return { resource: { level, id }, isChanged };
  }

  return {
    setStable: (id, isStable, now) => session.write(() => setStable(id, isStable, now)),
    async stabilise(before, now, limit) {
      if (limit <= 0 || !isAnyDue(before)) return [];
      return session.write(() => stabilise(before, now, limit));
    },
  };
}
