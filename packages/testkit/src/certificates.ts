// Certificates for tests, made when they are needed: nothing secret is kept in the project.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestCertificate {
  /** PEM files: the certificate, its key, and both in one. */
  readonly certificate: string;
  readonly key: string;
  readonly both: string;
}

/** A certificate for localhost that signs itself, by OpenSSL. */
export function makeCertificate(folder: string, name: string): TestCertificate {
  const [key = '', certificate = '', both = ''] = ['key', 'crt', 'pem'].map((kind) => join(folder, `${name}.${kind}`));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const target = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...target, ...subject], {
    stdio: 'ignore',
  });
  writeFileSync(both, Buffer.concat([readFileSync(certificate), readFileSync(key)]));
  return { certificate, key, both };
}
