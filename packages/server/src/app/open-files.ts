// How many files and connections this process may have open, and who gets how many: no port may starve the other, or the storage.
import { readFileSync } from 'node:fs';

export interface ConnectionShares {
  readonly dicom: number;
  readonly http: number;
}

/** What most systems allow where they do not tell. */
const usualLimit = 1024;
const mostOfDicom = 8000;
const mostOfHttp = 4000;

/** Linux tells; the limit is not changed while a process runs. */
function openFilesLimit(): number {
  try {
    const [, limit] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit ?? usualLimit);
  } catch {
    return usualLimit;
  }
}

/** Half for DICOM, a quarter for HTTP; the rest is for files, and for connections to others. */
export function connectionShares(limit = openFilesLimit()): ConnectionShares {
  return {
    dicom: Math.min(mostOfDicom, Math.floor(limit / 2)),
    http: Math.min(mostOfHttp, Math.floor(limit / 4)),
  };
}
