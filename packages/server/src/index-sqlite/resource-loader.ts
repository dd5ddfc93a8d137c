// Fetches what was asked for of some resources of one level: a fixed number of statements for a whole batch.
import {
  type AttachmentInfo,
  childLevel,
  type Level,
  type MainDicomTags,
  Metadata,
  type OrthancId,
  parentLevel,
  remembered,
} from '../model/index.ts';
import type { MetadataEntry, Resource, ResourceFields } from '../ports/index.ts';
import { attachmentColumns, readAttachment } from './attachment-rows.ts';
import type { Database } from './database.ts';
import { integer, optionalInteger, orthancId, type Row, text, textRecord, unpackDate } from './rows.ts';
import { slotsOfResource } from './schema.ts';
import { tableOf } from './tables.ts';

/** The resources with these keys that are still there, in the order of the keys. */
export type LoadResources = (level: Level, keys: readonly number[], fields: ResourceFields) => Resource[];

type Ancestors = Partial<Record<Level, { readonly id: OrthancId; readonly tags: MainDicomTags }>>;

/** The keys of a statement: one as itself, which is much cheaper, several as a JSON array. */
interface Keys {
  readonly value: number | string;
  readonly among: string;
  /** What stands before the table whose rows are wanted, and what its key is. */
  readonly source: string;
  readonly key: string;
}

function keysOf(keys: readonly number[]): Keys {
  const [only] = keys;
  if (keys.length === 1 && only !== undefined) return { value: only, among: '(?)', source: '', key: '?1' };
  const source = 'json_each(?1) k CROSS JOIN';
  return { value: JSON.stringify(keys), among: '(SELECT value FROM json_each(?))', source, key: 'k.value' };
}

/** Rows of the base statement: 0 key, 1 id, 2 parent, 3 updated, 4 received, 5 rank, then the details, then the file. */
const detailsAt = 6;
const fileAt = 9;

const keptProfiles = 200;
/** Characters of one that is kept. */
const longestProfile = 16 * 1024;

function baseSql(level: Level, fields: ResourceFields, { source, key }: Keys): string {
  const parent = parentLevel(level) ? 'r.parent' : 'NULL';
  const isInstance = level === 'Instance';
  const activity = isInstance ? 'NULL, NULL, NULL' : 'a.updated, a.received, a.rank';
  const hasDetails = fields.tags || fields.metadata;
  const details = `${fields.tags ? 'd.tags' : 'NULL'}, ${fields.metadata ? 'f.content, d.own' : 'NULL, NULL'}`;
  const file = isInstance && fields.attachments ? `, ${attachmentColumns}` : '';
  return `SELECT r.key, hex(r.id), ${parent}, ${activity}, ${details}${file}
    FROM ${source} ${tableOf[level]} r
    ${isInstance ? '' : 'JOIN activity a ON a.key = r.key'}
    ${hasDetails ? 'JOIN detail d ON d.key = r.key' : ''}
    ${fields.metadata ? 'LEFT JOIN profile f ON f.key = d.profile' : ''}
    WHERE r.key = ${key}`;
}

function slotRows(
  database: Database,
  table: 'attachment' | 'metadata',
  columns: string,
  { value, source, key }: Keys,
): Map<number, Row[]> {
  const sql = `SELECT s.slot, ${columns} FROM ${source} ${table} s
    WHERE s.slot BETWEEN ${key} * ${slotsOfResource} AND ${key} * ${slotsOfResource} + ${slotsOfResource - 1} ORDER BY s.slot`;
  return grouped(database.rows(sql, value), (row) => Math.floor(integer(row[0]) / slotsOfResource));
}

function grouped(rows: readonly Row[], keyOf: (row: Row) => number): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Metadata as entries; a profile is the same text for thousands of instances, and kept. */
type ReadEntries = (json: Row[number] | undefined) => readonly MetadataEntry[];

function entriesOf(json: Row[number] | undefined): MetadataEntry[] {
  return Object.entries(textRecord(json)).map(([type, value]) => ({ type: Number(type), value, revision: 0 }));
}

function createProfiles(): ReadEntries {
  const read = remembered<readonly MetadataEntry[]>({ count: keptProfiles, longest: longestProfile }, entriesOf);
  return (json) => (typeof json === 'string' ? read(json) : []);
}

function metadataOf(level: Level, row: Row, rows: readonly Row[], profile: ReadEntries): MetadataEntry[] {
  const entries = [...profile(row[detailsAt + 1]), ...entriesOf(row[detailsAt + 2])];
  const put = (type: number, value: string, revision: number): void => {
    const at = entries.findIndex((entry) => entry.type === type);
    entries.splice(at < 0 ? entries.length : at, 1, { type, value, revision });
  };
  for (const own of rows) put(integer(own[0]) % slotsOfResource, text(own[1]), integer(own[2]));
  if (level !== 'Instance') put(Metadata.LastUpdate, unpackDate(row[3]), 0);
  if (level === 'Patient' && optionalInteger(row[5]) === undefined) put(Metadata.IsProtected, 'true', 0);
  return entries.sort((a, b) => a.type - b.type);
}

