// Data URIs (RFC 2397) with base64: how bytes come in JSON.

export interface DataUri {
  /** Lower case. */
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/** undefined: it is none. */
export function parseDataUri(text: string): DataUri | undefined {
  if (!text.startsWith('data:')) return undefined;
  const comma = text.indexOf(',');
  const [mime = '', ...parameters] = text.slice('data:'.length, Math.max(comma, 0)).toLowerCase().split(';');
  if (comma < 0 || parameters.at(-1) !== 'base64') return undefined;
  return { mime, bytes: Buffer.from(text.slice(comma + 1), 'base64') };
}
