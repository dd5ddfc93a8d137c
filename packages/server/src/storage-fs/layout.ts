// Where the file of a blob lies: `<folder>/<2 hex>/<2 hex>/<uuid>` as in Orthanc, and in `<folder>/incoming/` until its row is
// committed. Keys become paths only when they have the form of a UUID.
import { join } from 'node:path';

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isKey(name: string): boolean {
  return shape.test(name);
}

export interface Layout {
  readonly incoming: string;
  incomingPath(key: string): string;
  finalFolder(key: string): string;
  finalPath(key: string): string;
}

/** As the file system would say: there can be no such file. */
function checked(key: string): string {
  if (!isKey(key)) throw Object.assign(new Error('A key of a stored file is a lower-case UUID'), { code: 'ENOENT' });
  return key;
}

export function createLayout(folder: string): Layout {
  const incoming = join(folder, 'incoming');
  const finalFolder = (key: string): string => join(folder, checked(key).slice(0, 2), key.slice(2, 4));
  return {
    incoming,
    incomingPath: (key) => join(incoming, checked(key)),
    finalFolder,
    finalPath: (key) => join(finalFolder(key), key),
  };
}
