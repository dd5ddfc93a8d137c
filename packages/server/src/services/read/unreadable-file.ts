// Sequences are taken apart when they are looked into, so that a broken file may turn out to be so only then.
import { DicomError } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';

/** What to throw in place of an error of reading a file: BadFileFormat for the file's fault, else the error itself. */
export function unreadable(error: unknown): unknown {
  if (!(error instanceof DicomError)) return error;
  return new PharosError('BadFileFormat', {
    details: `The stored file cannot be read: ${error.message}`,
    cause: error,
  });
}

/** What `look` finds in a file. @throws PharosError BadFileFormat where the file is broken there */
export function lookInto<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw unreadable(error);
  }
}
