// Removes the files of what was deleted, overwritten or recycled, in the background: rows go first and durably, then files, so that
// a crash in between leaves files that nobody refers to, which the next start removes, and never a row without its file.
import type { BlobRows, BlobStore, IndexStore, Log, Metrics } from '../../ports/index.ts';
import { createRecurringError } from '../recurring-error.ts';

export interface RemovalDependencies {
  readonly index: Pick<
    IndexStore,
    'removedBlobs' | 'forgetRemovedBlobs' | 'blobsWithRow' | 'lastBlobBetween' | 'moveBlobs' | 'sync' | 'yieldRoom'
  >;
  readonly blobs: Pick<BlobStore, 'remove' | 'compact'>;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Milliseconds between two looks when nothing was to be done; default 1000. */
  readonly interval?: number;
}

export interface Removal {
  /** Looks now: something was deleted. */
  wake(): void;
  /** Removes all that is listed now. */
  drain(): Promise<void>;
  /** Ends after the batch at work. */
  stop(): Promise<void>;
}

/** Files a batch: each goes through the thread pool, and readers should not wait behind more. */
const batch = 100;

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'FullStorage');
}

/** Begins at once, with what the last run left. */
export function createRemoval({ index, blobs, log, metrics, interval = 1000 }: RemovalDependencies): Removal {
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let stopped = false;

  const failure = createRecurringError(
    log.of('generic'),
    'Files of deleted resources could not be removed; this is tried again',
  );
  let isWell = true;
  const complain = (error: unknown): void => {
    isWell = false;
    failure.tell(error);
  };

  /** On a full disk files can be moved together only where some room is left: that of the index will do, for the next time. */
  const makeRoom = async (error: unknown): Promise<void> => {
    complain(error);
    if (isFull(error)) await index.yieldRoom();
  };

  /** Gives those that are gone: one that cannot be removed does not keep the others. */
  const removeFiles = async (keys: readonly string[]): Promise<readonly string[]> => {
    try {
      await blobs.remove(keys);
      return keys;
    } catch (error) {
      complain(error);
    }
    const gone: string[] = [];
    for (const key of keys) {
      const isGone = await blobs.remove([key]).then(
        () => true,
        () => false,
      );
      if (isGone) gone.push(key);
    }
    return gone;
  };

  /** Gives the last of those it tried; undefined: there were none. */
  const removeBatch = async (after: string | undefined): Promise<string | undefined> => {
    const keys = await index.removedBlobs(batch, after);
    if (keys.length === 0) return undefined;
    const started = performance.now();
    await index.sync();
    const gone = await removeFiles(keys);
    await index.forgetRemovedBlobs(gone);
    metrics?.observe('orthanc_storage_remove_duration_ms', (performance.now() - started) / keys.length);
    return keys.at(-1);
  };

  const rows: BlobRows = {
    withRow: (keys) => index.blobsWithRow(keys),
    lastBetween: (from, before) => index.lastBlobBetween(from, before),
    async move(newKeys) {
      const moved = await index.moveBlobs(newKeys);
      await index.sync();
      return moved;
    },
  };

  const removeAll = async (): Promise<void> => {
    // Past those that cannot be removed now, which are tried again the next time.
    let last: string | undefined;
    do {
      last = await removeBatch(last);
    } while (!stopped && last !== undefined);
  };

  const work = async (): Promise<void> => {
    isWell = true;
    await removeAll().catch(complain);
    // Also where that failed: on a full disk it may be what has to come first.
    if (!stopped) await blobs.compact(rows).catch(makeRoom);
    if (isWell) failure.over();
  };

  const start = (): Promise<void> => {
    clearTimeout(timer);
    working ??= work().finally(() => {
      working = undefined;
      if (stopped) return;
      timer = setTimeout(start, interval);
      timer.unref();
    });
    return working;
  };

  void start();
  return {
    wake: () => void start(),
    async drain() {
      await working;
      await start();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
