// What a WebDAV client sees: folders and files, none of which lies anywhere. They are made when they are asked for.
import type { Reply } from '../../http/index.ts';

interface Named {
  /** One segment of a path. */
  readonly name: string;
  readonly modified: Date;
  /** What DELETE does; absent: it is forbidden. */
  readonly remove?: () => Promise<void>;
}

export interface DavFile extends Named {
  readonly kind: 'file';
  readonly mime: string;
  /** Bytes. */
  readonly length: number;
  open(): Promise<Reply>;
}

export interface DavFolder extends Named {
  readonly kind: 'folder';
  /** What is in it, in batches. */
  list(): AsyncIterable<readonly DavNode[]>;
  child(name: string): Promise<DavNode | undefined>;
}

export type DavNode = DavFile | DavFolder;

/** A folder whose few children are known. */
export function fixedFolder(name: string, modified: Date, children: readonly DavNode[]): DavFolder {
  return {
    kind: 'folder',
    name,
    modified,
    async *list() {
      yield children;
    },
    child: async (wanted) => children.find((node) => node.name === wanted),
  };
}

/** undefined: there is no such node. */
export async function nodeAt(root: DavFolder, path: readonly string[]): Promise<DavNode | undefined> {
  let node: DavNode | undefined = root;
  for (const name of path) {
    if (node?.kind !== 'folder') return undefined;
    node = await node.child(name);
  }
  return node;
}
