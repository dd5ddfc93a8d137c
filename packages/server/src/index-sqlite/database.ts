// The one connection that reads and writes: prepared statements kept by their text, transactions, errors in our own words.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { foldCase } from '@pharos/dicom';
import { PharosError } from '../model/index.ts';
import { indexUrl } from './files.ts';
import { integer, type Row } from './rows.ts';
import { migrations } from './schema.ts';

const cacheKibibytes = 32_000;
const busyMilliseconds = 5_000;
const keptStatements = 400;

export interface Database {
  /** Runs a statement; gives the number of rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
  row(sql: string, ...values: SQLInputValue[]): Row | undefined;
  rows(sql: string, ...values: SQLInputValue[]): Row[];
  /** All or nothing. Not to be nested. */
  transact<T>(work: () => T): T;
  /** Inside a transaction: undoes what `work` did where it gives undefined. */
  attempt<T>(work: () => T | undefined): T | undefined;
  close(): void;
}

function isNoRoom(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 13;
}

function failure(cause: unknown): unknown {
  if (!(cause instanceof Error) || !('errcode' in cause)) return cause;
  if (isNoRoom(cause)) return new PharosError('FullStorage', { details: 'No room on the disk of the index', cause });
  return new PharosError('Database', { details: `SQLite: ${cause.message}`, cause });
}

function migrate(connection: DatabaseSync, folder: string): void {
  const version = integer(Object.values(connection.prepare('PRAGMA user_version').get() ?? {})[0]);
  if (version > migrations.length) {
    throw new PharosError(
      'Database',
      `The index in ${folder} has schema ${version}, made by a newer version of Pharos; this one knows schema ${migrations.length}. ` +
        'Upgrade Pharos, or restore a backup made before the upgrade.',
    );
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    connection.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

/** Where the disk is full it stays as it is: a server has to start to have something deleted. */
function emptyLog(connection: DatabaseSync): void {
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!isNoRoom(error)) throw error;
  }
}

/** Which values a list names; the list is parsed once for all rows of a query. */
function createListMatcher(): (value: unknown, list: unknown) => number | null {
  let source = '';
  let wanted: ReadonlySet<unknown> = new Set();
  return (value, list) => {
    if (typeof value !== 'string' || typeof list !== 'string') return null;
    if (source !== list) {
      const parsed: unknown = JSON.parse(list);
      wanted = new Set(Array.isArray(parsed) ? parsed : []);
      source = list;
    }
    return wanted.has(value) || (value.includes('\\') && value.split('\\').some((part) => wanted.has(part))) ? 1 : 0;
  };
}

function connect(folder: string): DatabaseSync {
  const connection = new DatabaseSync(indexUrl(folder), { timeout: busyMilliseconds });
  try {
    connection.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;
      PRAGMA cache_size = -${cacheKibibytes}; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA foreign_keys = OFF`);
    connection.function('fold', { deterministic: true }, (value) =>
      typeof value === 'string' ? foldCase(value) : null,
    );
    connection.function('in_list', { deterministic: true }, createListMatcher());
    migrate(connection, folder);
    // What a crash left in the log goes to the database now: from here on only the checkpoint thread does that.
    emptyLog(connection);
  } catch (cause) {
    connection.close();
    throw failure(cause);
  }
  return connection;
}

/** Opens (and makes or migrates) the index of a folder. @throws PharosError Database */
export function openDatabase(folder: string): Database {
  const connection = connect(folder);
  const statements = new Map<string, StatementSync>();

  function statement(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known) return known;
    if (statements.size >= keptStatements) statements.clear();
    const made = connection.prepare(sql);
    made.setReturnArrays(true);
    statements.set(sql, made);
    return made;
  }

  const database: Database = {
    run: (sql, ...values) => Number(statement(sql).run(...values).changes),
    row: (sql, ...values) => statement(sql).get(...values),
    rows: (sql, ...values) => statement(sql).all(...values),
    transact(work) {
      try {
        database.run('BEGIN IMMEDIATE');
        const result = work();
        database.run('COMMIT');
        return result;
      } catch (error) {
        if (connection.isTransaction) connection.exec('ROLLBACK');
        throw failure(error);
      }
    },
    attempt(work) {
      database.run('SAVEPOINT attempt');
      const result = work();
      if (result === undefined) database.run('ROLLBACK TO attempt');
      database.run('RELEASE attempt');
      return result;
    },
    close() {
      statements.clear();
      emptyLog(connection);
      connection.close();
    },
  };
  return database;
}
