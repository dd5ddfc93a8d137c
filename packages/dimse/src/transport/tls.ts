// DICOM over TLS (PS3.15 B): both sides show a certificate that the other one trusts, whatever name it is made out to.
import { type ConnectionOptions, connect, createServer, type SecureVersion, type TLSSocket } from 'node:tls';
import type { Connection, Transport } from '../upper-layer/index.ts';
import { addressOf, connectionOf, listenOn } from './tcp.ts';

export interface TlsTransportOptions {
  /** PEM. */
  readonly certificate: Uint8Array;
  readonly privateKey: Uint8Array;
  /** PEM: the certificates that are trusted; those of the system where absent. */
  readonly trusted?: Uint8Array;
  /** Whether the other side must show a certificate that is trusted. */
  readonly isRemoteRequired: boolean;
  readonly minimumVersion: SecureVersion;
  /** Names of OpenSSL, between colons. */
  readonly ciphers: string;
  /** Milliseconds for a handshake that a peer began; 10 seconds by default. */
  readonly handshakeTimeout?: number;
}

/** Non-downgrading BCP 195 profile (PS3.15 B.10): TLS 1.3, or 1.2 with forward secrecy and authenticated encryption. */
export const bcp195Ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'DHE-RSA-AES256-GCM-SHA384',
  'DHE-RSA-AES128-GCM-SHA256',
].join(':');

export function createTlsTransport(options: TlsTransportOptions): Transport {
  const common = {
    cert: Buffer.from(options.certificate),
    key: Buffer.from(options.privateKey),
    ca: options.trusted && Buffer.from(options.trusted),
    rejectUnauthorized: options.isRemoteRequired,
    minVersion: options.minimumVersion,
    ciphers: options.ciphers,
  };
  return {
    connect: ({ host, port, timeout }) => connectTls({ ...common, host, port }, timeout),
    listen(where, arrive, failed = () => {}) {
      const { handshakeTimeout = 10_000, isRemoteRequired } = options;
      const secure = { ...common, requestCert: isRemoteRequired, handshakeTimeout, dhparam: 'auto' } as const;
      const server = createServer({ ...secure, noDelay: true }, (socket) => arrive(connectionOf(socket)));
      // A peer that does not speak TLS, or shows no certificate that is trusted, is nobody's fault here.
      server.on('tlsClientError', (error, socket) => {
        const address = addressOf(socket) ?? 'a peer that is gone';
        socket.destroy();
        failed(new Error(`TLS handshake: ${error.message.trim()}`), address);
      });
      return listenOn(server, where, failed);
    },
  };
}

function connectTls(options: ConnectionOptions, timeout: number): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ ...options, checkServerIdentity: () => undefined });
    const late = (): void => void socket.destroy(new Error(`no TLS connection within ${timeout} ms`));
    const timer = timeout > 0 ? setTimeout(late, timeout) : undefined;
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the peer closed the connection during the TLS handshake')));
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve(connectionOf(socket));
    });
  });
}
