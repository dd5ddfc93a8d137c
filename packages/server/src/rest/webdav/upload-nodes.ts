// The folder `uploads`: what is put there is stored and is gone from it; only folders stay.
import type { UploadFolders } from '../../services/webdav/index.ts';
import type { DavFolder } from './nodes.ts';

/** The folder at this path below `uploads`. */
export function uploadFolder(folders: UploadFolders, path: readonly string[], modified: Date): DavFolder {
  const below = (name: string): DavFolder => uploadFolder(folders, [...path, name], modified);
  return {
    kind: 'folder',
    name: path.at(-1) ?? 'uploads',
    modified,
    async *list() {
      yield folders.below(path).map(below);
    },
    child: async (name) => (folders.has([...path, name]) ? below(name) : undefined),
    ...(path.length > 0 && { remove: async () => folders.remove(path) }),
  };
}
