// Remote servers with the same REST API (peers): an array with URL and credentials, or an object with more. Printed for clients
// without what is secret.
import { PharosError } from '../../model/index.ts';
import type { Peer } from '../services.ts';
import { booleanField, countField, type Fields, isFields, textField } from './fields.ts';

const ownKeys = new Set([
  'CertificateFile',
  'CertificateKeyFile',
  'CertificateKeyPassword',
  'HttpHeaders',
  'Password',
  'Pkcs11',
  'URL',
  'Url',
  'Username',
  'Timeout',
]);

function urlOf(url: string): string {
  if (url === '') throw new PharosError('BadFileFormat', 'Empty URL');
  if (url.includes('://') && !/^https?:\/\//.test(url))
    throw new PharosError('BadFileFormat', 'A URL must be http or https');
  return url.endsWith('/') ? url : `${url}/`;
}

function fromArray(items: readonly unknown[]): Peer {
  const [url, username = '', password = ''] = items;
  const texts = typeof url === 'string' && typeof username === 'string' && typeof password === 'string';
  if (!texts || (items.length !== 1 && items.length !== 3)) {
    throw new PharosError('BadFileFormat', 'A peer is [url] or [url, user, password]');
  }
  return fromObject({ Url: url, Username: username, Password: password });
}

function headersOf(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isFields(value)) throw new PharosError('BadFileFormat', 'HttpHeaders must be an object of texts');
  return Object.fromEntries(Object.keys(value).map((name) => [name, headerValue(value, name)]));
}

/** RFC 9110 5.1, 5.5. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const headerText = /^[\t\x20-\x7e\x80-\xff]*$/;

function headerValue(headers: Fields, name: string): string {
  const value = textField(headers, name);
  if (headerName.test(name) && headerText.test(value)) return value;
  throw new PharosError('BadFileFormat', `HttpHeaders: not a header of HTTP: ${name.slice(0, 64)}`);
}

function propertyOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' && Number.isInteger(value)) return String(value);
  throw new PharosError('BadFileFormat', `User properties of a peer must be texts: ${name.slice(0, 64)}`);
}

function fromObject(fields: Fields): Peer {
  const username = textField(fields, 'Username', '');
  const password = textField(fields, 'Password', '');
  if (username === '' && password !== '') throw new PharosError('BadFileFormat', 'A password without a user name');
  const others = Object.entries(fields).filter(([name]) => !ownKeys.has(name));
  return {
    url: urlOf(textField(fields, 'Url', '') || textField(fields, 'URL', '')),
    username,
    password,
    httpHeaders: headersOf(fields.HttpHeaders),
    certificateFile: textField(fields, 'CertificateFile', ''),
    certificateKeyFile: textField(fields, 'CertificateKeyFile', ''),
    certificateKeyPassword: textField(fields, 'CertificateKeyPassword', ''),
    pkcs11: booleanField(fields, 'Pkcs11', false),
    timeout: countField(fields, 'Timeout', 0),
    properties: Object.fromEntries(others.map(([name, value]) => [name, propertyOf(name, value)])),
  };
}

/** @throws PharosError BadFileFormat */
export function parsePeer(value: unknown): Peer {
  if (Array.isArray(value)) return fromArray(value);
  if (isFields(value)) return fromObject(value);
  throw new PharosError('BadFileFormat', 'A peer is an array or an object');
}

/** What clients may see: secrets are null, headers are names. */
export function printPeer(peer: Peer) {
  const credentials = peer.username === '' ? {} : { Username: peer.username, Password: null };
  const certificate =
    peer.certificateFile === ''
      ? {}
      : { CertificateFile: peer.certificateFile, CertificateKeyFile: null, CertificateKeyPassword: null };
  return {
    ...peer.properties,
    ...credentials,
    ...certificate,
    HttpHeaders: Object.keys(peer.httpHeaders).sort(),
    Pkcs11: peer.pkcs11,
    Timeout: peer.timeout,
    Url: peer.url,
  };
}

/** Everything, to be kept and read again by `parsePeer`. */
export function printWholePeer(peer: Peer) {
  return {
    ...peer.properties,
    Url: peer.url,
    Username: peer.username,
    Password: peer.password,
    CertificateFile: peer.certificateFile,
    CertificateKeyFile: peer.certificateKeyFile,
    CertificateKeyPassword: peer.certificateKeyPassword,
    HttpHeaders: peer.httpHeaders,
    Pkcs11: peer.pkcs11,
    Timeout: peer.timeout,
  };
}
