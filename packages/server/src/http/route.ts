// A REST route is one object: router, argument parsing, OpenAPI and route coverage all come from it. `S` is what handlers are
// given (the services); this layer does not know them.
import type { IncomingHttpHeaders } from 'node:http';
import type { QueryParameter } from './query-parameters.ts';
import type { Reply } from './reply.ts';
import type { Schema } from './schema.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What WebDAV has beside them (RFC 4918), and what is known in its folders only. */
export type WebDavVerb = 'HEAD' | 'OPTIONS' | 'PROPFIND' | 'PROPPATCH' | 'MKCOL' | 'LOCK' | 'UNLOCK';

export type Verb = Method | WebDavVerb;

/** `:name` segments of a path, and `*` for all that follows. */
export type PathParams<Path extends string> = Path extends `${infer Head}/${infer Tail}`
  ? PathParams<Head> & PathParams<Tail>
  : Path extends `:${infer Name}`
    ? { readonly [K in Name]: string }
    : Path extends '*'
      ? { readonly rest: string }
      : unknown;

export type QuerySpec = Readonly<Record<string, QueryParameter<unknown>>>;

export type QueryValues<Q extends QuerySpec> = {
  readonly [K in keyof Q]: Q[K] extends QueryParameter<infer T> ? T : never;
};

/**
 * The body of a request, read once, in one of these ways. Bounded by MaximumRequestBodySizeMB, and by 64 MB where it is held as
 * a whole (bytes, text, json). @throws PharosError BodyTooLarge, BadRequest where the body ends early
 */
export interface RequestBody {
  readonly contentType: string;
  /** As the client announced it, undefined for chunked bodies. */
  readonly length: number | undefined;
  bytes(): Promise<Buffer>;
  text(): Promise<string>;
  /** JSON, comments tolerated, whatever the content type. @throws PharosError BadFileFormat */
  json(): Promise<unknown>;
  stream(): AsyncIterable<Buffer>;
  /**
   * Gives each chunk to `take` as it comes, which costs less than stream(); where `take` gives a promise, the next chunk waits.
   * @throws PharosError BodyTooLarge, BadRequest where the body ends early; what `take` throws
   */
  pour(take: (chunk: Buffer) => Promise<void> | undefined): Promise<void>;
}

export interface RouteRequest<Params, Query> {
  readonly method: Verb;
  /** Path as the client sent it, without query. */
  readonly uri: string;
  readonly params: Params;
  readonly query: Query;
  readonly headers: IncomingHttpHeaders;
  readonly body: RequestBody;
  /** Through which door it came. */
  readonly source: 'RestApi' | 'Lua';
  readonly remoteIp: string;
  readonly username: string | undefined;
  /** The client has gone: what was not begun for it yet need not be. */
  isAbandoned(): boolean;
  /** Names of the routes right below this path, sorted: what a listing such as GET /tools shows. */
  children(): readonly string[];
}

export interface Route<S> {
  readonly method: Verb;
  /** `/instances/:id/frames/:frame/raw`; a last segment `*` takes the rest (`params.rest`). */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly query: QuerySpec;
  /** Shape of a JSON body, for the documentation; handlers validate what they read. */
  readonly body?: Schema;
  /** What the answer is: a JSON shape, or a MIME type. */
  readonly reply: Schema | string;
  /** Absent from a server that is ReadOnly. */
  readonly writes: boolean;
  readonly handler: (
    request: RouteRequest<Readonly<Record<string, string>>, Readonly<Record<string, unknown>>>,
    services: S,
  ) => Promise<Reply> | Reply;
}

interface RouteDefinition<S, Path extends string, Q extends QuerySpec> {
  readonly method: Verb;
  readonly path: Path;
  readonly summary: string;
  readonly tag: string;
  readonly query?: Q;
  readonly body?: Schema;
  readonly reply: Schema | string;
  readonly writes?: boolean;
  readonly handler: (request: RouteRequest<PathParams<Path>, QueryValues<Q>>, services: S) => Promise<Reply> | Reply;
}

/** `const route = routeFor<Services>()`, then `route({...})`: types of params and query follow from path and spec. */
export function routeFor<S>() {
  return <const Path extends string, Q extends QuerySpec = Record<never, never>>(
    definition: RouteDefinition<S, Path, Q>,
  ): Route<S> => {
    const { query, writes = false, handler, ...rest } = definition;
    return {
      ...rest,
      query: query ?? {},
      writes,
      // The router fills params and query by path and spec, which is what the handler's types say.
      handler: (request, services) => handler(request as RouteRequest<PathParams<Path>, QueryValues<Q>>, services),
    };
  };
}
