// A server for the tests of this folder: no sockets unless a test opens them, default settings unless it says otherwise.
import type { Logger } from '../ports/index.ts';
import type { Screen } from './dispatcher.ts';
import type { Route } from './route.ts';
import { createHttpServer, type HttpServer, type HttpServerSettings } from './server.ts';

const quiet: Logger = { error: () => undefined, warn: () => undefined, info: () => undefined, trace: () => undefined };

export const testSettings: HttpServerSettings = {
  HttpPort: 0,
  HttpBindAddresses: [],
  RemoteAccessAllowed: false,
  AuthenticationEnabled: false,
  RegisteredUsers: undefined,
  HttpDescribeErrors: true,
  HttpCompressionEnabled: false,
  KeepAlive: true,
  HttpThreadsCount: 50,
  KeepAliveTimeout: 1,
  HttpRequestTimeout: 30,
  TcpNoDelay: true,
  ReadOnly: false,
  MaximumRequestBodySizeMB: 1,
  SslEnabled: false,
  SslCertificate: '',
  SslVerifyPeers: false,
  SslTrustedClientCertificates: '',
  SslMinimumProtocolVersion: 4,
  SslCiphersAccepted: undefined,
};

export interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly remoteAddress?: string;
}

type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'PROPFIND' | 'LOCK';

export function createTestServer(
  routes: readonly Route<undefined>[],
  settings: Partial<HttpServerSettings> = {},
  screen: Screen = {},
) {
  const server: HttpServer = createHttpServer({
    routes,
    services: undefined,
    settings: { ...testSettings, ...settings },
    log: quiet,
    screen,
  });
  const inject = (method: Verb, url: string, { headers, body, remoteAddress }: Asked = {}) =>
    server.app.inject({ method, url, headers: { ...headers }, payload: body, remoteAddress });
  return { server, inject };
}
