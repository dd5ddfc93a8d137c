// After a crash: files of committed rows are put into place, files without a row go, and files whose rows are gone go.
import type { BlobStore, IndexStore } from '../../ports/index.ts';

export interface RecoveryDependencies {
  readonly blobs: Pick<BlobStore, 'sweep' | 'remove'>;
  readonly index: Pick<IndexStore, 'blobsWithRow' | 'lastBlobBetween' | 'removedBlobs' | 'forgetRemovedBlobs' | 'sync'>;
}

export interface Recovery {
  /** Files of acknowledged or committed instances that were put into place. */
  readonly published: number;
  /** Files that nothing refers to any more. */
  readonly removed: number;
}

const batch = 500;

/** Run at start-up, before anything is received. @throws PharosError where the index or the storage folder fails */
export async function recover({ blobs, index }: RecoveryDependencies): Promise<Recovery> {
  // First, so that files which have neither a row nor a mark are those that this index never knew.
  const gone = await removeListed({ blobs, index });
  const { published, removed } = await blobs.sweep({
    withRow: (keys) => index.blobsWithRow(keys),
    lastBetween: (from, before) => index.lastBlobBetween(from, before),
  });
  return { published, removed: removed + gone };
}

async function removeListed({ blobs, index }: RecoveryDependencies): Promise<number> {
  let gone = 0;
  for (;;) {
    const keys = await index.removedBlobs(batch);
    if (keys.length === 0) return gone;
    await index.sync();
    try {
      await blobs.remove(keys);
      await index.forgetRemovedBlobs(keys);
    } catch {
      // It is tried again, and told, while the server runs: a file that cannot be removed, or a full disk, does not keep it from starting.
      return gone;
    }
    gone += keys.length;
  }
}
