// Fetches what was asked for of some resources of one level: a fixed number of statements for a whole batch.
import {
  type AttachmentInfo,
  childLevel,
  type Level,
  type MainDicomTags,
  Metadata,
  type OrthancId,
  parentLevel,
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

const among = '(SELECT value FROM json_each(?))';

/** Rows of the base statement: 0 key, 1 id, 2 parent, 3 its id, 4 updated, 5 received, 6 rank, then the details, then the file. */
const detailsAt = 7;
const fileAt = 10;

function baseSql(level: Level, fields: ResourceFields): string {
  const parent = parentLevel(level);
  const parentColumns = parent
    ? `r.parent, (SELECT hex(p.id) FROM ${tableOf[parent]} p WHERE p.key = r.parent)`
    : 'NULL, NULL';
  const isInstance = level === 'Instance';
  const activity = isInstance ? 'NULL, NULL, NULL' : 'a.updated, a.received, a.rank';
  const hasDetails = fields.tags || fields.metadata;
  const details = `${fields.tags ? 'd.tags' : 'NULL'}, ${fields.metadata ? 'f.content, d.own' : 'NULL, NULL'}`;
  const file = isInstance && fields.attachments ? `, ${attachmentColumns}` : '';
  return `SELECT r.key, hex(r.id), ${parentColumns}, ${activity}, ${details}${file}
    FROM json_each(?) k CROSS JOIN ${tableOf[level]} r ON r.key = k.value
    ${isInstance ? '' : 'JOIN activity a ON a.key = r.key'}
    ${hasDetails ? 'JOIN detail d ON d.key = r.key' : ''}
    ${fields.metadata ? 'LEFT JOIN profile f ON f.key = d.profile' : ''}`;
}

function slotRows(
  database: Database,
  table: 'attachment' | 'metadata',
  columns: string,
  keys: string,
): Map<number, Row[]> {
  const sql = `SELECT s.slot, ${columns} FROM json_each(?) k CROSS JOIN ${table} s
    ON s.slot BETWEEN k.value * ${slotsOfResource} AND k.value * ${slotsOfResource} + ${slotsOfResource - 1} ORDER BY s.slot`;
  return grouped(database.rows(sql, keys), (row) => Math.floor(integer(row[0]) / slotsOfResource));
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

function metadataOf(level: Level, row: Row, rows: readonly Row[]): MetadataEntry[] {
  const entries = new Map<number, MetadataEntry>();
  const put = (type: number, value: string, revision: number): void => {
    entries.set(type, { type, value, revision });
  };
  for (const json of [row[detailsAt + 1], row[detailsAt + 2]]) {
    for (const [type, value] of Object.entries(textRecord(json))) put(Number(type), value, 0);
  }
  for (const own of rows) put(integer(own[0]) % slotsOfResource, text(own[1]), integer(own[2]));
  if (level !== 'Instance') put(Metadata.LastUpdate, unpackDate(row[4]), 0);
  if (level === 'Patient' && optionalInteger(row[6]) === undefined) put(Metadata.IsProtected, 'true', 0);
  return [...entries.values()].sort((a, b) => a.type - b.type);
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

/** The ancestors of resources whose parents are these, by key of the parent. */
function loadAncestors(database: Database, level: Level, parents: ReadonlySet<number>): Map<number, Ancestors> {
  const above = parentLevel(level);
  if (!above || parents.size === 0) return new Map();
  const column = above === 'Patient' ? 'NULL' : 'r.parent';
  const sql = `SELECT r.key, hex(r.id), ${column}, d.tags FROM ${tableOf[above]} r JOIN detail d ON d.key = r.key WHERE r.key IN ${among}`;
  const rows = database.rows(sql, JSON.stringify([...parents]));
  const further = loadAncestors(database, above, new Set(rows.flatMap((row) => optionalInteger(row[2]) ?? [])));
  return new Map(
    rows.map((row) => [
      integer(row[0]),
      { ...further.get(optionalInteger(row[2]) ?? 0), [above]: { id: orthancId(row[1]), tags: textRecord(row[3]) } },
    ]),
  );
}

function loadChildren(database: Database, level: Level, keys: string): Map<number, OrthancId[]> {
  const child = childLevel(level);
  if (!child) return new Map();
  const rows = database.rows(
    `SELECT parent, hex(id) FROM ${tableOf[child]} WHERE parent IN ${among} ORDER BY id`,
    keys,
  );
  return new Map(
    [...grouped(rows, (row) => integer(row[0]))].map(([key, group]) => [key, group.map((row) => orthancId(row[1]))]),
  );
}

function loadLabels(database: Database, keys: string): Map<number, string[]> {
  const sql = `SELECT resource, label FROM label WHERE resource IN ${among} ORDER BY resource, label`;
  const groups = grouped(database.rows(sql, keys), (row) => integer(row[0]));
  return new Map([...groups].map(([key, group]) => [key, group.map((row) => text(row[1]))]));
}

export function createResourceLoader(database: Database): LoadResources {
  return (level, keys, fields) => {
    if (keys.length === 0) return [];
    const list = JSON.stringify(keys);
    const rows = database.rows(baseSql(level, fields), list);
    const parents = new Set(fields.ancestors ? rows.flatMap((row) => optionalInteger(row[2]) ?? []) : []);
    const ancestors = loadAncestors(database, level, parents);
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
        parent: parent === undefined ? undefined : orthancId(row[3]),
        isStable: row[5] === null,
        isProtected: level === 'Patient' && row[6] === null,
        tags: fields.tags ? textRecord(row[detailsAt]) : {},
        ancestors: (parent !== undefined && ancestors.get(parent)) || {},
        children: children?.get(key) ?? [],
        labels: labels?.get(key) ?? [],
        metadata: metadata ? metadataOf(level, row, metadata.get(key) ?? []) : [],
        attachments: attachments ? attachmentsOf(row, attachments.get(key) ?? []) : [],
      };
    });
  };
}
