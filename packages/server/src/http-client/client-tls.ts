// HTTPS as a client: whom it trusts, and the certificate it shows.
import { readFileSync } from 'node:fs';
import { createSecureContext, getCACertificates, rootCertificates } from 'node:tls';
import { PharosError, type Settings } from '../model/index.ts';
import type { RemotePeer } from '../ports/index.ts';

export interface ClientTls {
  readonly ca: readonly (string | Buffer)[];
  readonly rejectUnauthorized: boolean;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly passphrase?: string;
}

function fileOf(what: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new PharosError('InexistentFile', {
      details: `Cannot read "${path}": set ${what} to a PEM file that this user may read`,
      cause,
    });
  }
}

function certificateOf(peer: RemotePeer): Pick<ClientTls, 'cert' | 'key' | 'passphrase'> {
  if (peer.certificateFile === '') return {};
  const cert = fileOf('CertificateFile of the peer', peer.certificateFile);
  // One file may hold both.
  const key = peer.certificateKeyFile === '' ? cert : fileOf('CertificateKeyFile of the peer', peer.certificateKeyFile);
  const passphrase = peer.certificateKeyPassword === '' ? undefined : peer.certificateKeyPassword;
  try {
    createSecureContext({ cert, key, passphrase });
  } catch (cause) {
    const details = 'CertificateFile, CertificateKeyFile and CertificateKeyPassword of the peer do not belong together';
    throw new PharosError('BadParameterType', { details, cause });
  }
  return { cert, key, passphrase };
}

/** @throws PharosError InexistentFile, BadParameterType that say what to do */
export function clientTls(
  peer: RemotePeer,
  { HttpsVerifyPeers, HttpsCACertificates }: Pick<Settings, 'HttpsVerifyPeers' | 'HttpsCACertificates'>,
): ClientTls {
  const ca =
    HttpsCACertificates === ''
      ? [...rootCertificates, ...getCACertificates('system')]
      : [fileOf('option HttpsCACertificates', HttpsCACertificates)];
  return { ca, rejectUnauthorized: HttpsVerifyPeers, ...certificateOf(peer) };
}
