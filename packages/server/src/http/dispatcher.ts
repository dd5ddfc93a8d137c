// From a request to the reply of its route: admission, method faking, route, arguments, body; and from a failure to its answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PharosError } from '../model/index.ts';
import type { Logger, Metrics } from '../ports/index.ts';
import type { AnswerGate } from './answer-gate.ts';
import { type AccessRules, challenge, createGate } from './authentication.ts';
import { errorReply, isServerFault } from './error-reply.ts';
import { eachPart, isForm } from './multipart-form.ts';
import { empty, type Reply } from './reply.ts';
import { bare, type ReplyContext, sendReply } from './reply-writer.ts';
import { bodyOf, gather, requestBody } from './request-body.ts';
import type { Method, RequestBody, Route, RouteRequest, Verb, WebDavVerb } from './route.ts';
import type { Router } from './router.ts';
import { argumentsOf, readTarget, type Target } from './target.ts';
import { createUploadPieces, pieceHeaders, type UploadPieces } from './upload-pieces.ts';
import { wantsXml } from './xml-text.ts';

export interface HttpSettings extends AccessRules {
  readonly HttpDescribeErrors: boolean;
  readonly HttpCompressionEnabled: boolean;
  readonly KeepAlive: boolean;
  /** Of Orthanc: what the metrics count requests against. */
  readonly HttpThreadsCount: number;
  /** 0 is no limit. */
  readonly MaximumRequestBodySizeMB: number;
}

