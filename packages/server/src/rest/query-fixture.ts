// For the tests of queries: modalities behind a network that answers as a test tells it, and remembers what it was asked.
import { createDataSet, type DataSet, type ElementInit, formatTag, standardDictionary } from '@pharos/dicom';
import { silentLog } from '@pharos/testkit';
import { createMainDicomTagRegistry, type Level, resourceIds } from '../model/index.ts';
import type { ModalityNetwork, MoveOutcome, NetworkQuery, RemoteModality } from '../ports/index.ts';
import type { Ingest } from '../services/index.ts';
import { createIngestEvents } from '../services/ingest/index.ts';
import { createJobs } from '../services/jobs/index.ts';
import { createModalities } from '../services/modalities/index.ts';
import { createMoveArrivals, createRemoteQueries } from '../services/query/index.ts';
import type { QueryServices } from './query-services.ts';

export interface Asked {
  readonly verb: 'C-FIND' | 'C-MOVE' | 'C-GET';
  readonly remote: RemoteModality;
  readonly model: NetworkQuery['model'];
  /** Texts by `gggg,eeee`, without Specific Character Set. */
  readonly keys: Readonly<Record<string, string>>;
  readonly identifier: DataSet;
  /** '' but for C-MOVE. */
  readonly target: string;
}

/** What the peer does; may throw. */
export interface Peer {
  find?(asked: Asked): readonly (readonly ElementInit[])[];
  move?(asked: Asked): MoveOutcome;
  get?: ModalityNetwork['get'];
}

export const moved: MoveOutcome = { status: 0, remaining: 0, completed: 1, failed: 0, warning: 0 };

function keysOf(identifier: DataSet): Readonly<Record<string, string>> {
  const entries = Array.from(identifier.tags(), (tag) => [formatTag(tag), identifier.text(tag) ?? ''] as const);
  return Object.fromEntries(entries.filter(([tag]) => tag !== '0008,0005'));
}

function fakeNetwork(peer: Peer, asked: Asked[]): ModalityNetwork {
  const note = (verb: Asked['verb'], remote: RemoteModality, query: NetworkQuery, target = ''): Asked => {
    const { model, identifier } = query;
    const call = { verb, remote, model, identifier, keys: keysOf(identifier), target };
    asked.push(call);
    return call;
  };
  return {
    async echo() {},
    store: async () => ({ sopClassUid: '', sopInstanceUid: '' }),
    action: async () => undefined,
    eventReport: async () => undefined,
    openStore: () => ({ store: async () => undefined, abort: () => undefined, close: async () => undefined }),
    async *find(remote, query) {
      const call = note('C-FIND', remote, query);
      for (const elements of peer.find?.(call) ?? []) yield createDataSet(elements);
    },
    async move(remote, query, target) {
      const call = note('C-MOVE', remote, query, target);
      return peer.move?.(call) ?? moved;
    },
    async get(remote, query, receive, options) {
      note('C-GET', remote, query);
      return (await peer.get?.(remote, query, receive, options)) ?? moved;
    },
  };
}

const noIds = resourceIds({ patientId: '', studyInstanceUid: '', seriesInstanceUid: '', sopInstanceUid: '' });

const noIngest: Ingest = {
  begin: () => ({
    push: () => undefined,
    finish: async () => ({ status: 'Success', ids: noIds }),
    abort: async () => undefined,
  }),
  drain: async () => undefined,
};

export interface QueryFixtureOptions {
  readonly peer?: Peer;
  readonly extraMainTags?: Partial<Record<Level, readonly number[]>>;
  readonly queryRetrieveSize?: number;
  readonly retrieveMethod?: 'C-MOVE' | 'C-GET';
  readonly ingest?: Ingest;
}

/** Modalities: `pacs`; `mine` with all options of its own; `ge`, `nodates`, `nostars` by their manufacturers. */
export async function createQueryFixture(options: QueryFixtureOptions = {}) {
  const asked: Asked[] = [];
  const modality = (more: object) => ({ AET: 'PACS', Host: 'pacs.example', Port: 104, ...more });
  const modalities = await createModalities(
    {
      DicomModalitiesInDatabase: false,
      DicomModalities: {
        pacs: modality({}),
        mine: modality({ LocalAet: 'MINE', Timeout: 7, RetrieveMethod: 'C-GET' }),
        ge: modality({ Manufacturer: 'GE' }),
        nodates: modality({ Manufacturer: 'GenericNoWildcardInDates' }),
        nostars: modality({ Manufacturer: 'GenericNoUniversalWildcard' }),
      },
    },
    { property: async () => undefined, setProperty: async () => undefined, nextNumber: async () => 1 },
  );
  const jobs = await createJobs({
    index: {
      saveJob: async () => undefined,
      removeJob: async () => undefined,
      savedJobs: async () => [],
      async sync() {},
    },
    settings: { SaveJobs: false, JobsHistorySize: 10, MediaArchiveSize: 1 },
    concurrency: 1,
    types: [],
    clock: { now: () => new Date() },
    log: silentLog,
  });
  jobs.start();
  const services: QueryServices = {
    settings: {
      DicomAet: 'PHAROS',
      DicomScuTimeout: 10,
      DicomDefaultRetrieveMethod: options.retrieveMethod ?? 'C-MOVE',
    },
    network: fakeNetwork(options.peer ?? {}, asked),
    modalities,
    queries: createRemoteQueries({ QueryRetrieveSize: options.queryRetrieveSize ?? 100 }),
    arrivals: createMoveArrivals(createIngestEvents()),
    ingest: options.ingest ?? noIngest,
    jobs,
    live: { fallbackCharset: () => 'ISO_IR 100' },
    log: silentLog,
    dictionary: standardDictionary,
    mainTags: createMainDicomTagRegistry(options.extraMainTags),
  };
  return { services, asked };
}
