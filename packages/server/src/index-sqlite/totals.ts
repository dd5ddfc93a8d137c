// Counts, sizes and counters of the whole server, so that statistics cost nothing. Kept in memory; written with every
// transaction that does more than add resources. Pure additions are written now and then: what was added since is counted
// at start-up, by its keys.
import type { Level } from '../model/index.ts';
import type { Database } from './database.ts';
import { integer, optionalInteger } from './rows.ts';
import { slotsOfResource } from './schema.ts';

const fields = [
  'patients',
  'studies',
  'series',
  'instances',
  'stored',
  'size',
  'dicom_stored',
  'dicom_size',
  'last_key',
  'last_export',
  'last_rank',
  'cleared',
] as const;

export type Totals = Record<(typeof fields)[number], number>;

export const countOf = {
  Patient: 'patients',
  Study: 'studies',
  Series: 'series',
  Instance: 'instances',
} as const satisfies Record<Level, keyof Totals>;

/** How many transactions of pure additions may go unwritten. */
const unwrittenAdditions = 500;

export interface TotalStore {
  /** The current figures; change them only inside a transaction. */
  readonly values: Totals;
  /** Writes them; those of pure additions only from time to time. */
  save(additionsOnly: boolean): void;
  /** Reads them again, after a transaction was undone. */
  reload(): void;
}

const update = `UPDATE total SET ${fields.map((field) => `${field} = ?`).join(', ')} WHERE one = 1`;
const select = `SELECT ${fields.join(', ')} FROM total`;

function read(database: Database): Totals {
  const row = database.row(select) ?? [];
  const at = (field: keyof Totals): number => integer(row[fields.indexOf(field)]);
  const [key, slot] = [at('last_key'), (at('last_key') + 1) * slotsOfResource];
  const added = (table: string): number =>
    integer(database.row(`SELECT count(*) FROM ${table} WHERE key > ?`, key)?.[0]);
  const sums = (table: string, column: string, after: number): [number, number] => {
    const sql = `SELECT total(stored), total(size) FROM ${table} WHERE ${column} >= ?`;
    const found = database.row(sql, after);
    return [integer(found?.[0]), integer(found?.[1])];
  };
  const [dicomStored, dicomSize] = sums('instance', 'key', key + 1);
  const [otherStored, otherSize] = sums('attachment', 'slot', slot);
  const highest = (sql: string): number => optionalInteger(database.row(sql)?.[0]) ?? 0;
  const keys = ['patient', 'study', 'series', 'instance'].map((table) => highest(`SELECT max(key) FROM ${table}`));
  return {
    patients: at('patients') + added('patient'),
    studies: at('studies') + added('study'),
    series: at('series') + added('series'),
    instances: at('instances') + added('instance'),
    stored: at('stored') + dicomStored + otherStored,
    size: at('size') + dicomSize + otherSize,
    dicom_stored: at('dicom_stored') + dicomStored,
    dicom_size: at('dicom_size') + dicomSize,
    last_key: Math.max(key, ...keys, highest('SELECT max(seq) FROM change')),
    last_export: at('last_export'),
    last_rank: Math.max(at('last_rank'), highest('SELECT max(rank) FROM activity')),
    cleared: at('cleared'),
  };
}

export function createTotals(database: Database): TotalStore {
  const values = read(database);
  let unwritten = 0;
  return {
    values,
    save(additionsOnly) {
      if (additionsOnly && ++unwritten < unwrittenAdditions) return;
      unwritten = 0;
      database.run(update, ...fields.map((field) => values[field]));
    },
    reload() {
      Object.assign(values, read(database));
    },
  };
}
