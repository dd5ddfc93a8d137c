// The HTTP server: Fastify for the life cycle and for tests (inject), listening sockets of our own, one entry for the requests of both.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { PharosError } from '../model/index.ts';
import type { Logger, Metrics } from '../ports/index.ts';
import { createAnswerGate } from './answer-gate.ts';
import { createDispatcher, type Dispatch, type HttpSettings, type Screen } from './dispatcher.ts';
import type { Route } from './route.ts';
import { createRouter } from './router.ts';
import { type TlsSettings, tlsOptions } from './tls.ts';

export interface HttpServerSettings extends HttpSettings, TlsSettings {
  readonly HttpPort: number;
  /** Addresses to listen on; empty is all, or the loopback ones unless RemoteAccessAllowed. */
  readonly HttpBindAddresses: readonly string[];
  /** Seconds. */
  readonly KeepAliveTimeout: number;
  /** Seconds without traffic until a connection is closed. */
  readonly HttpRequestTimeout: number;
  readonly TcpNoDelay: boolean;
  readonly ReadOnly: boolean;
}

export interface HttpServerOptions<S> {
  readonly routes: readonly Route<S>[];
  readonly services: S;
  readonly settings: HttpServerSettings;
  readonly log: Logger;
  readonly metrics?: Metrics;
  /** At the same time, over all addresses; more are closed at once. No limit by default. */
  readonly maximumConnections?: number;
  readonly screen?: Screen;
}

export interface HttpServer {
  /** For tests: sends requests without a socket. */
  readonly app: FastifyInstance;
  /** Opens the sockets and gives the port. @throws PharosError where a port is taken or an address is not of this machine */
  listen(): Promise<number>;
  /** Lets requests in flight end, refuses new ones; after `patience` milliseconds cuts what is left. */
  close(patience?: number): Promise<void>;
}

const verbs = ['PROPFIND', 'MKCOL', 'LOCK', 'UNLOCK', 'PROPPATCH'];

function addressesOf(settings: HttpServerSettings): readonly string[] {
  if (settings.HttpBindAddresses.length > 0) return settings.HttpBindAddresses;
  return settings.RemoteAccessAllowed ? ['::'] : ['127.0.0.1', '::1'];
}

/** @throws Error where two routes are the same */
export function createHttpServer<S>(options: HttpServerOptions<S>): HttpServer {
  const { settings, log, maximumConnections } = options;
  const routes = settings.ReadOnly ? options.routes.filter((route) => !route.writes) : options.routes;
  const answerGate = createAnswerGate(settings.TcpNoDelay);
  const dispatch = createDispatcher({ ...options, metrics: options.metrics, router: createRouter(routes), answerGate });
  const answer = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack();
    return dispatch(request.raw, reply.raw);
  };
  // Fastify's router refuses URLs that Orthanc takes; ours decides about all of them.
  const frameworkErrors = (_error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    void answer(request, reply);
  const app = fastify({ logger: false, exposeHeadRoutes: false, bodyLimit: Number.MAX_SAFE_INTEGER, frameworkErrors });
  for (const verb of verbs) app.addHttpMethod(verb, { hasBody: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.all('*', answer);

  const servers: Server[] = [];
  return {
    app,
    async listen() {
      await app.ready();
      let port = settings.HttpPort;
      const addresses = addressesOf(settings);
      for (const address of addresses) {
        const server = openServer(dispatch, settings, log);
        server.on('connection', answerGate.opened);
        if (maximumConnections !== undefined) limitConnections(server, maximumConnections / addresses.length, log);
        const bound = await bind(server, address, port);
        if (!bound) continue;
        servers.push(server);
        port = bound;
      }
      if (servers.length === 0)
        throw new PharosError('InternalError', 'No address of HttpBindAddresses could be listened on');
      return port;
    },
    async close(patience = 30_000) {
      await Promise.all(servers.splice(0).map((server) => closeServer(server, patience)));
      await app.close();
    },
  };
}

// An import of node:http would load the HTTP client of Node too (fetch, WebSocket): 13 MB that are not needed.
function openServer(dispatch: Dispatch, settings: HttpServerSettings, log: Logger): Server {
  const options = {
    keepAliveTimeout: settings.KeepAliveTimeout * 1000,
    headersTimeout: Math.max(settings.HttpRequestTimeout, 1) * 1000,
    requestTimeout: 0,
    noDelay: settings.TcpNoDelay,
  };
  const server: Server = settings.SslEnabled
    ? process.getBuiltinModule('node:https').createServer({ ...options, ...tlsOptions(settings) })
    : process.getBuiltinModule('node:http').createServer(options);
  const answer = (request: IncomingMessage, response: ServerResponse) => void dispatch(request, response);
  server.on('request', answer);
  // Any Expect header but 100-continue is ignored, as Orthanc does; Node alone would answer 417.
  server.on('checkExpectation', answer);
  watchSilence(server, settings.HttpRequestTimeout * 1000);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') return socket.destroy();
    log.info(`A malformed request was refused: ${error.code ?? error.message}`);
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  return server;
}

/** Told once: a flood must not fill the log too. */
function limitConnections(server: Server, maximum: number, log: Logger): void {
  server.maxConnections = Math.ceil(maximum);
  server.once('drop', () => {
    log.warn(`More than ${server.maxConnections} HTTP connections at the same time: new ones are closed`);
  });
}

/** Closes connections that are silent for too long, but not while a handler is still at work on a complete request. */
function watchSilence(server: Server, milliseconds: number): void {
  /** The answers of each connection that are not closed, and the last one: several where a client does not wait for them. */
  const answers = new WeakMap<Socket, ServerResponse[]>();
  const note = ({ socket }: IncomingMessage, response: ServerResponse): void => {
    const before = answers.get(socket);
    if (!before) return void answers.set(socket, [response]);
    // They are closed in their order.
    const done = before.findIndex(({ closed }) => !closed);
    if (done !== 0) before.splice(0, done < 0 ? before.length : done);
    before.push(response);
  };
  server.on('request', note);
  server.on('checkExpectation', note);
  server.setTimeout(milliseconds, (socket) => {
    const isAtWork = answers.get(socket)?.some(({ req, closed }) => req.complete && !closed);
    if (isAtWork && socket.writableLength === 0) return;
    socket.destroy();
  });
}

/** The port that was opened; undefined where this machine has no such loopback address. */
async function bind(server: Server, address: string, port: number): Promise<number | undefined> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port, backlog: 511 }, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    return refusal(server, address, port, cause);
  }
  return (server.address() as AddressInfo).port;
}

async function refusal(server: Server, address: string, port: number, cause: unknown): Promise<number | undefined> {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const withoutIpv6 = code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
  if (withoutIpv6 && address === '::') return bind(server, '0.0.0.0', port);
  if (withoutIpv6 && address === '::1') return undefined;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program listens on it; choose another HttpPort or stop that program',
    EACCES: 'the system allows only privileged users to listen there; choose an HttpPort from 1024 on',
    EADDRNOTAVAIL: 'this machine has no such address; check HttpBindAddresses',
  };
  throw new PharosError('InternalError', {
    details: `Cannot listen for HTTP on ${address} port ${port}: ${reasons[String(code)] ?? String(code)}`,
    cause,
  });
}

async function closeServer(server: Server, patience: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), patience);
  await closed;
  clearTimeout(timer);
}
