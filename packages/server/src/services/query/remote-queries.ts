// Queries that were asked of remote modalities, with their answers: kept in memory, the least recently used forgotten first.
import { type Level, PharosError } from '../../model/index.ts';
import type { RemoteAnswers } from './remote-find.ts';
import type { QueryKeys } from './remote-identifier.ts';

export interface RemoteQuery extends RemoteAnswers {
  /** Symbolic name of the modality. */
  readonly modality: string;
  readonly level: Level;
  /** As the client gave them. */
  readonly keys: QueryKeys;
  readonly normalize: boolean;
  /** Of the request; '' is that of the modality. */
  readonly localAet: string;
  /** Of the request, in seconds; 0 is that of the modality. */
  readonly timeout: number;
}

export interface RemoteQueries {
  /** Sorted. */
  ids(): readonly string[];
  /** Gives the identifier. */
  add(query: RemoteQuery): string;
  /** @throws PharosError UnknownResource */
  get(id: string): RemoteQuery;
  remove(id: string): void;
}

/** What the answers of all queries may take, however few they are; the newest is kept in any case. */
const mostBytes = 512 * 1024 * 1024;

/** @param settings QueryRetrieveSize: how many queries are kept, at least one */
export function createRemoteQueries({ QueryRetrieveSize }: { readonly QueryRetrieveSize: number }): RemoteQueries {
  const most = Math.max(1, QueryRetrieveSize);
  /** Least recently used first. */
  const queries = new Map<string, RemoteQuery>();
  return {
    ids: () => [...queries.keys()].sort(),
    add(query) {
      const id = crypto.randomUUID();
      let bytes = query.bytes;
      for (const kept of queries.values()) bytes += kept.bytes;
      for (const [oldest, kept] of queries) {
        if (queries.size < most && bytes <= mostBytes) break;
        queries.delete(oldest);
        bytes -= kept.bytes;
      }
      queries.set(id, query);
      return id;
    },
    get(id) {
      const query = queries.get(id);
      if (!query)
        throw new PharosError('UnknownResource', 'No such query: it was deleted, or newer ones took its place');
      queries.delete(id);
      queries.set(id, query);
      return query;
    },
    remove: (id) => void queries.delete(id),
  };
}
