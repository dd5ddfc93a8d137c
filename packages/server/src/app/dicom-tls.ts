// DICOM TLS out of the options: read and checked at start, so that what is wrong is told then.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureVersion } from 'node:tls';
import { bcp195Ciphers, createTlsTransport, type Transport } from '@pharos/dimse';
import { PharosError, type Settings } from '../model/index.ts';

export type DicomTlsSettings = Pick<
  Settings,
  | 'DicomTlsEnabled'
  | 'DicomTlsCertificate'
  | 'DicomTlsPrivateKey'
  | 'DicomTlsTrustedCertificates'
  | 'DicomTlsRemoteCertificateRequired'
  | 'DicomTlsMinimumProtocolVersion'
  | 'DicomTlsCiphersAccepted'
>;

/** By Orthanc's number; what is older than the oldest that is still spoken stands for that. */
const versions: Readonly<Record<number, SecureVersion>> = {
  0: 'TLSv1.2',
  1: 'TLSv1',
  2: 'TLSv1',
  3: 'TLSv1.1',
  4: 'TLSv1.2',
  5: 'TLSv1.3',
};

function fileOf(option: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const details = `Cannot read "${path}": set option ${option} to a PEM file that this user may read`;
    throw new PharosError('InexistentFile', { details, cause });
  }
}

function checked<T>(todo: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new PharosError('BadParameterType', { details: todo, cause });
  }
}

function needed(option: string): PharosError {
  return new PharosError('BadParameterType', `DicomTlsEnabled needs option ${option}: set it to a PEM file`);
}

/**
 * undefined: nothing is set, and modalities with UseDicomTls cannot be reached.
 * @throws PharosError InexistentFile, BadParameterType that name the option and what to do
 */
export function dicomTlsTransport(settings: DicomTlsSettings): Transport | undefined {
  const { DicomTlsEnabled, DicomTlsCertificate, DicomTlsPrivateKey, DicomTlsTrustedCertificates } = settings;
  const isRemoteRequired = settings.DicomTlsRemoteCertificateRequired;
  if (!DicomTlsEnabled && !DicomTlsCertificate && !DicomTlsPrivateKey) return undefined;
  if (!DicomTlsCertificate) throw needed('DicomTlsCertificate');
  if (!DicomTlsPrivateKey) throw needed('DicomTlsPrivateKey');
  if (!DicomTlsTrustedCertificates && isRemoteRequired) throw needed('DicomTlsTrustedCertificates');
  const certificate = fileOf('DicomTlsCertificate', DicomTlsCertificate);
  const privateKey = fileOf('DicomTlsPrivateKey', DicomTlsPrivateKey);
  checked('DicomTlsPrivateKey must be the key of the certificate DicomTlsCertificate, without a pass phrase', () =>
    createSecureContext({ cert: certificate, key: privateKey }),
  );
  const trusted = DicomTlsTrustedCertificates
    ? fileOf('DicomTlsTrustedCertificates', DicomTlsTrustedCertificates)
    : undefined;
  if (trusted) {
    checked('DicomTlsTrustedCertificates must be certificates in a PEM file', () => new X509Certificate(trusted));
  }
  const ciphers = settings.DicomTlsCiphersAccepted?.join(':') || bcp195Ciphers;
  checked('DicomTlsCiphersAccepted must be names of ciphers as OpenSSL has them', () =>
    createSecureContext({ ciphers }),
  );
  const minimumVersion = versions[settings.DicomTlsMinimumProtocolVersion] ?? 'TLSv1.2';
  return createTlsTransport({ certificate, privateKey, trusted, isRemoteRequired, minimumVersion, ciphers });
}
