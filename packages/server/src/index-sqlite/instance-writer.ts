// Adds instances: the one path that must be cheap. Keys of the ancestors of recent series are remembered, and ancestors are
// touched at most once a second, so that an instance of a known series costs five rows.
import { Attachment, type Level, levelNumber, Metadata, type OrthancId } from '../model/index.ts';
import type { AddedInstances, AddOutcome, NewInstance, StorageLimits } from '../ports/index.ts';
import { fileColumns, insertAttachment } from './attachment-rows.ts';
import type { Recycler } from './recycler.ts';
import type { Removal } from './removal.ts';
import { idBytes, integer, optionalInteger, packDate, textRecord, unpackMd5 } from './rows.ts';
import type { Session } from './session.ts';
import { countOf } from './totals.ts';

interface PatientState {
  readonly key: number;
  /** Place in the recycling order; undefined while protected. */
  rank: number | undefined;
}

/** A series and its ancestors. */
interface Lineage {
  readonly patient: PatientState;
  readonly study: number;
  readonly series: number;
  /** ExpectedNumberOfInstances. */
  readonly expected: number | undefined;
  /** Number of instances; counted when it matters first. */
  count: number | undefined;
  /** When the three were last touched. */
  touched: string;
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
  const patients = new Map<number, PatientState>();
  session.onChanged(() => {
    lineages.clear();
    patients.clear();
  });

  function insertAncestor(
    level: 'Patient' | 'Study' | 'Series',
    added: NewInstance,
    id: OrthancId,
    parent?: number,
  ): number {
    const key = ++totals.values.last_key;
    const date = packDate(added.receivedAt);
    const bytes = idBytes(id);
    if (parent === undefined) database.run(insertSql[level], key, bytes, date);
    else database.run(insertSql[level], key, bytes, date, parent);
    database.run('INSERT INTO resource_id VALUES (?, ?, ?)', bytes, key, levelNumber[level]);
    const rank = level === 'Patient' ? ++totals.values.last_rank : null;
    database.run('INSERT INTO activity VALUES (?, ?, ?, ?, ?)', key, levelNumber[level], date, date, rank);
    details.insert(level, key, added.tags[level], added.metadata[level]);
    totals.values[countOf[level]]++;
    return key;
  }

  function loadPatient(key: number): PatientState {
    const rank = optionalInteger(database.row('SELECT rank FROM activity WHERE key = ?', key)?.[0]);
    return { key, rank };
  }

  function patientState(key: number, isNew: boolean): PatientState {
    const known = patients.get(key);
    if (known) return known;
    const state = isNew ? { key, rank: totals.values.last_rank } : loadPatient(key);
    patients.set(key, state);
    return state;
  }

  function touch(lineage: Lineage, date: string): void {
    if (lineage.touched !== date) {
      const packed = packDate(date);
      const sql = 'UPDATE activity SET updated = ?, received = ? WHERE key IN (?, ?, ?)';
      database.run(sql, packed, packed, lineage.patient.key, lineage.study, lineage.series);
      lineage.touched = date;
    }
    const { patient } = lineage;
    if (patient.rank === undefined || patient.rank === totals.values.last_rank) return;
    patient.rank = ++totals.values.last_rank;
    database.run('UPDATE activity SET rank = ? WHERE key = ?', patient.rank, patient.key);
  }

  /** Finds the series or makes it, with what is missing above; names what was made, from the patient down. */
  function ancestors(added: NewInstance): { lineage: Lineage; created: Level[] } {
    const known = lineages.get(added.ids.series);
    if (known) {
      touch(known, added.receivedAt);
      return { lineage: known, created: [] };
    }
    const { ids } = added;
    const series = session.locate(ids.series)?.key;
    const study = series === undefined ? session.locate(ids.study)?.key : undefined;
    const patient = series === undefined && study === undefined ? session.locate(ids.patient)?.key : undefined;
    return series === undefined ? make(added, study, patient) : load(added, series);
  }

  function parentOf(table: 'study' | 'series', key: number): number {
    return integer(database.row(`SELECT parent FROM ${table} WHERE key = ?`, key)?.[0]);
  }

