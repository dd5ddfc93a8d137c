// An index query as SQL over one level's table, `r`. Conditions that an index answers become sets of keys (`IN`); the others
// are looked at row by row. Whether there is any set decides how the query is run: in one statement, or window by window.
import type { SQLInputValue } from 'node:sqlite';
import { formatTag, type Tag } from '@pharos/dicom';
import {
  childLevel,
  isAbove,
  type Level,
  levelNumber,
  levelOfNumber,
  Metadata,
  type MetadataType,
  parentLevel,
} from '../model/index.ts';
import type { IndexQuery, MetadataTerm, OrderTerm, TagTerm } from '../ports/index.ts';
import { componentCodes, identifierCode } from './identifiers.ts';
import { type Condition, identifierCondition, isWithoutCase, matchCondition } from './match-condition.ts';
import { slotsOfResource } from './schema.ts';
import type { Located } from './session.ts';
import { tableOf } from './tables.ts';

export interface QueryPlan {
  readonly table: string;
  /** Joined by AND; '' where all rows qualify. */
  readonly where: string;
  readonly values: readonly SQLInputValue[];
  readonly orderBy: string;
  /** True where an index narrows the search or an order is wanted: one statement gives all keys. */
  readonly isOneStatement: boolean;
}

const never: Condition = { sql: 'r.key = 0', values: [] };

/** From the upper one down, without both. */
export function levelsBetween(upper: Level, lower: Level): Level[] {
  const found: Level[] = [];
  for (let at = childLevel(upper); at && at !== lower; at = childLevel(at)) found.push(at);
  return found;
}

/** Rows of `level` that are, are below, or are above the keys of `set` at another level. */
function related(level: Level, setLevel: Level, set: Condition): Condition {
  if (setLevel === level) return { sql: `r.key IN (${set.sql})`, values: set.values };
  if (isAbove(setLevel, level)) {
    const keys = levelsBetween(setLevel, level).reduce(
      (sql, at) => `SELECT key FROM ${tableOf[at]} WHERE parent IN (${sql})`,
      set.sql,
    );
    return { sql: `r.parent IN (${keys})`, values: set.values };
  }
  const keys = [...levelsBetween(level, setLevel), setLevel].reduceRight(
    (sql, at) => `SELECT parent FROM ${tableOf[at]} WHERE key IN (${sql})`,
    set.sql,
  );
  return { sql: `r.key IN (${keys})`, values: set.values };
}

/** Key of the ancestor of `r` at a level above, or of `r` itself. */
function ancestorKey(level: Level, above: Level): string {
  if (level === above) return 'r.key';
  let sql = 'r.parent';
  for (let at = parentLevel(level); at && at !== above; at = parentLevel(at)) {
    sql = `(SELECT parent FROM ${tableOf[at]} WHERE key = ${sql})`;
  }
  return sql;
}

/** The value of a main DICOM tag of the details `d`, in SQL. */
export function tagValue(tag: Tag): string {
  return `(d.tags ->> '$."${formatTag(tag)}"')`;
}

function tagCondition(term: TagTerm): Condition {
  const value = tagValue(term.tag);
  return matchCondition(term.caseSensitive ? value : `fold(${value})`, term.match, term.caseSensitive);
}

/** Keys at the term's level, from the index of identifiers; undefined where that has no answer. */
function identifierSet(term: TagTerm): Condition | undefined {
  const code = identifierCode(term.level, term.tag);
  if (code === undefined) return undefined;
  const found = identifierCondition(code, code + componentCodes, term.match);
  const keys = `SELECT i.key FROM identifier i WHERE ${found.sql}`;
  if (!term.caseSensitive || isWithoutCase(term.match)) return { sql: keys, values: found.values };
  if (term.match.kind === 'range') return undefined;
  const exact = tagCondition(term);
  return {
    sql: `${keys} AND EXISTS (SELECT 1 FROM detail d WHERE d.key = i.key AND ${exact.sql})`,
    values: [...found.values, ...exact.values],
  };
}

/** Keys of an upper level by a tag that has no index: a scan, but of the shorter table. */
function scannedSet(term: TagTerm): Condition {
  const { sql, values } = tagCondition(term);
  return { sql: `SELECT t.key FROM ${tableOf[term.level]} t JOIN detail d ON d.key = t.key WHERE ${sql}`, values };
}

function rowCondition(level: Level, term: TagTerm): Condition {
  const { sql, values } = tagCondition(term);
  if (!isAbove(level, term.level)) {
    const key = ancestorKey(level, term.level);
    return { sql: `EXISTS (SELECT 1 FROM detail d WHERE d.key = ${key} AND ${sql})`, values };
  }
  const [first = term.level, ...further] = [...levelsBetween(level, term.level), term.level];
  const joins = further.map(
    (at, index) => ` JOIN ${tableOf[at]} c${index + 1} ON c${index + 1}.parent = c${index}.key`,
  );
  const from = `${tableOf[first]} c0${joins.join('')} JOIN detail d ON d.key = c${further.length}.key`;
  return { sql: `EXISTS (SELECT 1 FROM ${from} WHERE c0.parent = r.key AND ${sql})`, values };
}

