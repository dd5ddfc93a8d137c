// Requests to peers over HTTP and HTTPS, with Node's own client: bodies are streamed, answers are bounded, silence has an end.
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestOverHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestOverHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PharosError, type Settings } from '../model/index.ts';
import type { Log, PeerAnswer, PeerBody, PeerNetwork, PeerRequest, PeerSession, RemotePeer } from '../ports/index.ts';
import { type ClientTls, certificateOf, createClientTls } from './client-tls.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { failureOf, isBrokenOff } from './failure.ts';
import { type ProxyEnvironment, proxyEnvironment } from './proxy.ts';

export interface PeerNetworkDependencies {
  readonly settings: Pick<
    Settings,
    'HttpTimeout' | 'HttpProxy' | 'HttpVerbose' | 'HttpsVerifyPeers' | 'HttpsCACertificates' | 'Pkcs11'
  >;
  readonly log: Log;
}

interface Client extends PeerNetworkDependencies {
  readonly tlsFor: (peer: RemotePeer) => ClientTls;
  readonly proxyEnv: ProxyEnvironment | undefined;
}

const withoutTokens = 'certificates of PKCS#11 tokens are not supported: use CertificateFile of the peer';

/** Answers of peers are short texts. */
const usualAnswer = 16 * 1024 * 1024;

/** @throws PharosError BadParameterType, NotImplemented where option HttpProxy is of no use */
export function createPeerNetwork(deps: PeerNetworkDependencies): PeerNetwork {
  const { settings, log } = deps;
  if (settings.Pkcs11) log.of('http').warn(`Option Pkcs11 is set, but ${withoutTokens}`);
  const client = { ...deps, tlsFor: createClientTls(settings), proxyEnv: proxyEnvironment(settings.HttpProxy) };
  return {
    check: (peer) => void certificateOf(peer),
    open: (peer) => openSession(client, peer),
  };
}

function agentFor({ tlsFor, proxyEnv }: Client, peer: RemotePeer): HttpAgent {
  const options = { keepAlive: true, proxyEnv: proxyEnv && { ...proxyEnv } };
  return isSecure(peer) ? new HttpsAgent({ ...options, ...tlsFor(peer) }) : new HttpAgent(options);
}

const isSecure = ({ url }: RemotePeer): boolean => url.startsWith('https:');

function openSession(client: Client, peer: RemotePeer): PeerSession {
  if (peer.pkcs11) {
    throw new PharosError('NotImplemented', `Pkcs11 is on for this peer, but ${withoutTokens}`);
  }
  const agent = agentFor(client, peer);
  const start = isSecure(peer) ? requestOverHttps : requestOverHttp;
  const seconds = peer.timeout || client.settings.HttpTimeout;
  const log = client.log.of('http');
  const { HttpVerbose: isVerbose } = client.settings;
  let current: ClientRequest | undefined;
  let isAborted = false;

  const attempt = async (
    { method, body, longestAnswer }: PeerRequest,
    url: URL,
    where: string,
  ): Promise<PeerAnswer> => {
    const call = start(url, { method, agent, headers: headersOf(peer, body) });
    const deadline = createDeadline(call, where, seconds);
    current = call;
    try {
      deadline.start();
      const answer = answerOf(call, deadline, longestAnswer ?? usualAnswer);
      sendBody(call, body, deadline);
      return await answer;
    } finally {
      deadline.end();
      // A peer may answer, such as 401, before it has read all: then nothing more can be said on this connection.
      if (!call.writableFinished) call.destroy();
    }
  };

  const answerTo = async (request: PeerRequest, url: URL, where: string): Promise<PeerAnswer> => {
    try {
      return await attempt(request, url, where);
    } catch (error) {
      // The peer has ended an idle connection while the request was on its way.
      if (isAborted || !current?.reusedSocket || !isBrokenOff(error)) throw error;
      return attempt(request, url, where);
    }
  };

  return {
    async request(request) {
      if (isAborted) throw new PharosError('NetworkProtocol', 'The request was broken off');
      const url = urlOf(peer, request.path);
      const where = `${request.method} ${url.origin}${url.pathname}`;
      if (isVerbose) log.info(`Request to a peer: ${where}`, { bytes: request.body?.length ?? 0 });
      try {
        const answer = await answerTo(request, url, where);
        if (isVerbose) log.info(`Answer of a peer: ${answer.status} to ${where}`, { bytes: answer.body.length });
        return answer;
      } catch (error) {
        const failure = failureOf(where, error);
        if (isVerbose) log.info(`No answer of a peer to ${where}`, { error: failure.message });
        throw failure;
      }
    },
    abort() {
      isAborted = true;
      current?.destroy(new PharosError('NetworkProtocol', 'The request was broken off'));
    },
    close: () => agent.destroy(),
  };
}

/** @throws PharosError NetworkProtocol */
function urlOf({ url }: RemotePeer, path: string): URL {
  try {
    return new URL(path, url.includes('://') ? url : `http://${url}`);
  } catch (cause) {
    throw new PharosError('NetworkProtocol', { details: 'The URL of the peer cannot be read', cause });
  }
}

function headersOf(peer: RemotePeer, body: PeerBody | undefined): Readonly<Record<string, string>> {
  const { username, password, httpHeaders } = peer;
  const credentials = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return {
    ...(username !== '' && { Authorization: `Basic ${credentials}` }),
    ...httpHeaders,
    // What frames the body is not for the configuration to say.
    ...(body && { 'Content-Type': body.mime, 'Content-Length': String(body.length) }),
    ...(body?.isGzip && { 'Content-Encoding': 'gzip' }),
  };
}

/** Where it fails, so does the call. */
function sendBody(call: ClientRequest, body: PeerBody | undefined, deadline: Deadline): void {
  call.once('finish', deadline.start);
  if (!body) {
    call.end();
    return;
  }
  const source = Readable.from(timed(body, deadline));
  // Before the pipeline ends the call, which would not say why.
  source.once('error', (error) => void call.destroy(error));
  // What goes wrong with the call is told by the call.
  pipeline(source, call).catch(() => undefined);
}

/** While our own side looks for the next piece, the peer is not waited for. */
async function* timed({ open }: PeerBody, deadline: Deadline): AsyncGenerator<Uint8Array> {
  deadline.pause();
  for await (const piece of open()) {
    deadline.start();
    yield piece;
    deadline.pause();
  }
  deadline.start();
}

function answerOf(call: ClientRequest, deadline: Deadline, longest: number): Promise<PeerAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PeerAnswer>();
  let isAnswered = false;
  call.on('error', (error) => {
    // A peer that has answered may well not take the rest of the request: its answer tells why. What is ours is that time is over.
    if (!isAnswered || error instanceof PharosError) reject(error);
  });
  call.once('response', (response) => {
    isAnswered = true;
    deadline.answering();
    wholeAnswer(response, longest).then(resolve, reject);
  });
  return promise;
}

async function wholeAnswer(response: IncomingMessage, longest: number): Promise<PeerAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > longest) throw new PharosError('NetworkProtocol', 'The answer of the peer is too long');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, location: response.headers.location, body: Buffer.concat(chunks) };
}
