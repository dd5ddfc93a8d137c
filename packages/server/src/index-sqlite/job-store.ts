// Jobs as they are kept over a restart.
import type { JobStore } from '../ports/index.ts';
import { integer, text } from './rows.ts';
import type { Session } from './session.ts';

export function createJobStore(session: Session): JobStore {
  const { database } = session;
  const keyOf = (id: string): number | undefined => {
    const row = database.row('SELECT key FROM job WHERE id = ?', id);
    return row && integer(row[0]);
  };
  return {
    saveJob: ({ id, request, state }) =>
      session.write(() => {
        if (keyOf(id) === undefined) database.run('INSERT INTO job (id, request) VALUES (?, ?)', id, request);
        database.run('INSERT OR REPLACE INTO job_state SELECT key, ? FROM job WHERE id = ?', state, id);
      }),
    removeJob: (id) =>
      session.write(() => {
        const key = keyOf(id);
        if (key === undefined) return;
        database.run('DELETE FROM job_state WHERE key = ?', key);
        database.run('DELETE FROM job WHERE key = ?', key);
      }),
    async savedJobs() {
      const rows = database.rows('SELECT id, request, state FROM job JOIN job_state USING (key) ORDER BY key');
      return rows.map((row) => ({ id: text(row[0]), request: text(row[1]), state: text(row[2]) }));
    },
  };
}
