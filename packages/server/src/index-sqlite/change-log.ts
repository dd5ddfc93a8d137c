// Changes and exports. The changes New... are the rows of the resources themselves, by key; the others have a table. A page is
// the merge of what each of them has in the range of Seq, so that changes of deleted resources vanish with these.
import {
  type Change,
  type ChangeName,
  ChangeType,
  type ExportedResource,
  type Level,
  levelNumber,
  levels,
} from '../model/index.ts';
import type { ChangeLog, ChangesPage, ChangesQuery } from '../ports/index.ts';
import { idBytes, integer, level, orthancId, type Row, text, unpackDate } from './rows.ts';
import type { Session } from './session.ts';
import { tableOf } from './tables.ts';

const madeBy: Readonly<Record<Level, ChangeName>> = {
  Patient: 'NewPatient',
  Study: 'NewStudy',
  Series: 'NewSeries',
  Instance: 'NewInstance',
};

function isChangeName(name: string): name is ChangeName {
  return Object.hasOwn(ChangeType, name);
}

const names: ReadonlyMap<number, ChangeName> = new Map(
  Object.keys(ChangeType)
    .filter(isChangeName)
    .map((name) => [ChangeType[name], name]),
);

const resourceId = `CASE c.level ${levels
  .map((at, index) => `WHEN ${index + 1} THEN (SELECT hex(r.id) FROM ${tableOf[at]} r WHERE r.key = c.resource)`)
  .join(' ')} END`;

/** Seq after `after`, up to `upTo`, `limit` of them from one end. */
interface Range {
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
  readonly newestFirst: boolean;
}

export function createChangeLog(session: Session): ChangeLog {
  const { database, totals } = session;
  /** What the last call of `lastChange` found; whoever polls asks many times between two writes. */
  let lastFound: readonly Change[] | undefined;
  session.onWrite(() => {
    lastFound = undefined;
  });

  function made(at: Level, range: Range): Change[] {
    const sql = `SELECT key, hex(id), made FROM ${tableOf[at]} WHERE key > ? AND key <= ?
      ORDER BY key ${range.newestFirst ? 'DESC' : ''} LIMIT ?`;
    return database.rows(sql, range.after, range.upTo, range.limit).map((row) => ({
      seq: integer(row[0]),
      type: madeBy[at],
      level: at,
      id: orthancId(row[1]),
      date: unpackDate(row[2]),
    }));
  }

  function readChange(row: Row): Change[] {
    const type = names.get(integer(row[1]));
    return type
      ? [{ seq: integer(row[0]), type, level: level(row[2]), id: orthancId(row[3]), date: unpackDate(row[4]) }]
      : [];
  }

  /** Changes of one type, or of all that have rows. */
  function logged(type: ChangeName | undefined, range: Range): Change[] {
    const sql = `SELECT c.seq, c.type, c.level, ${resourceId}, c.date FROM change c
      WHERE ${type ? `c.type = ${ChangeType[type]} AND` : ''} c.seq > ? AND c.seq <= ?
      ORDER BY c.seq ${range.newestFirst ? 'DESC' : ''} LIMIT ?`;
    return database.rows(sql, range.after, range.upTo, range.limit).flatMap(readChange);
  }

  /** Once a source has filled the page, the others matter only within what it covers. */
  function narrowed(range: Range, found: readonly Change[]): Range {
    const furthest = found.at(-1);
    if (!furthest || found.length < range.limit) return range;
    return range.newestFirst ? { ...range, after: furthest.seq - 1 } : { ...range, upTo: furthest.seq };
  }

  function candidates(types: readonly ChangeName[] | undefined, whole: Range): Change[] {
    const ofLevels = levels.filter((at) => !types || types.includes(madeBy[at]));
    const others = types ?? [undefined];
    // The most frequent ones first.
    const sources = [
      ...ofLevels.reverse().map((at) => (range: Range) => made(at, range)),
      ...others.map((type) => (range: Range) => logged(type, range)),
    ];
    let range = whole;
    const all: Change[] = [];
    for (const source of sources) {
      const found = source(range);
      all.push(...found);
      range = narrowed(range, found);
    }
    return all.sort((x, y) => x.seq - y.seq);
  }

  function newest(): Change[] {
    const { last_key, cleared } = totals.values;
    return candidates(undefined, { after: cleared, upTo: last_key, limit: 1, newestFirst: true }).slice(-1);
  }

  async function changes(query: ChangesQuery): Promise<ChangesPage> {
    const { last_key, cleared } = totals.values;
    const range: Range = {
      after: Math.max(query.since ?? 0, cleared),
      upTo: Math.min(query.to ?? last_key, last_key),
      limit: query.limit + 1,
      newestFirst: query.to !== undefined && query.since === undefined,
    };
    const found = candidates(query.types && [...new Set(query.types)], range);
    const first = range.newestFirst ? Math.max(0, found.length - query.limit) : 0;
    return { changes: found.slice(first, first + query.limit), done: found.length <= query.limit };
  }

  function readExport(row: Row): ExportedResource {
    return {
      seq: integer(row[0]),
      level: level(row[1]),
      id: orthancId(row[2]),
      remoteModality: text(row[3]),
      date: text(row[4]),
      patientId: text(row[5]),
      studyInstanceUid: text(row[6]),
      seriesInstanceUid: text(row[7]),
      sopInstanceUid: text(row[8]),
    };
  }

  return {
    logChange: (ref, type, now) =>
      session.write(() => {
        const key = session.keyOf(ref);
        if (key !== undefined) session.logChange(type, ref.level, key, now);
      }),
    changes,
    async lastChange() {
      lastFound ??= newest();
      return lastFound[0];
    },
    lastSeq: async () => totals.values.last_key,
    clearChanges: () =>
      session.write(() => {
        session.changed();
        totals.values.cleared = totals.values.last_key;
        database.run('DELETE FROM change');
      }),
    logExport: (exported) =>
      session.write(() => {
        session.changed();
        database.run(
          'INSERT INTO export VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
          ++totals.values.last_export,
          levelNumber[exported.level],
          idBytes(exported.id),
          exported.remoteModality,
          exported.date,
          exported.patientId,
          exported.studyInstanceUid,
          exported.seriesInstanceUid,
          exported.sopInstanceUid,
        );
      }),
    async exports(since, limit) {
      const rows = database.rows('SELECT * FROM export WHERE seq > ? ORDER BY seq LIMIT ?', since, limit + 1);
      return { exports: rows.slice(0, limit).map(readExport), done: rows.length <= limit };
    },
    async lastExport() {
      const row = database.row('SELECT * FROM export ORDER BY seq DESC LIMIT 1');
      return row && readExport(row);
    },
    clearExports: () =>
      session.write(() => {
        database.run('DELETE FROM export');
      }),
  };
}
