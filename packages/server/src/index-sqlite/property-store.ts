// Values and counters of the server itself.
import type { PropertyStore } from '../ports/index.ts';
import { text } from './rows.ts';
import type { Session } from './session.ts';

export function createPropertyStore(session: Session): PropertyStore {
  const { database } = session;
  const load = (name: string): string | undefined => {
    const row = database.row('SELECT value FROM property WHERE name = ?', name);
    return row && text(row[0]);
  };
  const save = (name: string, value: string): void => {
    database.run('INSERT OR REPLACE INTO property VALUES (?, ?)', name, value);
  };
  // A counter and a property of the same name are two things.
  const counterName = (counter: string): string => `counter:${counter}`;
  const propertyName = (name: string): string => `property:${name}`;
  return {
    property: async (name) => load(propertyName(name)),
    setProperty: (name, value) => session.write(() => save(propertyName(name), value)),
    nextNumber: (counter) =>
      session.write(() => {
        const next = Number(load(counterName(counter)) ?? 0) + 1;
        save(counterName(counter), String(next));
        return next;
      }),
  };
}
