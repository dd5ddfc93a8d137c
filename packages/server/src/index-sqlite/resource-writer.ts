// Adding and removing resources.
import { firstUserNumber } from '../model/index.ts';
import type { ResourceWriter } from '../ports/index.ts';
import { slotOf } from './attachment-rows.ts';
import { createBlobRegistry } from './blob-registry.ts';
import { removeIdentifiers } from './identifiers.ts';
import { createInstanceWriter } from './instance-writer.ts';
import { createRecycler } from './recycler.ts';
import { createRemoval } from './removal.ts';
import type { Session } from './session.ts';
import { createStability } from './stability.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

export function createResourceWriter(session: Session, log: WriteAheadLog): ResourceWriter {
  const { database, details, totals } = session;
  const removal = createRemoval(session);
  const instances = createInstanceWriter(session, removal, createRecycler(session, removal));

  return {
    addInstances: (batch, limits) => session.write(() => instances.addBatch(batch, limits)),
    sync: () => log.sync(),
    yieldRoom: () => log.empty(),
    deleteResource: (ref, now) =>
      session.write(() => {
        const key = session.keyOf(ref);
        return key === undefined ? undefined : removal.remove(ref.level, key, now);
      }),
    replaceTags: (ref, tags, metadata) =>
      session.write(() => {
        const key = session.keyOf(ref);
        if (key === undefined) return false;
        session.changed();
        removeIdentifiers(database, ref.level, JSON.stringify([key]));
        details.replace(ref.level, key, tags, metadata);
        const sql = 'DELETE FROM metadata WHERE slot >= ? AND slot < ?';
        database.run(sql, slotOf(key, 0), slotOf(key, firstUserNumber));
        return true;
      }),
    setProtected: (patient, isProtected) =>
      session.write(() => {
        const key = session.keyOf({ level: 'Patient', id: patient });
        if (key === undefined) return false;
        session.changed();
        const rank = isProtected ? null : ++totals.values.last_rank;
        // Who was not protected keeps the place in the order.
        const sql = 'UPDATE activity SET rank = ? WHERE key = ? AND (rank IS NULL) <> ?';
        database.run(sql, rank, key, isProtected ? 1 : 0);
        return true;
      }),
    ...createStability(session),
    ...createBlobRegistry(session),
  };
}
