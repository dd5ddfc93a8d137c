// The logs that other systems follow: changes of resources, and exports to remote modalities.
import { empty, type Json, json, query, type Route, routeFor, type Schema, Type } from '../http/index.ts';
import {
  type Change,
  type ChangeName,
  ChangeType,
  type ExportedResource,
  levelNumber,
  PharosError,
} from '../model/index.ts';
import type { ChangesQuery } from '../ports/index.ts';
import type { Services } from '../services/index.ts';
import { pathOf } from './shapes/resource-json.ts';

const route = routeFor<Services>();

/** Longer pages are cut: clients go on after `Last` until `Done`. */
const longestPage = 100_000;

const defaultLimit = 100;

interface Page {
  readonly since: number | undefined;
  readonly to: number | undefined;
  readonly limit: number;
}

const integer = /^[+-]?\d{1,15}$/;

function numberOf(value: string | undefined, absent: number): number {
  if (value === undefined) return absent;
  return integer.test(value) ? Number(value) : Number.NaN;
}

/** An argument that is no number makes all of them as if absent. */
function pageOf(asked: { readonly since?: string; readonly to?: string; readonly limit?: string }): Page {
  const since = numberOf(asked.since, 0);
  const to = numberOf(asked.to, -1);
  const limit = numberOf(asked.limit, defaultLimit);
  if (Number.isNaN(since + to + limit)) return { since: undefined, to: undefined, limit: defaultLimit };
  return {
    since: since > 0 ? since : undefined,
    to: to >= 0 ? to : undefined,
    limit: limit < 0 ? longestPage : Math.min(limit, longestPage),
  };
}

function isChangeName(name: string): name is ChangeName {
  return Object.hasOwn(ChangeType, name);
}

/** @throws PharosError ParameterOutOfRange */
function typesOf(named: readonly string[] | undefined): ChangesQuery['types'] {
  if (!named || named.length === 0) return undefined;
  if (named.length === 1 && named[0]?.toLowerCase() === 'all') return undefined;
  return named.map((name) => {
    if (isChangeName(name)) return name;
    throw new PharosError('ParameterOutOfRange', `Unknown type of change: ${name.slice(0, 64)}`);
  });
}

function changeJson({ seq, type, level, id, date }: Change): Json {
  return { ChangeType: type, Date: date, ID: id, Path: pathOf({ level, id }), ResourceType: level, Seq: seq };
}

function exportJson(entry: ExportedResource): Json {
  const { level, id } = entry;
  const depth = levelNumber[level];
  return {
    Date: entry.date,
    ID: id,
    Path: pathOf({ level, id }),
    PatientID: entry.patientId,
    RemoteModality: entry.remoteModality,
    ResourceType: level,
    SOPInstanceUID: depth >= levelNumber.Instance ? entry.sopInstanceUid : undefined,
    Seq: entry.seq,
    SeriesInstanceUID: depth >= levelNumber.Series ? entry.seriesInstanceUid : undefined,
    StudyInstanceUID: depth >= levelNumber.Study ? entry.studyInstanceUid : undefined,
  };
}

interface Log<T> {
  readonly entries: readonly T[];
  readonly done: boolean;
  /** `Last` where there are no entries. */
  readonly last: number;
}

function logJson<T extends { readonly seq: number }>(
  name: string,
  { entries, done, last }: Log<T>,
  show: (entry: T) => Json,
): Json {
  return { [name]: entries.map(show), Done: done, First: entries[0]?.seq, Last: entries.at(-1)?.seq ?? last };
}

const entryFields = {
  Seq: Type.Integer(),
  Date: Type.String({ description: 'UTC, YYYYMMDDTHHMMSS' }),
  ID: Type.String(),
  Path: Type.String(),
  ResourceType: Type.String({ enum: ['Patient', 'Study', 'Series', 'Instance'] }),
};

const changeShape = Type.Object({ ...entryFields, ChangeType: Type.String() });

const exportShape = Type.Object({
  ...entryFields,
  RemoteModality: Type.String(),
  PatientID: Type.String(),
  StudyInstanceUID: Type.Optional(Type.String()),
  SeriesInstanceUID: Type.Optional(Type.String()),
  SOPInstanceUID: Type.Optional(Type.String()),
});

const logReply = (name: string, entry: Schema) =>
  Type.Object({
    [name]: Type.Array(entry),
    Done: Type.Boolean(),
    First: Type.Optional(Type.Integer()),
    Last: Type.Integer(),
  });

const pageQuery = {
  since: query.text('After this number'),
  limit: query.text('At most so many, 100 unless told otherwise'),
  last: query.flag('Only the last one'),
};

const changes = route({
  method: 'GET',
  path: '/changes',
  summary: 'Log of changes',
  tag: 'Tracking changes',
  query: {
    ...pageQuery,
    to: query.text('Up to this number'),
    type: query.list('Types of change, or All', ';'),
  },
  reply: logReply('Changes', changeShape),
  async handler({ query: asked }, { index }) {
    const types = typesOf(asked.type);
    if (asked.last) {
      const change = await index.lastChange();
      const last = change?.seq ?? (await index.lastSeq());
      return json(logJson('Changes', { entries: change ? [change] : [], done: true, last }, changeJson));
    }
    const page = await index.changes({ ...pageOf(asked), types });
    const last = page.changes.length === 0 ? await index.lastSeq() : 0;
    return json(logJson('Changes', { entries: page.changes, done: page.done, last }, changeJson));
  },
});

const clearChanges = route({
  method: 'DELETE',
  path: '/changes',
  summary: 'Empties the log of changes',
  tag: 'Tracking changes',
  reply: 'text/plain',
  async handler(_request, { index }) {
    await index.clearChanges();
    return empty();
  },
});

const exported = route({
  method: 'GET',
  path: '/exports',
  summary: 'Log of exports to remote modalities',
  tag: 'Tracking changes',
  query: pageQuery,
  reply: logReply('Exports', exportShape),
  async handler({ query: asked }, { index }) {
    if (asked.last) {
      const last = await index.lastExport();
      return json(logJson('Exports', { entries: last ? [last] : [], done: true, last: 0 }, exportJson));
    }
    const { since = 0, limit } = pageOf(asked);
    const page = await index.exports(since, limit);
    return json(logJson('Exports', { entries: page.exports, done: page.done, last: since }, exportJson));
  },
});

const clearExports = route({
  method: 'DELETE',
  path: '/exports',
  summary: 'Empties the log of exports',
  tag: 'Tracking changes',
  reply: 'text/plain',
  async handler(_request, { index }) {
    await index.clearExports();
    return empty();
  },
});

export const changeRoutes: readonly Route<Services>[] = [changes, clearChanges, exported, clearExports];
