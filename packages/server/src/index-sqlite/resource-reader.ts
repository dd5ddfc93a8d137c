// Reading: single resources, searches in batches, counts and sizes.
import { setImmediate } from 'node:timers/promises';
import { foldCase } from '@pharos/dicom';
import { Attachment, isAbove, type Level, levelNumber, levelOfNumber, levels, type OrthancId } from '../model/index.ts';
import type {
  DiskUsage,
  IndexQuery,
  Resource,
  ResourceCounts,
  ResourceFields,
  ResourceReader,
  ResourceRef,
  ValueOf,
} from '../ports/index.ts';
import { lookupCodes } from './identifiers.ts';
import { createKeptLocations, createKeptResources } from './kept-resources.ts';
import { batchSize, type KeySearch } from './key-search.ts';
import { levelsBetween, metadataValue, tagValue } from './query-plan.ts';
import type { LoadResources } from './resource-loader.ts';
import { integer, optionalText, orthancId, type Row } from './rows.ts';
import { slotsOfResource } from './schema.ts';
import type { Session } from './session.ts';
import { tableOf } from './tables.ts';
import { countOf } from './totals.ts';

const lookupLevels = new Map(levels.map((level) => [lookupCodes[level], level]));

/** A value of the row `r`, in SQL. */
function valueBelow(of: ValueOf): string {
  return 'tag' in of ? `(SELECT ${tagValue(of.tag)} FROM detail d WHERE d.key = r.key)` : metadataValue(of.metadata);
}

/** From `t` down to the rows `r` of a level below. */
function joinsBelow(top: Level, level: Level): string {
  const path = [...levelsBetween(top, level), level];
  const nameOf = (at: number): string => (at < 0 ? 't' : at === path.length - 1 ? 'r' : `r${at}`);
  return path
    .map((on, at) => `JOIN ${tableOf[on]} ${nameOf(at)} ON ${nameOf(at)}.parent = ${nameOf(at - 1)}.key`)
    .join(' ');
}

