// HTTPS: one PEM file with certificate and key, as Orthanc has it; client certificates where SslVerifyPeers asks for them.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SecureVersion, TlsOptions } from 'node:tls';
import { PharosError } from '../model/index.ts';

export interface TlsSettings {
  readonly SslEnabled: boolean;
  readonly SslCertificate: string;
  readonly SslVerifyPeers: boolean;
  readonly SslTrustedClientCertificates: string;
  /** Orthanc's number: 4 is TLS 1.2, 5 is TLS 1.3; lower ones are no longer spoken. */
  readonly SslMinimumProtocolVersion: number;
  readonly SslCiphersAccepted: readonly string[] | undefined;
}

const versions: Readonly<Record<number, SecureVersion>> = { 2: 'TLSv1', 3: 'TLSv1.1', 4: 'TLSv1.2', 5: 'TLSv1.3' };

function pem(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new PharosError('InexistentFile', {
      details: `Cannot read "${path}": set option ${option} to a PEM file that this user may read`,
      cause,
    });
  }
}

/** Options that Node would refuse without saying which one, or take for no certificate at all. */
function check({ cert, key, ca, ciphers }: TlsOptions & { readonly ca?: Buffer }): void {
  const attempt = (todo: string, action: () => unknown): void => {
    try {
      action();
    } catch (cause) {
      throw new PharosError('BadParameterType', { details: todo, cause });
    }
  };
  const tls = process.getBuiltinModule('node:tls');
  attempt(
    'Option SslCertificate must name a PEM file with a certificate and its private key, which has no pass phrase',
    () => tls.createSecureContext({ cert, key }),
  );
  if (ca) {
    const todo = 'Option SslTrustedClientCertificates must name a PEM file with the certificates of trusted clients';
    attempt(todo, () => new X509Certificate(ca));
  }
  attempt('Option SslCiphersAccepted must be names of ciphers as OpenSSL has them', () =>
    tls.createSecureContext({ ciphers }),
  );
}

/** @throws PharosError InexistentFile, BadParameterType that name the option and what to do */
export function tlsOptions(settings: TlsSettings): TlsOptions {
  const certificate = pem('SslCertificate', settings.SslCertificate);
  const trusted = settings.SslVerifyPeers
    ? {
        requestCert: true,
        rejectUnauthorized: true,
        ca: pem('SslTrustedClientCertificates', settings.SslTrustedClientCertificates),
      }
    : {};
  const options = {
    cert: certificate,
    key: certificate,
    minVersion: versions[settings.SslMinimumProtocolVersion] ?? 'TLSv1.2',
    ...(settings.SslCiphersAccepted ? { ciphers: settings.SslCiphersAccepted.join(':') } : {}),
    ...trusted,
  };
  check(options);
  return options;
}
