// Metadata of a resource. What came with the resource lives in its details, at revision 0; what was set later, in a table by
// slot, where it counts its revisions.
import { createHash } from 'node:crypto';
import { firstUserNumber, type MetadataType } from '../model/index.ts';
import type { ExpectedRevision, MetadataStore, ResourceRef } from '../ports/index.ts';
import { slotOf } from './attachment-rows.ts';
import { integer, text } from './rows.ts';
import type { Session } from './session.ts';

interface Current {
  readonly value: string;
  readonly revision: number;
  readonly isInDetails: boolean;
}

/** Whether what is there is not what the client says it changes. */
export function isConflict(
  expected: ExpectedRevision | undefined,
  current: { readonly revision: number; readonly md5: string | undefined } | undefined,
): boolean {
  if (!expected || !current) return false;
  if (expected.revision !== current.revision) return true;
  return expected.md5 !== undefined && expected.md5 !== current.md5;
}

function md5Of(value: string): string {
  return createHash('md5').update(value, 'utf8').digest('hex');
}

export function createMetadataStore(session: Session): MetadataStore {
  const { database, details } = session;

  function load(key: number, type: MetadataType): Current | undefined {
    const row = database.row('SELECT value, revision FROM metadata WHERE slot = ?', slotOf(key, type));
    if (row) return { value: text(row[0]), revision: integer(row[1]), isInDetails: false };
    const value = type < firstUserNumber ? details.metadata(key)[type] : undefined;
    return value === undefined ? undefined : { value, revision: 0, isInDetails: true };
  }

  function removeFromDetails(key: number, type: MetadataType): void {
    const { [type]: _, ...others } = details.metadata(key);
    details.setMetadata(key, others);
  }

  function logUpdate(ref: ResourceRef, key: number, type: MetadataType, now: string): void {
    if (type >= firstUserNumber) session.logChange('UpdatedMetadata', ref.level, key, now);
  }

  function differs(expected: ExpectedRevision | undefined, current: Current | undefined): boolean {
    if (!expected || !current) return false;
    return isConflict(expected, { revision: current.revision, md5: md5Of(current.value) });
  }

  return {
    setMetadata: (ref, type, value, now, expected) =>
      session.write(() => {
        const key = session.keyOf(ref);
        if (key === undefined) return { status: 'Missing' };
        const current = load(key, type);
        if (differs(expected, current)) return { status: 'Conflict' };
        session.changed();
        if (current?.isInDetails) removeFromDetails(key, type);
        const revision = current ? current.revision + 1 : 0;
        database.run('INSERT OR REPLACE INTO metadata VALUES (?, ?, ?)', slotOf(key, type), value, revision);
        logUpdate(ref, key, type, now);
        return { status: 'Done', revision };
      }),
    deleteMetadata: (ref, type, now, expected) =>
      session.write(() => {
        const key = session.keyOf(ref);
        const current = key === undefined ? undefined : load(key, type);
        if (key === undefined || !current) return { status: 'Missing' };
        if (differs(expected, current)) return { status: 'Conflict' };
        session.changed();
        if (current.isInDetails) removeFromDetails(key, type);
        else database.run('DELETE FROM metadata WHERE slot = ?', slotOf(key, type));
        logUpdate(ref, key, type, now);
        return { status: 'Done', revision: current.revision };
      }),
  };
}
