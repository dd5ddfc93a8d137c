// HTTPS as a client: whom it trusts, and the certificate it shows. What was made of the same files is made once: reading a few
// hundred authorities takes tens of milliseconds in which nothing else happens.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, getCACertificates, rootCertificates, type SecureContext } from 'node:tls';
import { PharosError, type Settings } from '../model/index.ts';
import type { RemotePeer } from '../ports/index.ts';

export interface ClientTls {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: boolean;
}

interface ClientCertificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly passphrase: string | undefined;
}

/** Contexts that are kept: one for each certificate that peers are shown. */
const keptContexts = 32;

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

function authoritiesOf(path: string): (string | Buffer)[] {
  if (path === '') return [...rootCertificates, ...getCACertificates('system')];
  const file = fileOf('option HttpsCACertificates', path);
  try {
    // What is no certificate would be taken for an empty list.
    new X509Certificate(file);
  } catch (cause) {
    const details = `There is no certificate in "${path}": set option HttpsCACertificates to a PEM file of authorities`;
    throw new PharosError('BadParameterType', { details, cause });
  }
  return [file];
}

/**
 * The certificate that a peer is shown; undefined: none.
 * @throws PharosError InexistentFile, BadParameterType that say what to do
 */
export function certificateOf(peer: RemotePeer): ClientCertificate | undefined {
  if (peer.certificateFile === '') return undefined;
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

/** Gives what a connection to a peer needs; that throws PharosError InexistentFile, BadParameterType that say what to do. */
export function createClientTls({
  HttpsVerifyPeers,
  HttpsCACertificates,
}: Pick<Settings, 'HttpsVerifyPeers' | 'HttpsCACertificates'>): (peer: RemotePeer) => ClientTls {
  const contexts = new Map<string, SecureContext>();
  let authorities: (string | Buffer)[] | undefined;

  const contextFor = (certificate: ClientCertificate | undefined): SecureContext => {
    const { cert, key, passphrase } = certificate ?? {};
    const name = certificate ? [cert, key, passphrase ?? ''].join('\n') : '';
    const known = contexts.get(name);
    if (known) return known;
    // Nobody is judged where peers are not verified.
    if (HttpsVerifyPeers) authorities ??= authoritiesOf(HttpsCACertificates);
    const context = createSecureContext({ ca: authorities, cert, key, passphrase });
    const [oldest] = contexts.keys();
    if (contexts.size >= keptContexts && oldest !== undefined) contexts.delete(oldest);
    contexts.set(name, context);
    return context;
  };

  return (peer) => ({ secureContext: contextFor(certificateOf(peer)), rejectUnauthorized: HttpsVerifyPeers });
}