export function createResourceReader(
  session: Session,
  search: KeySearch,
  loadResources: LoadResources,
): ResourceReader {
  const { database, totals } = session;
  const load = createKeptResources(session, loadResources);
  const { locate, remember } = createKeptLocations(session);

  async function* find(query: IndexQuery, fields: ResourceFields): AsyncIterable<readonly Resource[]> {
    let isFirst = true;
    for await (const keys of search.keys(query)) {
      for (let at = 0; at < keys.length; at += batchSize) {
        if (!isFirst) await setImmediate();
        isFirst = false;
        const wanted = keys.slice(at, at + batchSize);
        const batch = load(query.level, wanted, fields);
        // Whoever reads on asks for what is below them.
        if (batch.length === wanted.length) {
          const level = levelNumber[query.level];
          for (const [place, { id }] of batch.entries()) remember(id, { level, key: wanted[place] ?? 0 });
        }
        if (batch.length > 0) yield batch;
      }
    }
  }

  function countBelow(id: OrthancId, level: Level): number {
    const { table, where, values } = search.plan({ level, within: id });
    return integer(database.row(`SELECT count(*) FROM ${table} r WHERE ${where}`, ...values)?.[0]);
  }

  /** Sizes of the attachments of a level within a resource. */
  function usageAt(id: OrthancId, level: Level): DiskUsage {
    const { table, where, values } = search.plan({ level, within: id });
    const others = database.row(
      `SELECT total(a.stored), total(a.size), total(iif(a.slot % ${slotsOfResource} = ${Attachment.dicom}, a.stored, 0)),
          total(iif(a.slot % ${slotsOfResource} = ${Attachment.dicom}, a.size, 0))
        FROM (SELECT r.key FROM ${table} r WHERE ${where}) k CROSS JOIN attachment a
        ON a.slot BETWEEN k.key * ${slotsOfResource} AND k.key * ${slotsOfResource} + ${slotsOfResource - 1}`,
      ...values,
    );
    const files =
      level === 'Instance'
        ? database.row(`SELECT total(r.stored), total(r.size) FROM instance r WHERE ${where}`, ...values)
        : [0, 0];
    const [stored, size] = [integer(files?.[0]), integer(files?.[1])];
    return {
      diskSize: integer(others?.[0]) + stored,
      uncompressedSize: integer(others?.[1]) + size,
      dicomDiskSize: integer(others?.[2]) + stored,
      dicomUncompressedSize: integer(others?.[3]) + size,
    };
  }

  function refOf(level: Level, key: number): ResourceRef[] {
    const row = database.row(`SELECT id FROM ${tableOf[level]} WHERE key = ?`, key);
    return row ? [{ level, id: orthancId(row[0]) }] : [];
  }

  /** Keys of those that are there, by level. */
  function keysOf(ids: readonly OrthancId[]): ReadonlyMap<Level, readonly number[]> {
    const keys = new Map<Level, number[]>();
    for (const id of ids) {
      const found = locate(id);
      const level = found && levelOfNumber(found.level);
      if (!found || !level) continue;
      const some = keys.get(level);
      if (some) some.push(found.key);
      else keys.set(level, [found.key]);
    }
    return keys;
  }

  /** Distinct: the identifier of a resource, in hex, and a value below it. */
  function valueRows(top: Level, keys: readonly number[], level: Level, of: ValueOf): readonly Row[] {
    const source = `json_each(?) k CROSS JOIN ${tableOf[top]} t ON t.key = k.value ${joinsBelow(top, level)}`;
    return database.rows(`SELECT DISTINCT hex(t.id), ${valueBelow(of)} FROM ${source}`, JSON.stringify(keys));
  }

  return {
    async get(id, fields) {
      const found = locate(id);
      const level = found && levelOfNumber(found.level);
      return found && level ? load(level, [found.key], fields)[0] : undefined;
    },
    async getAll(ids, fields) {
      const resources = [...keysOf(ids)].flatMap(([level, keys]) => load(level, keys, fields));
      return new Map(resources.map((resource) => [resource.id, resource]));
    },
    find,
    count: (query) => search.count(query),
    async lookup(identifier) {
      const codes = Object.values(lookupCodes).join(', ');
      const sql = `SELECT tag, key FROM identifier WHERE tag IN (${codes}) AND value = ? ORDER BY tag, key`;
      const rows = database.rows(sql, foldCase(identifier.trim()));
      return rows.flatMap((row) => {
        const level = lookupLevels.get(integer(row[0]));
        return level ? refOf(level, integer(row[1])) : [];
      });
    },
    async counts(id): Promise<ResourceCounts> {
      const of = (level: Level): number => (id === undefined ? totals.values[countOf[level]] : countBelow(id, level));
      return { patients: of('Patient'), studies: of('Study'), series: of('Series'), instances: of('Instance') };
    },
    async diskUsage(id) {
      const { stored, size, dicom_stored, dicom_size } = totals.values;
      const all = {
        diskSize: stored,
        uncompressedSize: size,
        dicomDiskSize: dicom_stored,
        dicomUncompressedSize: dicom_size,
      };
      if (id === undefined) return all;
      const none = { diskSize: 0, uncompressedSize: 0, dicomDiskSize: 0, dicomUncompressedSize: 0 };
      return levels
        .map((level) => usageAt(id, level))
        .reduce(
          (sum, part) => ({
            diskSize: sum.diskSize + part.diskSize,
            uncompressedSize: sum.uncompressedSize + part.uncompressedSize,
            dicomDiskSize: sum.dicomDiskSize + part.dicomDiskSize,
            dicomUncompressedSize: sum.dicomUncompressedSize + part.dicomUncompressedSize,
          }),
          none,
        );
    },
    async valuesBelow(id, level, of) {
      const top = session.locate(id);
      const topLevel = top && levelOfNumber(top.level);
      if (!topLevel || isAbove(level, topLevel)) return [];
      const { table, where, values } = search.plan({ level, within: id });
      const rows = database.rows(`SELECT DISTINCT ${valueBelow(of)} FROM ${table} r WHERE ${where}`, ...values);
      return rows.flatMap((row) => optionalText(row[0]) ?? []).sort();
    },
    async valuesBelowEach(ids, level, of) {
      const found = new Map<OrthancId, string[]>(ids.map((id) => [id, []]));
      for (const [top, keys] of keysOf(ids)) {
        if (!isAbove(top, level)) continue;
        for (const row of valueRows(top, keys, level, of)) {
          const value = optionalText(row[1]);
          if (value !== undefined) found.get(orthancId(row[0]))?.push(value);
        }
      }
      for (const values of found.values()) values.sort();
      return found;
    },
  };
}
