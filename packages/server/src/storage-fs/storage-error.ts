// What the operating system says about files, as errors of the server. Paths stay out of what clients see.
import { PharosError } from '../model/index.ts';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** Whether the disk or the quota is full. */
export function isNoSpace(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** What the system says where the disk is full. */
export function noSpace(): Error {
  return Object.assign(new Error('No space is left'), { code: 'ENOSPC' });
}

/** A failed write, as FullStorage where the disk or the quota is full. */
export function writeError(error: unknown): PharosError {
  if (error instanceof PharosError) return error;
  const code = codeOf(error);
  if (isNoSpace(error)) {
    return new PharosError('FullStorage', { details: 'No space is left in the storage folder', cause: error });
  }
  return new PharosError('CannotWriteFile', { details: `The storage folder refused a write (${code})`, cause: error });
}

/** A failed read, as InexistentFile where there is no such blob. */
export function readError(key: string, error: unknown): PharosError {
  if (error instanceof PharosError) return error;
  if (isMissing(error)) return new PharosError('InexistentFile', { details: `No stored file ${key}`, cause: error });
  return new PharosError('InternalError', {
    details: `The storage folder refused a read (${codeOf(error)})`,
    cause: error,
  });
}
