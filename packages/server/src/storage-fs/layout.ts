// Where a blob lies: `<folder>/<2 hex>/<2 hex>/<uuid>` as in Orthanc, and in `<folder>/incoming/` until its row is committed.
// Keys become paths only when they have the form of a UUID. Also used in the placement thread: nothing large is imported here.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isKey(name: string): boolean {
  return shape.test(name);
}

export interface Layout {
  readonly incoming: string;
  incomingPath(key: string): string;
  finalPath(key: string): string;
  /** The same, after its folders were made. */
  readyFinalPath(key: string): string;
  /** Forgets which folders are there: someone else removed some. */
  forget(): void;
}

export function createLayout(folder: string): Layout {
  const incoming = join(folder, 'incoming');
  // One bit for each of the 65536 folders that are known to be there.
  const known = new Uint8Array(8192);

  const checked = (key: string): string => {
    // As the file system would say: there can be no such file.
    if (!isKey(key)) throw Object.assign(new Error('A key of a stored file is a lower-case UUID'), { code: 'ENOENT' });
    return key;
  };
  const folderOf = (key: string): string => `${folder}/${key.slice(0, 2)}/${key.slice(2, 4)}`;

  return {
    incoming,
    incomingPath: (key) => `${incoming}/${checked(key)}`,
    finalPath: (key) => `${folderOf(checked(key))}/${key}`,
    readyFinalPath(key) {
      const path = folderOf(checked(key));
      const number = Number.parseInt(key.slice(0, 4), 16);
      const bit = 1 << (number & 7);
      const byte = known[number >> 3] ?? 0;
      if ((byte & bit) === 0) {
        mkdirSync(path, { recursive: true });
        known[number >> 3] = byte | bit;
      }
      return `${path}/${key}`;
    },
    forget: () => known.fill(0),
  };
}
