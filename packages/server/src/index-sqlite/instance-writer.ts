// Adds instances: the one path that must be cheap. Keys of the ancestors of recent series are remembered, and ancestors are
// touched at most once a second, so that an instance of a known series costs five rows.
import { Attachment, type Level, levelNumber, Metadata, type OrthancId } from '../model/index.ts';
import type { AddedInstances, AddOutcome, NewInstance, StorageLimits } from '../ports/index.ts';
import { attachmentColumns, fileColumns, insertAttachment, readAttachment } from './attachment-rows.ts';
import type { Gone, Recycler } from './recycler.ts';
import type { Removal } from './removal.ts';
import { idBytes, integer, optionalInteger, packDate, textRecord } from './rows.ts';
import type { Session } from './session.ts';
import { countOf } from './totals.ts';

/** A patient, study or series of recent instances: one object for each, whichever series leads to it. */
interface Ancestor {
  readonly key: number;
  /** When it was last touched; '' where not known. */
  touched: string;
  /** Of patients, the place in the recycling order; undefined while protected. */
  rank: number | undefined;
}

/** A series and its ancestors. */
interface Lineage {
  readonly patient: Ancestor;
  readonly study: Ancestor;
  readonly series: Ancestor;
  /** ExpectedNumberOfInstances. */
  readonly expected: number | undefined;
  /** Number of instances; counted when it matters first. */
  count: number | undefined;
}

const keptLineages = 1_000;

const insertSql = {
  Patient: 'INSERT INTO patient VALUES (?, ?, ?)',
  Study: 'INSERT INTO study VALUES (?, ?, ?, ?)',
  Series: 'INSERT INTO series VALUES (?, ?, ?, ?)',
  Instance: 'INSERT INTO instance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
} as const;

export interface InstanceWriter {
  /** Inside a transaction. */
  addBatch(batch: readonly NewInstance[], limits: StorageLimits): AddedInstances;
}

function isComplete(indices: readonly string[], expected: number): boolean {
  const numbers = new Set(indices.map((index) => (/^\s*[+-]?\d+\s*$/.test(index) ? Number(index) : Number.NaN)));
  if (indices.length !== expected || numbers.size !== expected) return false;
  return [...numbers].every((number) => number >= 1 && number <= expected);
}

