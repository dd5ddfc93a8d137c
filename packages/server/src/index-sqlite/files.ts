// Where the index is in its folder.
import { join } from 'node:path';

export function indexPath(folder: string): string {
  return join(folder, 'index.db');
}

/** SQLite's write-ahead log of the index. */
export function logPath(folder: string): string {
  return `${indexPath(folder)}-wal`;
}

/** Held by the server that uses the folder. */
export function lockPath(folder: string): string {
  return join(folder, 'index.lock');
}
