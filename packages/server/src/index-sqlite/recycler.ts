// MaximumStorageSize and MaximumPatientCount: whether an instance fits, and which patients make room for it. The totals are
// at hand, so that an instance which fits costs nothing more.
import type { OrthancId } from '../model/index.ts';
import type { NewInstance, ResourceRef, StorageLimits } from '../ports/index.ts';
import type { Removal } from './removal.ts';
import { integer, orthancId } from './rows.ts';
import type { Session } from './session.ts';

/** What was removed for others. */
export interface Gone {
  readonly recycled: OrthancId[];
  readonly removed: ResourceRef[];
}

export interface Recycler {
  hasRoom(added: NewInstance, limits: StorageLimits): boolean;
  /** Removes the oldest unprotected patients, never the instance's own, until it fits; false where it cannot. */
  makeRoom(added: NewInstance, limits: StorageLimits, gone: Gone): boolean;
}

function sizeOf(added: NewInstance): number {
  return added.attachments.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
}

export function createRecycler(session: Session, removal: Removal): Recycler {
  const { database, totals } = session;

  function hasRoom(added: NewInstance, limits: StorageLimits): boolean {
    const { maximumBytes, maximumPatients } = limits;
    if (maximumBytes > 0 && totals.values.stored + sizeOf(added) > maximumBytes) return false;
    if (maximumPatients <= 0 || totals.values.patients < maximumPatients) return true;
    return session.locate(added.ids.patient) !== undefined;
  }

  return {
    hasRoom,
    makeRoom(added, limits, { recycled, removed }) {
      if (hasRoom(added, limits)) return true;
      if (limits.mode === 'Reject' || (limits.maximumBytes > 0 && sizeOf(added) > limits.maximumBytes)) return false;
      const own = session.locate(added.ids.patient)?.key ?? 0;
      const oldest = `SELECT a.key, p.id FROM activity a JOIN patient p ON p.key = a.key
        WHERE a.rank IS NOT NULL AND a.key <> ? ORDER BY a.rank LIMIT 1`;
      while (!hasRoom(added, limits)) {
        const row = database.row(oldest, own);
        if (!row) return false;
        for (const ref of removal.remove('Patient', integer(row[0]), added.receivedAt).deleted) removed.push(ref);
        recycled.push(orthancId(row[1]));
      }
      return true;
    },
  };
}
