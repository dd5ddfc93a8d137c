// BlobStore on a file system. finish() leaves a durable file in `incoming/`; publish() renames it into its final folder. A rename
// lost in a power cut does no harm: the file is then found in `incoming/` at the next start, with its row.
import { randomUUID } from 'node:crypto';
import { opendir, renameSync, unlink } from 'node:fs';
import { promisify } from 'node:util';
import type { BlobStore, ByteRange, Log } from '../ports/index.ts';
import { openBlob, readBlob, streamBlob } from './file-reader.ts';
import { FileWriter, type WriteBudget } from './file-writer.ts';
import { createLayout, isKey, type Layout } from './layout.ts';
import { isMissing, readError, writeError } from './storage-error.ts';

export interface FileStoreOptions {
  /** Absolute path of StorageDirectory; made where it is missing. */
  readonly folder: string;
  /** SyncStorageArea: finished blobs survive a power cut. */
  readonly sync: boolean;
  readonly log?: Log;
  /** Bytes that all unfinished blobs may hold in memory before each further chunk waits for the disk; default 64 MiB. */
  readonly bufferBytes?: number;
}

const sweepBatch = 500;
const removalsAtOnce = 2;

async function eachAtMost<T>(values: readonly T[], atOnce: number, work: (value: T) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async (): Promise<void> => {
    for (;;) {
      const value = values[next++];
      if (value === undefined) return;
      await work(value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, values.length) }, run));
}

function removeFile(path: string): Promise<boolean> {
  return new Promise((resolve, reject) =>
    unlink(path, (error) => {
      if (!error) return resolve(true);
      if (isMissing(error)) return resolve(false);
      reject(writeError(error));
    }),
  );
}

function move(layout: Layout, key: string): void {
  try {
    renameSync(layout.incomingPath(key), layout.readyFinalPath(key));
  } catch (error) {
    if (!isMissing(error)) throw writeError(error);
    // The final folder may have been removed by hand, or the blob was published before.
    layout.forget();
    moveAgain(layout, key);
  }
}

function moveAgain(layout: Layout, key: string): void {
  try {
    renameSync(layout.incomingPath(key), layout.readyFinalPath(key));
  } catch (error) {
    throw isMissing(error) ? readError(key, error) : writeError(error);
  }
}

/** @throws PharosError CannotWriteFile where the folder cannot be made */
export async function openFileStore(options: FileStoreOptions): Promise<BlobStore> {
  const { folder, sync, log } = options;
  const layout = layoutOf(folder);
  const logger = log?.of('generic');
  const budget: WriteBudget = { held: 0, limit: options.bufferBytes ?? 64 * 1024 * 1024 };
  const unpublished = new Set<string>();

  const pathOf = (key: string): string => (unpublished.has(key) ? layout.incomingPath(key) : layout.finalPath(key));

  const openKey = async (key: string, range: ByteRange | undefined) => {
    const path = pathOf(key);
    try {
      return await openBlob(path, range);
    } catch (error) {
      // It may have been published meanwhile.
      if (!isMissing(error) || pathOf(key) === path) throw readError(key, error);
    }
    return openBlob(pathOf(key), range).catch((error: unknown) => {
      throw readError(key, error);
    });
  };

  const sweepKeys = async (keys: readonly string[], withRow: ReadonlySet<string>): Promise<number> => {
    for (const key of keys) if (withRow.has(key)) move(layout, key);
    const orphans = keys.filter((key) => !withRow.has(key));
    await eachAtMost(orphans, removalsAtOnce, async (key) => void (await removeFile(layout.incomingPath(key))));
    return orphans.length;
  };

  return {
    create(purpose = 'keep') {
      const key = randomUUID();
      return new FileWriter({
        key,
        path: layout.incomingPath(key),
        sync: sync && purpose === 'keep',
        budget,
        onFinished: (finished) => unpublished.add(finished),
      });
    },
    async publish(keys) {
      for (const key of keys) {
        move(layout, key);
        unpublished.delete(key);
      }
    },
    async read(key, range) {
      const blob = await openKey(key, range);
      return readBlob(blob).catch((error: unknown) => {
        throw readError(key, error);
      });
    },
    async *stream(key, range) {
      yield* streamBlob(await openKey(key, range));
    },
    async remove(keys) {
      await eachAtMost(keys, removalsAtOnce, async (key) => {
        if (!isKey(key)) return;
        if (unpublished.delete(key)) await removeFile(layout.incomingPath(key));
        else await removeFile(layout.finalPath(key));
      });
    },
    async sweep(withRow) {
      let published = 0;
      let removed = 0;
      let batch: string[] = [];
      const sweepBatchNow = async (): Promise<void> => {
        const keys = batch;
        batch = [];
        if (keys.length === 0) return;
        const gone = await sweepKeys(keys, await withRow(keys));
        removed += gone;
        published += keys.length - gone;
      };
      for await (const entry of await promisify(opendir)(layout.incoming)) {
        // What is not ours stays; blobs of this run are still being worked on.
        if (!entry.isFile() || !isKey(entry.name) || unpublished.has(entry.name)) continue;
        batch.push(entry.name);
        if (batch.length === sweepBatch) await sweepBatchNow();
      }
      await sweepBatchNow();
      if (published + removed > 0) logger?.info('Swept unfinished uploads of the last run', { published, removed });
      return { published, removed };
    },
    async close() {},
  };
}

function layoutOf(folder: string): Layout {
  try {
    return createLayout(folder);
  } catch (error) {
    throw writeError(error);
  }
}