  function remember(id: OrthancId, lineage: Lineage): void {
    if (lineages.size >= keptLineages) {
      lineages.clear();
      patients.clear();
    }
    lineages.set(id, lineage);
  }

  function load(added: NewInstance, series: number): { lineage: Lineage; created: Level[] } {
    const study = parentOf('series', series);
    const patient = patientState(parentOf('study', study), false);
    const expected = expectedNumber(details.metadata(series));
    const lineage: Lineage = { patient, study, series, expected, count: undefined, touched: '' };
    touch(lineage, added.receivedAt);
    remember(added.ids.series, lineage);
    return { lineage, created: [] };
  }

  function make(added: NewInstance, oldStudy?: number, oldPatient?: number): { lineage: Lineage; created: Level[] } {
    const { ids } = added;
    const expected = expectedNumber(added.metadata.Series);
    const patientKey = oldStudy === undefined ? oldPatient : parentOf('study', oldStudy);
    // Keys are the Seq of the changes NewSeries, NewStudy, NewPatient, in this order.
    const created: Level[] = ['Series'];
    const studyKey = oldStudy ?? totals.values.last_key + 2;
    const series = insertAncestor('Series', added, ids.series, studyKey);
    if (oldStudy === undefined) {
      created.unshift('Study');
      insertAncestor('Study', added, ids.study, patientKey ?? totals.values.last_key + 2);
      if (patientKey === undefined) {
        created.unshift('Patient');
        insertAncestor('Patient', added, ids.patient);
      }
    }
    const patient = patientState(patientKey ?? totals.values.last_key, patientKey === undefined);
    const isAllNew = created.length === 3;
    const lineage: Lineage = {
      patient,
      study: studyKey,
      series,
      expected,
      count: 0,
      touched: isAllNew ? added.receivedAt : '',
    };
    touch(lineage, added.receivedAt);
    remember(ids.series, lineage);
    return { lineage, created };
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
    lineage.count = lineage.count === undefined ? integer(database.row(count, lineage.series)?.[0]) : lineage.count + 1;
    if (lineage.count !== lineage.expected) return false;
    const sql = 'SELECT own FROM detail WHERE key IN (SELECT key FROM instance WHERE parent = ?)';
    const indices = database.rows(sql, lineage.series).map((row) => textRecord(row[0])[Metadata.IndexInSeries] ?? '');
    return isComplete(indices, lineage.expected);
  }

  function insert(added: NewInstance): AddOutcome {
    const key = ++totals.values.last_key;
    const { lineage, created } = ancestors(added);
    insertInstance(added, key, lineage.series);
    const completedSeries = completes(lineage);
    if (completedSeries) session.logChange('CompletedSeries', 'Series', lineage.series, added.receivedAt);
    return { status: 'Stored', created: [...created, 'Instance'], completedSeries };
  }

  function isSameFile(added: NewInstance, key: number): boolean {
    const old = database.row('SELECT md5 FROM instance WHERE key = ?', key)?.[0];
    const md5 = added.attachments.find(({ type }) => type === Attachment.dicom)?.uncompressedMd5;
    return Boolean(md5) && old !== null && unpackMd5(old) === md5;
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
    recycled: OrthancId[],
  ): AddOutcome | undefined {
    if (old !== undefined) removal.remove('Instance', old, added.receivedAt);
    if (!recycler.makeRoom(added, limits, recycled)) return undefined;
    return insert(added);
  }

  function addOne(added: NewInstance, limits: StorageLimits, recycled: OrthancId[]): AddOutcome {
    const old = session.locate(added.ids.instance)?.key;
    if (old !== undefined && !replaceable(added, old)) return { status: 'AlreadyStored' };
    if (old === undefined && recycler.hasRoom(added, limits)) return insert(added);
    const before = { ...totals.values };
    const mine: OrthancId[] = [];
    const outcome = database.attempt(() => insertWithRoom(added, old, limits, mine));
    session.changed();
    if (outcome) recycled.push(...mine);
    if (outcome) return outcome;
    Object.assign(totals.values, before);
    details.forget();
    return { status: 'Full' };
  }

  return {
    addBatch(batch, limits) {
      const recycled: OrthancId[] = [];
      const outcomes = batch.map((added) => addOne(added, limits, recycled));
      return { outcomes, recycled };
    },
  };
}
