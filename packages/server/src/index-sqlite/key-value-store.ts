// Bytes that scripts and plug-ins keep.
import type { KeyValueStore } from '../ports/index.ts';
import type { Session } from './session.ts';

export function createKeyValueStore(session: Session): KeyValueStore {
  const { database } = session;
  return {
    async keyValue(store, key) {
      const value = database.row('SELECT value FROM key_value WHERE store = ? AND key = ?', store, key)?.[0];
      return value instanceof Uint8Array ? value : undefined;
    },
    setKeyValue: (store, key, value) =>
      session.write(() => void database.run('INSERT OR REPLACE INTO key_value VALUES (?, ?, ?)', store, key, value)),
    deleteKeyValue: (store, key) =>
      session.write(() => void database.run('DELETE FROM key_value WHERE store = ? AND key = ?', store, key)),
  };
}