/** A request that the settings admit. */
export interface Visit {
  readonly method: Method;
  /** Without repeated slashes, nor one at the end. */
  readonly path: string;
  readonly remoteIp: string;
  readonly username: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Has the last word on who is admitted, while `httpRequest` is there: it is looked up for each request. */
export interface Screen {
  readonly httpRequest?: (visit: Visit) => Promise<boolean>;
}

export interface DispatcherOptions<S> {
  readonly router: Router<S>;
  readonly services: S;
  readonly settings: HttpSettings;
  readonly log: Logger;
  readonly metrics: Metrics | undefined;
  readonly screen?: Screen;
  readonly answerGate: AnswerGate;
}

const piecesInMemory = 512 * 1024 * 1024;

const verbs: Readonly<Record<string, Method>> = { GET: 'GET', POST: 'POST', PUT: 'PUT', DELETE: 'DELETE' };
/** Verbs of WebDAV, and what filters and errors call them: they read, or they write. Any other verb: 400. */
const webDavVerbs: Readonly<Record<WebDavVerb, Method>> = {
  HEAD: 'GET',
  OPTIONS: 'GET',
  PROPFIND: 'GET',
  PROPPATCH: 'PUT',
  MKCOL: 'PUT',
  LOCK: 'PUT',
  UNLOCK: 'PUT',
};

function isWebDav(verb: string): verb is WebDavVerb {
  return Object.hasOwn(webDavVerbs, verb);
}

const plainMethod = (verb: Verb): Method => (isWebDav(verb) ? webDavVerbs[verb] : verb);

/** The method that is meant (X-HTTP-Method-Override, `_method`); 400 where there is no such. */
function methodOf(request: IncomingMessage, query: ReadonlyMap<string, string>): Verb | 400 {
  // Never answered, so that no header comes back to a script that must not read it; nor is it faked.
  if (request.method === 'TRACE') return 400;
  const override = request.headers['x-http-method-override'] ?? query.get('_method');
  if (typeof override === 'string' && override !== '') {
    const faked = override.toUpperCase();
    return faked === 'PUT' || faked === 'DELETE' ? faked : 400;
  }
  const verb = request.method ?? '';
  return isWebDav(verb) ? verb : (verbs[verb] ?? 400);
}

function encodingOf(accept: string | string[] | undefined): 'gzip' | 'deflate' | undefined {
  const offered = String(accept ?? '')
    .split(',')
    .map((piece) => piece.split(';')[0]?.trim());
  if (offered.includes('gzip')) return 'gzip';
  return offered.includes('deflate') ? 'deflate' : undefined;
}

/** IPv4 addresses that come through an IPv6 socket are IPv4 addresses. */
function remoteIpOf(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? '';
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

function visitOf(request: IncomingMessage, { segments }: Target, verb: Verb, username: string | undefined): Visit {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const path = `/${segments.join('/')}`;
  const method = plainMethod(verb);
  return { method, path, remoteIp: remoteIpOf(request), username, headers: Object.fromEntries(headers) };
}

type Call = RouteRequest<Readonly<Record<string, string>>, Readonly<Record<string, unknown>>>;

/** Each part of a form is posted on its own; the form as a whole is answered with nothing. */
async function postForm<S>(route: Route<S>, call: Call, services: S, pieces: UploadPieces): Promise<Reply> {
  const file = pieceHeaders(call.headers);
  const headers = { ...call.headers };
  delete headers['content-encoding'];
  await eachPart(call.body, async (part) => {
    const body = file
      ? completed(pieces.add(file, await gather(part.stream(), piecesInMemory)), part.contentType)
      : part;
    if (body) await settle(await route.handler({ ...call, headers, body }, services));
  });
  return empty();
}

function completed(file: Buffer | undefined, contentType: string): RequestBody | undefined {
  if (!file) return undefined;
  const source = async function* () {
    yield file;
  };
  return bodyOf(source, contentType, file.length);
}

/** Runs a reply to its end where nobody reads it. */
async function settle(reply: Reply): Promise<void> {
  if (reply.kind === 'json-array') for await (const _batch of reply.values);
  if (reply.kind === 'stream') for await (const _chunk of reply.body);
}

/** Milliseconds in which a client may notice that its body was refused. */
const noticeTime = 2000;

/**
 * What is left of a refused body is not worth receiving. But a connection that is closed while the client sends is reset, and then
 * the client may never see why: what comes is dropped (by Node, once the answer is out), and cut off only from a client that goes on.
 */
function cutLater(request: IncomingMessage): void {
  const timer = setTimeout(() => request.destroy(), noticeTime);
  const over = (): void => clearTimeout(timer);
  request.once('end', over).once('close', over);
}

export type Dispatch = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Answers every request; never throws. */
export function createDispatcher<S>(options: DispatcherOptions<S>): Dispatch {
  const { router, services, settings, log, metrics, screen, answerGate } = options;
  const admit = createGate(settings);
  const maximumBody = (settings.MaximumRequestBodySizeMB || Number.POSITIVE_INFINITY) * 1024 * 1024;
  const pieces = createUploadPieces(piecesInMemory);
  let active = 0;
  metrics?.gauge('orthanc_available_http_threads_count', () => Math.max(settings.HttpThreadsCount - active, 0));

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    target: Target,
    method: Verb,
    username: string | undefined,
  ): Promise<Reply> {
    const admits = screen?.httpRequest;
    if (admits && !(await admits(visitOf(request, target, method, username)))) return bare(403);
    const match = router.match(method, target.segments);
    if (match.kind !== 'found' && isWebDav(method)) return bare(404);
    if (match.kind === 'unknown') throw new PharosError('UnknownResource');
    if (match.kind === 'other-methods') return bare(405, { Allow: match.allowed.join(',') });
    const call: Call = {
      method,
      uri: target.uri,
      params: match.params,
      query: argumentsOf(match.route, target.query),
      headers: request.headers,
      body: requestBody(request, maximumBody),
      source: 'RestApi',
      remoteIp: remoteIpOf(request),
      username,
      isAbandoned: () => response.destroyed,
      children: () => router.children(target.segments),
    };
    if (method === 'POST' && isForm(request.headers['content-type']))
      return postForm(match.route, call, services, pieces);
    return match.route.handler(call, services);
  }

  function report(error: unknown, uri: string): void {
    if (isServerFault(error)) log.error('A request failed', { uri, error });
    else log.info(`A request was refused: ${error instanceof Error ? error.message : 'unknown reason'}`, { uri });
  }

  return async (request, response) => {
    const started = performance.now();
    active += 1;
    metrics?.observe('orthanc_rest_api_active_requests', active);
    const { headers } = request;
    if (!settings.KeepAlive) response.shouldKeepAlive = false;
    const admission = admit({ remoteIp: remoteIpOf(request), headers });
    const target = readTarget(request.url ?? '/', request.method === 'GET');
    const method = methodOf(request, target.query);
    const context: ReplyContext = {
      method: typeof method === 'string' ? plainMethod(method) : 'GET',
      asXml: wantsXml(headers.accept),
      encoding: settings.HttpCompressionEnabled ? encodingOf(headers['accept-encoding']) : undefined,
      answerGate,
    };
    answerGate.began(context.method === 'GET');
    try {
      if (!admission.admitted) return await sendReply(response, bare(401, { 'WWW-Authenticate': challenge }), context);
      if (typeof method === 'number') return await sendReply(response, bare(method), context);
      const reply = await answer(request, response, target, method, admission.username);
      await sendReply(response, reply, context);
    } catch (error) {
      await fail(error, { request, response, target, context });
    } finally {
      active -= 1;
      metrics?.observe('orthanc_rest_api_duration_ms', Math.round(performance.now() - started));
    }
  };

  interface Failure {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly target: Target;
    readonly context: ReplyContext;
  }

  async function fail(error: unknown, { request, response, target, context }: Failure): Promise<void> {
    if (!request.destroyed || request.complete) report(error, target.uri);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (!request.complete) response.once('finish', () => cutLater(request));
    const reply = errorReply({ method: context.method, uri: target.uri, error }, settings.HttpDescribeErrors);
    await sendReply(response, reply, context).catch(() => response.destroy());
  }
}
