// Where the index is in its folder.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

function indexPath(folder: string): string {
  return join(folder, 'index.db');
}

/** How our connections open it. `unix-excl` locks the file for this process once, instead of twice a transaction. */
export function indexUrl(folder: string): URL {
  const url = pathToFileURL(indexPath(folder));
  if (process.platform !== 'win32') url.searchParams.set('vfs', 'unix-excl');
  return url;
}

/** SQLite's write-ahead log of the index. */
export function logPath(folder: string): string {
  return `${indexPath(folder)}-wal`;
}
