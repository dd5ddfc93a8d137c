// Runs a query to the keys of its matches. Without an index that narrows it, it goes through the keys window by window, each
// as long as some milliseconds take, so that others get their turn.
import { setImmediate } from 'node:timers/promises';
import type { IndexQuery } from '../ports/index.ts';
import { planQuery, type QueryPlan } from './query-plan.ts';
import { integer } from './rows.ts';
import type { Session } from './session.ts';
import { countOf } from './totals.ts';

/** Keys given at once. */
export const batchSize = 500;
const windowMilliseconds = 8;
const firstWindow = 2_000;
const smallestWindow = 100;

export interface KeySearch {
  plan(query: IndexQuery): QueryPlan;
  /** In the order of the query, without those that `since` and `limit` exclude. */
  keys(query: IndexQuery): AsyncIterable<readonly number[]>;
  /** How many match, whatever `since` and `limit` say. */
  count(query: IndexQuery): Promise<number>;
}

export function createKeySearch(session: Session): KeySearch {
  const { database, totals } = session;

  function plan(query: IndexQuery): QueryPlan {
    return planQuery(query, query.within === undefined ? undefined : session.locate(query.within));
  }

  function whereOf({ where }: QueryPlan): string {
    return where === '' ? '' : `WHERE ${where}`;
  }

  function allKeys(found: QueryPlan, query: IndexQuery): number[] {
    const sql = `SELECT r.key FROM ${found.table} r ${whereOf(found)} ${found.orderBy} LIMIT ? OFFSET ?`;
    return database.rows(sql, ...found.values, query.limit ?? -1, query.since ?? 0).map((row) => integer(row[0]));
  }

  /** Results of `visit` on one window of keys (after, upTo] after the other. */
  async function* byWindows<T>(visit: (after: number, upTo: number) => T): AsyncIterable<T> {
    const end = totals.values.last_key;
    let size = firstWindow;
    for (let after = 0; after < end; ) {
      const upTo = Math.min(end, after + size);
      const started = performance.now();
      const result = visit(after, upTo);
      const spent = Math.max(performance.now() - started, 0.1);
      size = Math.max(smallestWindow, Math.round(size * Math.min(4, windowMilliseconds / spent)));
      after = upTo;
      yield result;
      await setImmediate();
    }
  }

  async function* everyKey(table: string, query: IndexQuery): AsyncIterable<readonly number[]> {
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    let after = 0;
    let offset = query.since ?? 0;
    while (left > 0) {
      const wanted = Math.min(left, batchSize);
      const sql = `SELECT key FROM ${table} WHERE key > ? ORDER BY key LIMIT ? OFFSET ?`;
      const keys = database.rows(sql, after, wanted, offset).map((row) => integer(row[0]));
      yield keys;
      if (keys.length < wanted) return;
      left -= keys.length;
      after = keys.at(-1) ?? after;
      offset = 0;
    }
  }

  async function* scannedKeys(found: QueryPlan, query: IndexQuery): AsyncIterable<readonly number[]> {
    let skip = query.since ?? 0;
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    const sql = `SELECT r.key FROM ${found.table} r WHERE r.key > ? AND r.key <= ? AND ${found.where} ORDER BY r.key`;
    const visit = (after: number, upTo: number): number[] =>
      database.rows(sql, after, upTo, ...found.values).map((row) => integer(row[0]));
    if (left === 0) return;
    for await (const keys of byWindows(visit)) {
      const wanted = keys.slice(skip, skip + left);
      skip -= Math.min(skip, keys.length);
      left -= wanted.length;
      yield wanted;
      if (left === 0) return;
    }
  }

  return {
    plan,
    async *keys(query) {
      const found = plan(query);
      if (found.isOneStatement) yield allKeys(found, query);
      else if (found.where === '') yield* everyKey(found.table, query);
      else yield* scannedKeys(found, query);
    },
    async count(query) {
      const found = plan(query);
      if (found.where === '') return totals.values[countOf[query.level]];
      if (found.isOneStatement) {
        return integer(database.row(`SELECT count(*) FROM ${found.table} r ${whereOf(found)}`, ...found.values)?.[0]);
      }
      let sum = 0;
      const sql = `SELECT count(*) FROM ${found.table} r WHERE r.key > ? AND r.key <= ? AND ${found.where}`;
      const visit = (after: number, upTo: number): number =>
        integer(database.row(sql, after, upTo, ...found.values)?.[0]);
      for await (const part of byWindows(visit)) sum += part;
      return sum;
    },
  };
}
