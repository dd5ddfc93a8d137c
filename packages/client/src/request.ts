// A request as fetch wants it: URL from a template, body from a value.

export type ParamValue = string | number;
export type QueryValue = string | number | boolean | undefined;

/** Sent as it is; anything else goes as JSON. Browsers send streams over HTTP/2 only. */
export type RawBody = string | Uint8Array<ArrayBuffer> | ArrayBuffer | Blob | ReadableStream<Uint8Array>;

/** The rest of a path keeps its slashes. */
const restName = 'rest';

function encodedSegment(value: string, name: string): string {
  if (value === '' || value === '.' || value === '..') {
    throw new TypeError(`Parameter "${name}" cannot be "${value}"`);
  }
  return encodeURIComponent(value);
}

/** The path of a template. @throws TypeError where a parameter is missing or would lead to another path */
export function filledPath(template: string, params: Readonly<Record<string, ParamValue>> = {}): string {
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = params[name];
    if (value === undefined) throw new TypeError(`Parameter "${name}" of ${template} is missing`);
    const segments = name === restName ? String(value).split('/') : [String(value)];
    return segments.map((segment) => encodedSegment(segment, name)).join('/');
  });
}

/** With its question mark; empty where there is nothing to ask. */
export function queryString(query: Readonly<Record<string, QueryValue>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.append(name, String(value));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

function isRaw(body: unknown): body is RawBody {
  return (
    typeof body === 'string' ||
    body instanceof Uint8Array ||
    body instanceof ArrayBuffer ||
    body instanceof Blob ||
    body instanceof ReadableStream
  );
}

interface BodyPart {
  readonly body?: RawBody;
  /** Sent while it is read: fetch wants to be told. */
  readonly duplex?: 'half';
  /** With these two fetch has no reason to keep what it has sent: https://github.com/nodejs/undici/issues/4058 */
  readonly window?: null;
  readonly redirect?: 'error';
  readonly headers?: Readonly<Record<string, string>>;
}

/** What fetch is given for a body. */
export function bodyPart(body: unknown): BodyPart {
  if (body === undefined) return {};
  if (body instanceof ReadableStream) return { body, duplex: 'half', window: null, redirect: 'error' };
  if (isRaw(body)) return { body };
  return { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
}

/** The value of an Authorization header. */
export function basicAuthorization(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
