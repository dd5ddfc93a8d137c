// What the parts of the index share: the connection, the totals, the change log's writer, and transactions over all of them.
import { type ChangeName, ChangeType, type Level, levelNumber, type OrthancId, PharosError } from '../model/index.ts';
import type { ResourceRef } from '../ports/index.ts';
import type { Database } from './database.ts';
import { createDetails, type DetailStore } from './details.ts';
import { idBytes, integer, packDate } from './rows.ts';
import { createTotals, type TotalStore } from './totals.ts';
import type { WriteAheadLog } from './write-ahead-log.ts';

/** A resource by its key and the number of its level. */
export interface Located {
  readonly key: number;
  readonly level: number;
}

export interface Session {
  readonly database: Database;
  readonly totals: TotalStore;
  readonly details: DetailStore;
  /** Runs `work` in a transaction, once the log has room. */
  write<T>(work: () => T): Promise<T>;
  /** Tells those who keep facts of resources in memory, and `save`, that this transaction does more than add. */
  changed(): void;
  onChanged(listener: () => void): void;
  /** Told of every transaction, done or undone. */
  onWrite(listener: () => void): void;
  /** Inside a transaction: a change other than New... */
  logChange(type: ChangeName, level: Level, key: number, date: string): void;
  /** The key of a resource that is there, at that level. */
  keyOf(ref: ResourceRef): number | undefined;
  locate(id: OrthancId): Located | undefined;
}

/** The disk of the index is full. */
export function isFull(error: unknown): boolean {
  return error instanceof PharosError && error.code === 'FullStorage';
}

export function createSession(database: Database, log: WriteAheadLog): Session {
  const totals = createTotals(database);
  const details = createDetails(database);
  const listeners: (() => void)[] = [];
  const writeListeners: (() => void)[] = [];
  let additionsOnly = true;

  function changed(): void {
    additionsOnly = false;
    for (const listener of listeners) listener();
  }

  function transact<T>(work: () => T): T {
    for (const listener of writeListeners) listener();
    try {
      return database.transact(() => {
        additionsOnly = true;
        const result = work();
        totals.save(additionsOnly);
        return result;
      });
    } catch (error) {
      totals.reload();
      details.forget();
      changed();
      throw error;
    }
  }

  async function transactWithRoom<T>(work: () => T): Promise<T> {
    try {
      return transact(work);
    } catch (error) {
      if (!isFull(error)) throw error;
      await log.empty();
      return transact(work);
    }
  }

  function locate(id: OrthancId): Located | undefined {
    const row = database.row('SELECT key, level FROM resource_id WHERE id = ?', idBytes(id));
    return row && { key: integer(row[0]), level: integer(row[1]) };
  }

  return {
    database,
    totals,
    details,
    async write(work) {
      await log.room();
      const result = await transactWithRoom(work);
      log.committed();
      return result;
    },
    changed,
    onChanged: (listener) => {
      listeners.push(listener);
    },
    onWrite: (listener) => {
      writeListeners.push(listener);
    },
    logChange(type, level, key, date) {
      const seq = ++totals.values.last_key;
      const sql = 'INSERT INTO change VALUES (?, ?, ?, ?, ?)';
      database.run(sql, seq, ChangeType[type], levelNumber[level], key, packDate(date));
    },
    keyOf(ref) {
      const found = locate(ref.id);
      return found?.level === levelNumber[ref.level] ? found.key : undefined;
    },
    locate,
  };
}
