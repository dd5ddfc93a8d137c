// The REST API for those who live in the server: the same routes, without a socket, and without asking who it is.
import type { IncomingHttpHeaders } from 'node:http';
import { errorKindOf, PharosError } from '../model/index.ts';
import { writeJson } from './json-text.ts';
import type { Json, Reply } from './reply.ts';
import { bodyOf, gather } from './request-body.ts';
import type { Method, Route, RouteRequest } from './route.ts';
import { createRouter } from './router.ts';
import { argumentsOf, readTarget } from './target.ts';

export interface LocalRequest {
  readonly method: Method;
  /** Path and query. */
  readonly uri: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array | undefined;
}

export interface LocalAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** What is not found or fails has the status of its answer over HTTP. @throws PharosError NotEnoughMemory for too long an answer */
export type LocalClient = (request: LocalRequest) => Promise<LocalAnswer>;

export interface LocalClientOptions<S> {
  readonly routes: readonly Route<S>[];
  readonly services: S;
  readonly source: RouteRequest<unknown, unknown>['source'];
  readonly settings: { readonly ReadOnly: boolean };
  /** Bytes of an answer. */
  readonly longestAnswer: number;
}

const nothing = Buffer.alloc(0);

async function* oneChunk(bytes: Uint8Array | undefined): AsyncGenerator<Buffer> {
  if (bytes && bytes.byteLength > 0) yield Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

async function* buffers(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  // Pieces may be lent: what is kept is a copy.
  for await (const piece of source) yield Buffer.from(piece);
}

const text = (value: Json): Buffer => Buffer.from(writeJson(value), 'utf8');

async function answerOf(reply: Reply, method: Method, longest: number): Promise<LocalAnswer> {
  switch (reply.kind) {
    case 'json':
      return { status: reply.status, body: text(reply.value) };
    case 'json-array': {
      const values: Json[] = [];
      for await (const batch of reply.values) for (const value of batch) values.push(value);
      return { status: 200, body: text(values) };
    }
    case 'bytes':
      return { status: reply.status, body: reply.body };
    case 'stream':
      return { status: reply.status, body: await gather(buffers(reply.body), longest) };
    case 'redirect':
      return { status: 307, body: nothing };
    case 'unanswered':
      return { status: method === 'POST' ? 400 : 404, body: nothing };
  }
}

/** @throws Error where two routes are the same */
export function createLocalClient<S>(options: LocalClientOptions<S>): LocalClient {
  const { services, source, settings, longestAnswer } = options;
  const router = createRouter(settings.ReadOnly ? options.routes.filter(({ writes }) => !writes) : options.routes);

  const answer = async ({ method, uri, headers, body }: LocalRequest): Promise<LocalAnswer> => {
    const target = readTarget(uri, method === 'GET');
    const match = router.match(method, target.segments);
    if (match.kind === 'unknown') return { status: 404, body: nothing };
    if (match.kind === 'other-methods') return { status: 405, body: nothing };
    const request = {
      method,
      uri: target.uri,
      params: match.params,
      query: argumentsOf(match.route, target.query),
      headers,
      body: bodyOf(() => oneChunk(body), headers['content-type'] ?? '', body?.byteLength ?? 0),
      source,
      remoteIp: '127.0.0.1',
      username: undefined,
      isAbandoned: () => false,
      children: () => router.children(target.segments),
    };
    return answerOf(await match.route.handler(request, services), method, longestAnswer);
  };

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      if (!(error instanceof PharosError)) throw error;
      return { status: errorKindOf(error).httpStatus, body: Buffer.from(error.message, 'utf8') };
    }
  };
}
