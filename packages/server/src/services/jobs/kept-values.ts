// Reading what was kept of a job: values of unknown shape, which another version may have written.
import { isOrthancId, type OrthancId, PharosError } from '../../model/index.ts';
import type { RemoteModality } from '../../ports/index.ts';

type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
export const isId = (value: unknown): value is OrthancId => isText(value) && isOrthancId(value);

const isFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean';

export function isRemote(value: unknown): value is RemoteModality {
  if (!isMembers(value)) return false;
  const { aet, host, localAet, port, timeout, useDicomTls, hasDefaultRoles, allowsTranscoding } = value;
  const areFlags = [useDicomTls, hasDefaultRoles, allowsTranscoding].every(isFlag);
  return [aet, host, localAet].every(isText) && [port, timeout].every(isCount) && areFlags;
}

export function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

export function unreadable(): PharosError {
  return new PharosError('CorruptedFile', 'What was kept of this job cannot be read');
}

/** @throws PharosError CorruptedFile */
export function listOf<T>(value: unknown, isItem: (item: unknown) => item is T): readonly T[] {
  if (isListOf(value, isItem)) return value;
  throw unreadable();
}
