// Reading the members of a JSON object, with Orthanc's error where one has another type.
import { PharosError } from '../../model/index.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(kind: string, name: string): PharosError {
  return new PharosError('BadFileFormat', `${kind} value expected in field: ${name}`);
}

/** @throws PharosError BadFileFormat */
export function textField(fields: Fields, name: string, absent?: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  if (value === undefined && absent !== undefined) return absent;
  throw wrong('String', name);
}

/** @throws PharosError BadFileFormat */
export function booleanField(fields: Fields, name: string, absent: boolean): boolean {
  const value = fields[name];
  if (typeof value === 'boolean') return value;
  if (value === undefined) return absent;
  throw wrong('Boolean', name);
}

/** A whole number from 0. @throws PharosError BadFileFormat */
export function countField(fields: Fields, name: string, absent: number): number {
  const value = fields[name];
  if (value === undefined) return absent;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw wrong('Unsigned integer', name);
}
