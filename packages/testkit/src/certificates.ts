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

/** For the `skip` of a test. */
export function opensslMissing(): string | false {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'OpenSSL is not installed';
  }
}

/** A certificate for localhost that signs itself, by OpenSSL; no files are there where that is missing. */
export function makeCertificate(folder: string, name: string): TestCertificate {
  const [key = '', certificate = '', both = ''] = ['key', 'crt', 'pem'].map((kind) => join(folder, `${name}.${kind}`));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const target = ['-keyout', key, '-out', certificate];
  if (opensslMissing()) return { certificate, key, both };
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...target, ...subject], {
    stdio: 'ignore',
  });
  writeFileSync(both, Buffer.concat([readFileSync(certificate), readFileSync(key)]));
  return { certificate, key, both };
}