function expectedNumber(metadata: Readonly<Record<number, string>>): number | undefined {
  const value = Number(metadata[Metadata.ExpectedNumberOfInstances]);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

export function createInstanceWriter(session: Session, removal: Removal, recycler: Recycler): InstanceWriter {
  const { database, totals, details } = session;
  const lineages = new Map<OrthancId, Lineage>();
  const known = new Map<number, Ancestor>();

  function forget(): void {
    lineages.clear();
    known.clear();
  }

  session.onChanged(forget);

  function insertAncestor(
    level: 'Patient' | 'Study' | 'Series',
    added: NewInstance,
    id: OrthancId,
    parent?: number,
  ): Ancestor {
    const key = ++totals.values.last_key;
    const date = packDate(added.receivedAt);
    const bytes = idBytes(id);
    if (parent === undefined) database.run(insertSql[level], key, bytes, date);
    else database.run(insertSql[level], key, bytes, date, parent);
    database.run('INSERT INTO resource_id VALUES (?, ?, ?)', bytes, key, levelNumber[level]);
    const rank = level === 'Patient' ? ++totals.values.last_rank : undefined;
    database.run('INSERT INTO activity VALUES (?, ?, ?, ?, ?)', key, levelNumber[level], date, date, rank ?? null);
    details.insert(level, key, added.tags[level], added.metadata[level]);
    totals.values[countOf[level]]++;
    const made = { key, touched: added.receivedAt, rank };
    known.set(key, made);
    return made;
  }

  function ancestor(key: number): Ancestor {
    const remembered = known.get(key);
    if (remembered) return remembered;
    const rank = optionalInteger(database.row('SELECT rank FROM activity WHERE key = ?', key)?.[0]);
    const loaded = { key, touched: '', rank };
    known.set(key, loaded);
    return loaded;
  }

  function touch({ patient, study, series }: Lineage, date: string): void {
    for (const each of [patient, study, series]) {
      if (each.touched === date) continue;
      const packed = packDate(date);
      database.run('UPDATE activity SET updated = ?, received = ? WHERE key = ?', packed, packed, each.key);
      each.touched = date;
    }
    if (patient.rank === undefined || patient.rank === totals.values.last_rank) return;
    patient.rank = ++totals.values.last_rank;
    database.run('UPDATE activity SET rank = ? WHERE key = ?', patient.rank, patient.key);
  }

  /** Finds the series or makes it, with what is missing above; names what was made, from the patient down. */
  function ancestors(added: NewInstance): { lineage: Lineage; created: Level[] } {
    const { ids, receivedAt } = added;
    const remembered = lineages.get(ids.series);
    if (remembered) {
      touch(remembered, receivedAt);
      return { lineage: remembered, created: [] };
    }
    if (lineages.size >= keptLineages) forget();
    const created: Level[] = [];
    const series = session.locate(ids.series)?.key;
    const lineage = series === undefined ? make(added, created) : load(series);
    lineages.set(ids.series, lineage);
    touch(lineage, receivedAt);
    return { lineage, created };
  }

  function parentOf(table: 'study' | 'series', key: number): number {
    return integer(database.row(`SELECT parent FROM ${table} WHERE key = ?`, key)?.[0]);
  }

  function load(series: number): Lineage {
    const study = parentOf('series', series);
    const expected = expectedNumber(details.metadata(series));
    const patient = ancestor(parentOf('study', study));
    return { patient, study: ancestor(study), series: ancestor(series), expected, count: undefined };
  }

  /** Makes the series; its study and patient where they are missing. Keys follow the order of changes: series, study, patient. */
  function make(added: NewInstance, created: Level[]): Lineage {
    const { ids, metadata } = added;
    const expected = expectedNumber(metadata.Series);
    created.push('Series');
    const oldStudy = session.locate(ids.study)?.key;
    const series = insertAncestor('Series', added, ids.series, oldStudy ?? totals.values.last_key + 2);
    if (oldStudy !== undefined) {
      const patient = ancestor(parentOf('study', oldStudy));
      return { patient, study: ancestor(oldStudy), series, expected, count: 0 };
    }
    created.unshift('Study');
    const oldPatient = session.locate(ids.patient)?.key;
    const study = insertAncestor('Study', added, ids.study, oldPatient ?? totals.values.last_key + 2);
    if (oldPatient !== undefined) return { patient: ancestor(oldPatient), study, series, expected, count: 0 };
    created.unshift('Patient');
    return { patient: insertAncestor('Patient', added, ids.patient), study, series, expected, count: 0 };
  }

  function insertInstance(added: NewInstance, key: number, series: number): void {
    const file = added.attachments.find(({ type }) => type === Attachment.dicom);
    const bytes = idBytes(added.ids.instance);
    database.run(insertSql.Instance, key, bytes, packDate(added.receivedAt), series, ...fileColumns(file));
    database.run('INSERT INTO resource_id VALUES (?, ?, ?)', bytes, key, levelNumber.Instance);
    details.insert('Instance', key, added.tags.Instance, added.metadata.Instance);
    totals.values.instances++;
    for (const attachment of added.attachments) insertAttachment(session, key, attachment, attachment !== file);
  }

  function completes(lineage: Lineage): boolean {
    if (lineage.expected === undefined) return false;
    const count = 'SELECT count(*) FROM instance WHERE parent = ?';
    lineage.count =
      lineage.count === undefined ? integer(database.row(count, lineage.series.key)?.[0]) : lineage.count + 1;
    if (lineage.count !== lineage.expected) return false;
    const sql = 'SELECT own FROM detail WHERE key IN (SELECT key FROM instance WHERE parent = ?)';
    const indices = database
      .rows(sql, lineage.series.key)
      .map((row) => textRecord(row[0])[Metadata.IndexInSeries] ?? '');
    return isComplete(indices, lineage.expected);
  }

  function insert(added: NewInstance): AddOutcome {
    const key = ++totals.values.last_key;
    const { lineage, created } = ancestors(added);
    insertInstance(added, key, lineage.series.key);
    const completedSeries = completes(lineage);
    if (completedSeries) session.logChange('CompletedSeries', 'Series', lineage.series.key, added.receivedAt);
    return { status: 'Stored', created: [...created, 'Instance'], completedSeries };
  }

  function isSameFile(added: NewInstance, key: number): boolean {
    const row = database.row(`SELECT ${attachmentColumns} FROM instance WHERE key = ?`, key);
    const old = row && readAttachment(Attachment.dicom, row, 0);
    const file = added.attachments.find(({ type }) => type === Attachment.dicom);
    if (!old || !file?.uncompressedMd5) return false;
    if (old.uncompressedMd5 !== undefined) return old.uncompressedMd5 === file.uncompressedMd5;
    return old.crc32 === file.crc32 && old.uncompressedSize === file.uncompressedSize;
  }

  function replaceable(added: NewInstance, key: number): boolean {
    if (added.overwrite === 'Never') return false;
    return added.overwrite === 'Always' || !isSameFile(added, key);
  }

  /** Replaces or recycles as needed; undefined where there is no room: then all must be undone. */
  function insertWithRoom(
    added: NewInstance,
    old: number | undefined,
    limits: StorageLimits,
    gone: Gone,
  ): AddOutcome | undefined {
    if (old !== undefined) gone.removed.push(...removal.remove('Instance', old, added.receivedAt).deleted);
    if (!recycler.makeRoom(added, limits, gone)) return undefined;
    return insert(added);
  }

  function addOne(added: NewInstance, limits: StorageLimits, gone: Gone): AddOutcome {
    const old = session.locate(added.ids.instance)?.key;
    if (old !== undefined && !replaceable(added, old)) return { status: 'AlreadyStored' };
    if (old === undefined && recycler.hasRoom(added, limits)) return insert(added);
    const before = { ...totals.values };
    const mine: Gone = { recycled: [], removed: [] };
    const outcome = database.attempt(() => insertWithRoom(added, old, limits, mine));
    session.changed();
    if (outcome) {
      for (const ref of mine.recycled) gone.recycled.push(ref);
      for (const ref of mine.removed) gone.removed.push(ref);
      return outcome;
    }
    Object.assign(totals.values, before);
    details.forget();
    return { status: 'Full' };
  }

  return {
    addBatch(batch, limits) {
      const gone: Gone = { recycled: [], removed: [] };
      const outcomes = batch.map((added) => addOne(added, limits, gone));
      return { outcomes, ...gone };
    },
  };
}
