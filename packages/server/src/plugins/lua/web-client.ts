// HTTP requests of scripts to other servers.
import { PharosError } from '../../model/index.ts';
import type { PeerAnswer, PeerNetwork, PeerRequest, RemotePeer } from '../../ports/index.ts';
import type { HostRequest } from './messages.ts';

export type WebRequest = Extract<HostRequest, { kind: 'http' }>;

const mostRedirections = 10;
const longestAnswer = 256 * 1024 * 1024;
const form = 'application/x-www-form-urlencoded';

const isRedirection = ({ status, location }: PeerAnswer): boolean =>
  location !== undefined && [301, 302, 303, 307, 308].includes(status);

const isContentType = (name: string): boolean => name.toLowerCase() === 'content-type';

function serverOf({ headers, credentials, timeout }: WebRequest, url: string): RemotePeer {
  const own = Object.entries(headers).filter(([name]) => !isContentType(name));
  return {
    url,
    username: credentials?.username ?? '',
    password: credentials?.password ?? '',
    httpHeaders: Object.fromEntries(own),
    certificateFile: '',
    certificateKeyFile: '',
    certificateKeyPassword: '',
    pkcs11: false,
    timeout: timeout ?? 0,
  };
}

function requestOf({ method, headers, body }: WebRequest): PeerRequest {
  if (!body || body.byteLength === 0) return { method, path: '', longestAnswer };
  const mime = Object.entries(headers).find(([name]) => isContentType(name))?.[1] ?? form;
  async function* open() {
    if (body) yield body;
  }
  return { method, path: '', longestAnswer, body: { length: body.byteLength, mime, open } };
}

async function ask(network: Pick<PeerNetwork, 'open'>, web: WebRequest, url: string): Promise<PeerAnswer> {
  const session = network.open(serverOf(web, url));
  try {
    return await session.request(requestOf(web));
  } finally {
    session.close();
  }
}

/** Another server is told neither the credentials nor headers that may hold some. */
function redirected(web: WebRequest, from: string, to: string): WebRequest {
  if (new URL(from).origin === new URL(to).origin) return web;
  const headers = Object.fromEntries(Object.entries(web.headers).filter(([name]) => isContentType(name)));
  return { ...web, credentials: undefined, headers };
}

/** Follows redirections. Any status is an answer, but for DELETE. @throws PharosError NetworkProtocol */
export async function fetchForScript(network: Pick<PeerNetwork, 'open'>, web: WebRequest): Promise<Uint8Array> {
  let current = web;
  let url = web.uri.includes('://') ? web.uri : `http://${web.uri}`;
  for (let count = 0; count <= mostRedirections; count++) {
    const answer = await ask(network, current, url);
    if (isRedirection(answer)) {
      const next = new URL(answer.location ?? '', url).href;
      current = redirected(current, url, next);
      // As browsers do, and curl: what is seen after a form was sent is looked at.
      if (answer.status < 307 && current.method === 'POST') current = { ...current, method: 'GET', body: undefined };
      url = next;
      continue;
    }
    const isSuccess = answer.status >= 200 && answer.status < 300;
    if (!isSuccess && web.method === 'DELETE') {
      throw new PharosError('NetworkProtocol', `The server answers with HTTP status ${answer.status}`);
    }
    return answer.body;
  }
  throw new PharosError('NetworkProtocol', `More than ${mostRedirections} redirections`);
}
