// Folders that WebDAV clients make below `uploads`: they hold nothing, as what is put into them is stored at once, but a client that
// copies a tree expects them to be there. Kept in memory, the latest ones.

const mostFolders = 10_000;

export interface UploadFolders {
  /** False where the folder above it is not there. A folder that is there already stays. */
  make(path: readonly string[]): boolean;
  has(path: readonly string[]): boolean;
  /** Names of the folders right below. */
  below(path: readonly string[]): readonly string[];
  /** With all below it. */
  remove(path: readonly string[]): void;
}

/** No name of a segment of a URL has a slash. */
const keyOf = (path: readonly string[]): string => path.join('/');

export function createUploadFolders(): UploadFolders {
  const folders = new Set<string>();
  const has = (path: readonly string[]): boolean => path.length === 0 || folders.has(keyOf(path));
  const underneath = (path: readonly string[]): readonly string[] => {
    const prefix = path.length === 0 ? '' : `${keyOf(path)}/`;
    return [...folders].filter((key) => key.startsWith(prefix));
  };
  const remove = (path: readonly string[]): void => {
    for (const key of underneath(path)) folders.delete(key);
    folders.delete(keyOf(path));
  };
  return {
    has,
    remove,
    make(path) {
      if (!has(path.slice(0, -1))) return false;
      folders.add(keyOf(path));
      const [oldest] = folders;
      if (folders.size > mostFolders && oldest !== undefined) remove(oldest.split('/'));
      return true;
    },
    below(path) {
      const names = underneath(path).map((key) => key.split('/'));
      return names.filter(({ length }) => length === path.length + 1).map((segments) => segments.at(-1) ?? '');
    },
  };
}
