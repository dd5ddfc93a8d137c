// Requests to peers over HTTP and HTTPS, with Node's own client: bodies are streamed, answers are bounded, silence has an end.
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestOverHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestOverHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PharosError, type Settings } from '../model/index.ts';
import type { Log, PeerAnswer, PeerBody, PeerNetwork, PeerRequest, PeerSession, RemotePeer } from '../ports/index.ts';
import { clientTls } from './client-tls.ts';

export interface PeerNetworkDependencies {
  readonly settings: Pick<
    Settings,
    'HttpTimeout' | 'HttpProxy' | 'HttpVerbose' | 'HttpsVerifyPeers' | 'HttpsCACertificates'
  >;
  readonly log: Log;
}

/** Answers of peers are short texts. */
const longestAnswer = 16 * 1024 * 1024;

export function createPeerNetwork(deps: PeerNetworkDependencies): PeerNetwork {
  return { open: (peer) => openSession(deps, peer) };
}

function openSession({ settings, log }: PeerNetworkDependencies, peer: RemotePeer): PeerSession {
  if (peer.pkcs11)
    throw new PharosError('NotImplemented', 'Certificates of a PKCS#11 token: use CertificateFile instead');
  const isSecure = peer.url.startsWith('https:');
  const agent = isSecure
    ? new HttpsAgent({ ...agentOptions(settings), ...mutable(clientTls(peer, settings)) })
    : new HttpAgent(agentOptions(settings));
  const controller = new AbortController();
  const start = isSecure ? requestOverHttps : requestOverHttp;
  const milliseconds = (peer.timeout || settings.HttpTimeout) * 1000;

  return {
    async request({ method, path, body }: PeerRequest) {
      const url = urlOf(peer, path);
      const where = `${method} ${url.origin}${url.pathname}`;
      if (settings.HttpVerbose) log.of('http').info(`Request to a peer: ${where}`);
      // Silence counts from the first packet on: a peer may not even let connect.
      const timeout = milliseconds || undefined;
      const call = start(url, { method, agent, headers: headersOf(peer, body), timeout, signal: controller.signal });
      call.once('timeout', () => call.destroy(tooSilent(where, milliseconds)));
      try {
        sendBody(call, body);
        const answer = await answerOf(call);
        // A peer may answer, such as 401, before it has read all.
        if (!call.writableFinished) call.destroy();
        if (settings.HttpVerbose) log.of('http').info(`Answer of a peer: ${answer.status} to ${where}`);
        return answer;
      } catch (error) {
        call.destroy();
        throw error instanceof PharosError ? error : unreachable(where, error);
      }
    },
    abort: () => controller.abort(),
    close: () => agent.destroy(),
  };
}

function agentOptions({ HttpProxy }: PeerNetworkDependencies['settings']) {
  if (HttpProxy === '') return { keepAlive: true };
  const proxy = HttpProxy.includes('://') ? HttpProxy : `http://${HttpProxy}`;
  return { keepAlive: true, proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } };
}

function mutable({ ca, ...tls }: ReturnType<typeof clientTls>) {
  return { ...tls, ca: [...ca] };
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
    ...(body && { 'Content-Type': body.mime, 'Content-Length': String(body.length) }),
    ...(body?.isGzip && { 'Content-Encoding': 'gzip' }),
    ...httpHeaders,
  };
}

/** Where it fails, so does the call. */
function sendBody(call: ClientRequest, body: PeerBody | undefined): void {
  if (!body) call.end();
  else pipeline(Readable.from(body.content, { objectMode: false }), call).catch((error) => void call.destroy(error));
}

function answerOf(call: ClientRequest): Promise<PeerAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PeerAnswer>();
  call.once('error', reject);
  call.once('response', (response) => {
    wholeAnswer(response).then(resolve, reject);
  });
  return promise;
}

async function wholeAnswer(response: IncomingMessage): Promise<PeerAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += chunk.length;
    if (length > longestAnswer) throw new PharosError('NetworkProtocol', 'The answer of the peer is too long');
    chunks.push(chunk);
  }
  const mime = response.headers['content-type'] ?? 'application/octet-stream';
  return { status: response.statusCode ?? 0, mime, body: Buffer.concat(chunks) };
}

function tooSilent(where: string, milliseconds: number): PharosError {
  return new PharosError('Timeout', `${where}: the peer has been silent for ${milliseconds / 1000} seconds`);
}

/** Errors of sockets and TLS name what is wrong in their code or message. */
function unreachable(where: string, cause: unknown): PharosError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : (code ?? 'the connection failed');
  return new PharosError('NetworkProtocol', { details: `${where}: ${reason}`, cause });
}
