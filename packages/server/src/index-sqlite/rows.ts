// Typed reading of what SQLite gives, and the short forms in which identifiers are kept.
import type { SQLOutputValue } from 'node:sqlite';
import { type Level, levelOfNumber, type OrthancId, PharosError } from '../model/index.ts';

/** A row as an array of its columns. */
export type Row = Readonly<Record<number, SQLOutputValue>>;
export type Value = SQLOutputValue | undefined;

function unexpected(): PharosError {
  return new PharosError('Database', 'The index holds a value of an unexpected type: is it damaged?');
}

export function integer(value: Value): number {
  if (typeof value === 'number') return value;
  throw unexpected();
}

export function optionalInteger(value: Value): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function text(value: Value): string {
  if (typeof value === 'string') return value;
  throw unexpected();
}

export function optionalText(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function level(value: Value): Level {
  const found = levelOfNumber(integer(value));
  if (found) return found;
  throw unexpected();
}

/** 20 bytes of an Orthanc identifier. */
export function idBytes(id: OrthancId): Buffer {
  return Buffer.from(id.slice(0, 8) + id.slice(9, 17) + id.slice(18, 26) + id.slice(27, 35) + id.slice(36), 'hex');
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

const idLength = 44;

/** What is made of 20 bytes needs no closer look. */
function isWhole(id: string): id is OrthancId {
  return id.length === idLength;
}

/** From the 20 bytes, or from their `hex()` in SQL, which is much cheaper. */
export function orthancId(value: Value): OrthancId {
  const hex = value instanceof Uint8Array ? hexOf(value) : text(value).toLowerCase();
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 16)}-${hex.slice(16, 24)}-${hex.slice(24, 32)}-${hex.slice(32)}`;
  if (isWhole(id)) return id;
  throw unexpected();
}

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const md5Shape = /^[0-9a-f]{32}$/;

/** 16 bytes where the text is a UUID, else the text itself. */
export function packUuid(uuid: string): Buffer | string {
  if (!uuidShape.test(uuid)) return uuid;
  const hex = uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18) + uuid.slice(19, 23) + uuid.slice(24);
  return Buffer.from(hex, 'hex');
}

/** A column of `packUuid` or `packMd5` as a text, which is much cheaper than bytes: hexadecimal, or `=` before the text itself. */
export function packedText(column: string): string {
  return `iif(typeof(${column}) = 'text', '=' || ${column}, hex(${column}))`;
}

/** Undefined where there is nothing. */
export function uuidOfText(value: Value): string | undefined {
  const packed = md5OfText(value);
  if (packed?.length !== 32 || value === `=${packed}`) return packed;
  return `${packed.slice(0, 8)}-${packed.slice(8, 12)}-${packed.slice(12, 16)}-${packed.slice(16, 20)}-${packed.slice(20)}`;
}

/** Undefined where there is nothing. */
export function md5OfText(value: Value): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return value.startsWith('=') ? value.slice(1) : value.toLowerCase();
}

export function unpackUuid(value: Value): string {
  if (!(value instanceof Uint8Array)) return text(value);
  const hex = hexOf(value);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function packMd5(md5: string): Buffer | string {
  return md5Shape.test(md5) ? Buffer.from(md5, 'hex') : md5;
}

export function unpackMd5(value: Value): string {
  return value instanceof Uint8Array ? hexOf(value) : text(value);
}

function isTextRecord(value: object): value is Record<string, string> {
  return Object.values(value).every((member) => typeof member === 'string');
}

/** A JSON object of texts; anything else in it is passed over. */
export function textRecord(json: Value): Record<string, string> {
  if (typeof json !== 'string') return {};
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) throw unexpected();
  if (isTextRecord(parsed)) return parsed;
  return Object.fromEntries(Object.entries(parsed).filter(([, value]) => typeof value === 'string'));
}

const dateShape = /^\d{8}T\d{6}$/;

/** `YYYYMMDDTHHMMSS` as the number YYYYMMDDHHMMSS, which sorts alike; anything else as it is. */
export function packDate(date: string): number | string {
  return dateShape.test(date) ? Number(date.slice(0, 8)) * 1_000_000 + Number(date.slice(9)) : date;
}

export function unpackDate(value: Value): string {
  if (typeof value !== 'number') return text(value);
  const digits = String(value).padStart(14, '0');
  return `${digits.slice(0, 8)}T${digits.slice(8)}`;
}
