// The client: typed requests by method and path, and what is built on them.
import { type ChangesOptions, changesAfter } from './changes.ts';
import { PharosClientError, refusal, unreachable } from './errors.ts';
import { replyKinds } from './generated/reply-kinds.ts';
import { endOfJob, type WaitForJobOptions } from './jobs.ts';
import { basicAuthorization, bodyPart, filledPath, type ParamValue, type QueryValue, queryString } from './request.ts';
import type { Arguments, Method, PathWith, ReplyOf } from './route-types.ts';
import type { Change, Job } from './shapes.ts';

export interface PharosClientOptions {
  /** Root of the REST API, such as http://localhost:8042/; may hold user name and password. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /**
   * Milliseconds until an answer has come: of JSON and text the whole of it, of files and archives the beginning. Unlimited unless
   * told otherwise. The answer to an upload comes after the upload.
   */
  readonly timeoutMs?: number;
}

export interface RequestOptions {
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Text, bytes, blobs and streams are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * One server. Replies have the types of the OpenAPI document: JSON is parsed, text is a string, and anything else is a Response
 * whose body has not been read yet. @throws PharosClientError from every request that fails
 */
export interface PharosClient {
  /** Root of the REST API, without user name and password. */
  readonly url: string;
  get<P extends PathWith<'get'>>(path: P, ...options: Arguments<P, 'get'>): Promise<ReplyOf<P, 'get'>>;
  post<P extends PathWith<'post'>>(path: P, ...options: Arguments<P, 'post'>): Promise<ReplyOf<P, 'post'>>;
  put<P extends PathWith<'put'>>(path: P, ...options: Arguments<P, 'put'>): Promise<ReplyOf<P, 'put'>>;
  delete<P extends PathWith<'delete'>>(path: P, ...options: Arguments<P, 'delete'>): Promise<ReplyOf<P, 'delete'>>;
  /** A request for any path, such as one of a plug-in, with its body unread; `timeoutMs` counts until its beginning. */
  request(method: string, path: string, options?: RequestOptions): Promise<Response>;
  /**
   * Waits until a job has succeeded; `job` is its identifier, or the answer to a request with `Asynchronous`.
   * @throws PharosJobError where it fails
   */
  waitForJob(job: string | SubmittedJob, options?: WaitForJobOptions): Promise<Job>;
  /** The changes after a number, 0 for all. */
  changes(since?: number, options?: ChangesOptions): AsyncGenerator<Change, void, undefined>;
}

/** The answer to a request with `Asynchronous`. */
export interface SubmittedJob {
  readonly ID?: unknown;
}

/** What the server said, believed to be what the document tells. */
type Told = ReturnType<typeof JSON.parse>;

interface Server {
  /** Without a slash at its end. */
  readonly root: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number | undefined;
}

/** @throws TypeError where the URL is none */
function serverOf({ url, username, password, timeoutMs }: PharosClientOptions): Server {
  const address = new URL(url);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') throw new TypeError(`${url} is no URL of HTTP`);
  const name = username ?? decodeURIComponent(address.username);
  const secret = password ?? decodeURIComponent(address.password);
  const root = `${address.origin}${address.pathname}`.replace(/\/+$/, '');
  return { root, headers: name ? { Authorization: basicAuthorization(name, secret) } : {}, timeoutMs };
}

interface Limit {
  readonly signal: AbortSignal | undefined;
  /** What has been answered in time is not given up later. */
  lift(): void;
}

/** The signal of the caller, or the end of the time that there is. */
function limitOf(signal: AbortSignal | undefined, milliseconds: number | undefined): Limit {
  if (milliseconds === undefined) return { signal, lift: () => undefined };
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(new Error(`not within ${milliseconds} ms`)), milliseconds);
  return {
    signal: signal ? AbortSignal.any([signal, clock.signal]) : clock.signal,
    lift: () => clearTimeout(timer),
  };
}

type Reader<T> = (response: Response, request: string) => Promise<T> | T;

/** Runs the request until `read` is done with its answer. @throws PharosClientError, or what the caller's signal was aborted with */
async function ask<T>(
  server: Server,
  method: string,
  path: string,
  options: RequestOptions,
  read: Reader<T>,
): Promise<T> {
  const address = server.root + filledPath(path, options.params) + queryString(options.query);
  const request = `${method} ${address}`;
  const { headers: ofBody, ...body } = bodyPart(options.body);
  const headers = { ...server.headers, ...ofBody, ...options.headers };
  const { signal, lift } = limitOf(options.signal, server.timeoutMs);
  try {
    const response = await fetch(address, { ...body, method, headers, signal });
    if (!response.ok) throw await refusal(request, response);
    return await read(response, request);
  } catch (error) {
    if (options.signal?.aborted || error instanceof PharosClientError) throw error;
    throw unreachable(request, error);
  } finally {
    lift();
  }
}

function parsed(text: string, request: string): Told {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PharosClientError(`${request}: the answer is no JSON`, {
      status: 200,
      cause,
    });
  }
}

const readers: Readonly<Record<'json' | 'text' | 'bytes', Reader<Told>>> = {
  json: async (response, request) => parsed(await response.text(), request),
  text: (response) => response.text(),
  bytes: (response) => response,
};

/** @throws TypeError where the answer names no job */
function jobIdOf(job: string | SubmittedJob): string {
  const id = typeof job === 'string' ? job : job.ID;
  if (typeof id === 'string') return id;
  throw new TypeError('The answer names no job: the request needs Asynchronous');
}

/** A client of one server; nothing is asked yet. @throws TypeError where the URL is none */
export function createPharosClient(options: PharosClientOptions): PharosClient {
  const server = serverOf(options);
  const typed =
    (method: Uppercase<Method>) =>
    (path: string, asked: RequestOptions = {}) =>
      ask(server, method, path, asked, readers[replyKinds[`${method} ${path}`] ?? 'json']);
  const get = typed('GET');
  return {
    url: server.root,
    get,
    post: typed('POST'),
    put: typed('PUT'),
    delete: typed('DELETE'),
    request: (method, path, asked = {}) => ask(server, method, path, asked, (response) => response),
    async waitForJob(job, waiting) {
      const params = { id: jobIdOf(job) };
      return endOfJob(() => get('/jobs/{id}', { params, signal: waiting?.signal }), waiting);
    },
    changes: (since = 0, following = {}) =>
      changesAfter(
        (last, limit) => get('/changes', { query: { since: last, limit }, signal: following.signal }),
        since,
        following,
      ),
  };
}