function attachmentsOf(row: Row, rows: readonly Row[]): AttachmentInfo[] {
  const found: AttachmentInfo[] = [];
  const file = readAttachment(1, row, fileAt);
  if (file) found.push(file);
  for (const other of rows) {
    const attachment = readAttachment(integer(other[0]) % slotsOfResource, other, 1);
    if (attachment) found.push(attachment);
  }
  return found;
}

/** Of a batch most have the same parent. */
function loadParentIds(database: Database, level: Level, parents: ReadonlySet<number>): Map<number, OrthancId> {
  const above = parentLevel(level);
  if (!above || parents.size === 0) return new Map();
  const { value, among } = keysOf([...parents]);
  const rows = database.rows(`SELECT key, hex(id) FROM ${tableOf[above]} WHERE key IN ${among}`, value);
  return new Map(rows.map((row) => [integer(row[0]), orthancId(row[1])]));
}

/** The ancestors of resources whose parents are these, by key of the parent. */
function loadAncestors(database: Database, level: Level, parents: ReadonlySet<number>): Map<number, Ancestors> {
  const above = parentLevel(level);
  if (!above || parents.size === 0) return new Map();
  const column = above === 'Patient' ? 'NULL' : 'r.parent';
  const { value, among } = keysOf([...parents]);
  const sql = `SELECT r.key, hex(r.id), ${column}, d.tags FROM ${tableOf[above]} r JOIN detail d ON d.key = r.key WHERE r.key IN ${among}`;
  const rows = database.rows(sql, value);
  const further = loadAncestors(database, above, new Set(rows.flatMap((row) => optionalInteger(row[2]) ?? [])));
  return new Map(
    rows.map((row) => [
      integer(row[0]),
      { ...further.get(optionalInteger(row[2]) ?? 0), [above]: { id: orthancId(row[1]), tags: textRecord(row[3]) } },
    ]),
  );
}

function loadChildren(database: Database, level: Level, { value, among }: Keys): Map<number, OrthancId[]> {
  const child = childLevel(level);
  if (!child) return new Map();
  const rows = database.rows(
    `SELECT parent, hex(id) FROM ${tableOf[child]} WHERE parent IN ${among} ORDER BY id`,
    value,
  );
  return new Map(
    [...grouped(rows, (row) => integer(row[0]))].map(([key, group]) => [key, group.map((row) => orthancId(row[1]))]),
  );
}

function loadLabels(database: Database, { value, among }: Keys): Map<number, string[]> {
  const sql = `SELECT resource, label FROM label WHERE resource IN ${among} ORDER BY resource, label`;
  const groups = grouped(database.rows(sql, value), (row) => integer(row[0]));
  return new Map([...groups].map(([key, group]) => [key, group.map((row) => text(row[1]))]));
}

export function createResourceLoader(database: Database): LoadResources {
  const profile = createProfiles();
  return (level, keys, fields) => {
    if (keys.length === 0) return [];
    const list = keysOf(keys);
    const rows = database.rows(baseSql(level, fields, list), list.value);
    const parents = new Set(rows.flatMap((row) => optionalInteger(row[2]) ?? []));
    const parentIds = loadParentIds(database, level, parents);
    const ancestors = fields.ancestors ? loadAncestors(database, level, parents) : undefined;
    const children = fields.children ? loadChildren(database, level, list) : undefined;
    const labels = fields.labels ? loadLabels(database, list) : undefined;
    const metadata = fields.metadata ? slotRows(database, 'metadata', 's.value, s.revision', list) : undefined;
    const attachments = fields.attachments ? slotRows(database, 'attachment', attachmentColumns, list) : undefined;
    return rows.map((row) => {
      const key = integer(row[0]);
      const parent = optionalInteger(row[2]);
      return {
        level,
        id: orthancId(row[1]),
        parent: parent === undefined ? undefined : parentIds.get(parent),
        isStable: row[4] === null,
        isProtected: level === 'Patient' && row[5] === null,
        tags: fields.tags ? textRecord(row[detailsAt]) : {},
        ancestors: (parent !== undefined && ancestors?.get(parent)) || {},
        children: children?.get(key) ?? [],
        labels: labels?.get(key) ?? [],
        metadata: metadata ? metadataOf(level, row, metadata.get(key) ?? [], profile) : [],
        attachments: attachments ? attachmentsOf(row, attachments.get(key) ?? []) : [],
      };
    });
  };
}
