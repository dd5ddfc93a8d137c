// For the tests of the HTTP client: peers in this process, on free ports, and what it takes to ask them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { silentLog } from '@pharos/testkit';
import type { Log, PeerBody, RemotePeer } from '../ports/index.ts';
import { createPeerNetwork, type PeerNetworkDependencies } from './index.ts';

const defaults = {
  HttpTimeout: 10,
  HttpProxy: '',
  HttpVerbose: false,
  HttpsVerifyPeers: true,
  HttpsCACertificates: '',
  Pkcs11: undefined,
};

export function networkWith(settings: Partial<PeerNetworkDependencies['settings']> = {}, log: Log = silentLog) {
  return createPeerNetwork({ settings: { ...defaults, ...settings }, log });
}

export const remote = (url: string, more: Partial<RemotePeer> = {}): RemotePeer => ({
  url,
  username: '',
  password: '',
  httpHeaders: {},
  certificateFile: '',
  certificateKeyFile: '',
  certificateKeyPassword: '',
  pkcs11: false,
  timeout: 0,
  ...more,
});

export function bodyOf(...pieces: readonly Uint8Array[]): PeerBody {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return {
    length,
    mime: 'application/dicom',
    async *open() {
      yield* pieces;
    },
  };
}

export async function listening(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  return address.port;
}

export async function httpPeer(t: TestContext, listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(t, createHttpServer(listener))}/`;
}

export async function tcpPeer(t: TestContext, serve: (socket: Socket) => void): Promise<string> {
  return `http://127.0.0.1:${await listening(t, createServer(serve))}/`;
}

export function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'pharos-http-client-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

export const answerOf = (content: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
