// Why a peer could not be asked, in words that say what to do.
import { PharosError } from '../model/index.ts';

const hints: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/^(ECONNRESET|EPIPE)$/, 'the peer broke off the connection'],
  [/^EPROTO$/, 'the peer does not speak HTTPS: check its URL'],
  [/^HPE_/, 'the peer does not speak HTTP: check its URL'],
  [/ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE)/, 'the peer refused: it may want a CertificateFile'],
  [/ALERT_UNKNOWN_CA/, 'the peer does not trust the certificate that it was shown'],
  [/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/, 'set HttpsCACertificates to a PEM file with the authority of the peer'],
];

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : '');

/** Whether the connection was at its end, rather than that something was wrong with the request. */
export const isBrokenOff = (cause: unknown): boolean => /^(ECONNRESET|EPIPE)$/.test(codeOf(cause));

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  const hint = hints.find(([pattern]) => pattern.test(code))?.[1];
  // OpenSSL's own words are long and say less.
  if (hint && (code === 'EPROTO' || /^(ERR_SSL_|ECONNRESET|EPIPE)/.test(code))) return `${hint} (${code})`;
  const message = cause instanceof Error && cause.message !== '' ? cause.message : code || 'the connection failed';
  return hint ? `${message}: ${hint}` : message;
}

/** @param where what was asked of whom, without secrets */
export function failureOf(where: string, cause: unknown): PharosError {
  if (cause instanceof PharosError) return cause;
  return new PharosError('NetworkProtocol', { details: `${where}: ${reasonOf(cause)}`, cause });
}
