// A JSON answer as XML, for clients that ask `Accept: application/xml`: keys are element names, members of arrays are <item>.
import type { Json } from './reply.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The content of an element. */
export function escapeXmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
  return text.replace(/[&<>]|[\x00-\x08\x0b\x0c\x0e-\x1f]/g, (unit) => entities[unit] ?? `&#${unit.charCodeAt(0)};`);
}

function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

function members(value: object): readonly (readonly [string, Json])[] {
  if (isArray(value)) return value.map((item) => ['item', item] as const);
  return Object.entries(value)
    .filter((entry): entry is [string, Json] => entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function element(name: string, value: Json, margin: string): string {
  if (value === null || typeof value !== 'object')
    return `${margin}<${name}>${escapeXmlText(String(value))}</${name}>\n`;
  const inner = members(value).map(([key, member]) => element(key, member, margin + '  '));
  if (inner.length === 0) return `${margin}<${name} />\n`;
  return `${margin}<${name}>\n${inner.join('')}${margin}</${name}>\n`;
}

/** The whole document. */
export function writeXml(value: Json): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${element('root', value, '')}`;
}

/** True where `application/xml` is the last of the two types among the pieces of the Accept header, which are compared as they stand. */
export function wantsXml(accept: string | undefined): boolean {
  if (accept?.includes('application/xml') !== true) return false;
  const pieces = accept.split(';');
  return pieces.lastIndexOf('application/xml') > pieces.lastIndexOf('application/json');
}