/** The value of a metadata of `r`, in SQL. */
export function metadataValue(type: MetadataType): string {
  if (type === Metadata.LastUpdate) {
    return `(SELECT iif(typeof(a.updated) = 'integer', substr(a.updated, 1, 8) || 'T' || substr(a.updated, 9), a.updated)
      FROM activity a WHERE a.key = r.key)`;
  }
  if (type === Metadata.IsProtected) {
    return `(SELECT 'true' FROM activity a WHERE a.key = r.key AND a.level = ${levelNumber.Patient} AND a.rank IS NULL)`;
  }
  const number = Math.trunc(type);
  return `coalesce((SELECT m.value FROM metadata m WHERE m.slot = r.key * ${slotsOfResource} + ${number}),
    (SELECT coalesce(d.own ->> '$."${number}"', f.content ->> '$."${number}"')
      FROM detail d LEFT JOIN profile f ON f.key = d.profile WHERE d.key = r.key))`;
}

function metadataCondition(term: MetadataTerm): Condition {
  const value = metadataValue(term.type);
  return matchCondition(term.caseSensitive ? value : `fold(${value})`, term.match, term.caseSensitive);
}

function labelConditions(labels: IndexQuery['labels']): { sets: Condition[]; rows: Condition[] } {
  if (!labels) return { sets: [], rows: [] };
  const list = JSON.stringify(labels.labels);
  const among = 'SELECT l.resource FROM label l WHERE l.label IN (SELECT value FROM json_each(?))';
  if (labels.constraint === 'None') {
    if (labels.labels.length > 0) return { sets: [], rows: [{ sql: `r.key NOT IN (${among})`, values: [list] }] };
    return { sets: [], rows: [{ sql: 'NOT EXISTS (SELECT 1 FROM label l WHERE l.resource = r.key)', values: [] }] };
  }
  if (labels.labels.length === 0) return { sets: [], rows: [] };
  if (labels.constraint === 'Any') return { sets: [{ sql: `r.key IN (${among})`, values: [list] }], rows: [] };
  const counted = `${among} GROUP BY l.resource HAVING count(*) = ${new Set(labels.labels).size}`;
  return { sets: [{ sql: `r.key IN (${counted})`, values: [list] }], rows: [] };
}

function withinCondition(level: Level, top: Located | undefined): Condition {
  const topLevel = top && levelOfNumber(top.level);
  if (!top || !topLevel || isAbove(level, topLevel)) return never;
  if (topLevel === level) return { sql: 'r.key = ?', values: [top.key] };
  if (parentLevel(level) === topLevel) return { sql: 'r.parent = ?', values: [top.key] };
  return related(level, topLevel, { sql: '?', values: [top.key] });
}

function orderValue(level: Level, { key }: OrderTerm): string {
  if ('metadata' in key) return metadataValue(key.metadata);
  const value = tagValue(key.tag);
  if (!isAbove(level, key.level)) {
    return `(SELECT ${value} FROM detail d WHERE d.key = ${ancestorKey(level, key.level)})`;
  }
  const below = [...levelsBetween(level, key.level), key.level].reduce(
    (sql, at) => `SELECT key FROM ${tableOf[at]} WHERE parent ${sql === 'r.key' ? '= r.key' : `IN (${sql})`}`,
    'r.key',
  );
  return `(SELECT min(${value}) FROM detail d WHERE d.key IN (${below}))`;
}

const casts = { text: 'TEXT', integer: 'INTEGER', float: 'REAL' } as const;

/** Rows without the value come last, either way. */
function orderClause(query: IndexQuery): string {
  const terms = (query.orderBy ?? []).map((term) => {
    const value = `CAST(${orderValue(query.level, term)} AS ${casts[term.as]})`;
    return `${value}${term.descending ? ' DESC' : ''} NULLS LAST`;
  });
  return `ORDER BY ${[...terms, 'r.key'].join(', ')}`;
}

/** @param top what `query.within` names; undefined where that does not exist */
export function planQuery(query: IndexQuery, top: Located | undefined): QueryPlan {
  const labels = labelConditions(query.labels);
  const sets: Condition[] = [...labels.sets];
  if (query.within !== undefined) sets.push(withinCondition(query.level, top));
  const others: TagTerm[] = [];
  for (const term of query.terms ?? []) {
    const set = identifierSet(term);
    if (set) sets.push(related(query.level, term.level, set));
    else others.push(term);
  }
  const rows: Condition[] = [...labels.rows];
  const isNarrow = sets.length > 0;
  for (const term of others) {
    if (isNarrow || !isAbove(term.level, query.level)) rows.push(rowCondition(query.level, term));
    else sets.push(related(query.level, term.level, scannedSet(term)));
  }
  rows.push(...(query.metadata ?? []).map(metadataCondition));
  const all = [...sets, ...rows];
  return {
    table: tableOf[query.level],
    where: all.map(({ sql }) => `(${sql})`).join(' AND '),
    values: all.flatMap(({ values }) => values),
    orderBy: orderClause(query),
    isOneStatement: sets.length > 0 || (query.orderBy ?? []).length > 0,
  };
}
