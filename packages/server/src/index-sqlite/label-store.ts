// Labels, found by resource and by label.
import type { LabelStore } from '../ports/index.ts';
import { text } from './rows.ts';
import type { Session } from './session.ts';

export function createLabelStore(session: Session): LabelStore {
  const { database } = session;
  const change = (sql: string): LabelStore['addLabel'] => {
    return (ref, label) =>
      session.write(() => {
        const key = session.keyOf(ref);
        if (key === undefined) return false;
        database.run(sql, key, label);
        return true;
      });
  };
  return {
    addLabel: change('INSERT OR IGNORE INTO label VALUES (?, ?)'),
    removeLabel: change('DELETE FROM label WHERE resource = ? AND label = ?'),
    async allLabels() {
      // From one label to the next by index, whatever the number of resources that have it.
      const sql = `WITH RECURSIVE used(label) AS (
        SELECT min(label) FROM label
        UNION ALL SELECT (SELECT min(l.label) FROM label l WHERE l.label > used.label) FROM used WHERE used.label IS NOT NULL
      ) SELECT label FROM used WHERE label IS NOT NULL`;
      return database.rows(sql).map((row) => text(row[0]));
    },
  };
}
