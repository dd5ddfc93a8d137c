// HTTPS: one PEM file with certificate and key, as Orthanc has it; client certificates where SslVerifyPeers asks for them.
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
    throw new PharosError('InexistentFile', { details: `Cannot read ${path}, which option ${option} names`, cause });
  }
}

/** @throws PharosError InexistentFile where a certificate cannot be read */
export function tlsOptions(settings: TlsSettings): TlsOptions {
  const certificate = pem('SslCertificate', settings.SslCertificate);
  const trusted = settings.SslVerifyPeers
    ? {
        requestCert: true,
        rejectUnauthorized: true,
        ca: pem('SslTrustedClientCertificates', settings.SslTrustedClientCertificates),
      }
    : {};
  return {
    cert: certificate,
    key: certificate,
    minVersion: versions[settings.SslMinimumProtocolVersion] ?? 'TLSv1.2',
    ...(settings.SslCiphersAccepted ? { ciphers: settings.SslCiphersAccepted.join(':') } : {}),
    ...trusted,
  };
}
