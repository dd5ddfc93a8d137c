// BlobStore on a file system: small blobs in packs, large ones in files of their own. finish() leaves a durable blob; what a crash
// leaves unpublished is found by the sweep of the next start.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PharosError } from '../model/index.ts';
import type { BlobStore, ByteRange, Log } from '../ports/index.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import { PooledBlobWriter } from './blob-writer.ts';
import { type BlockPool, createBlockPool } from './block-pool.ts';
import { checkRange, type FileBlobs, openFileBlobs } from './file-blobs.ts';
import { isKey } from './layout.ts';
import { missingBlobs } from './missing-blobs.ts';
import { packAddress } from './pack-key.ts';
import { openPackStore, type PackStore } from './pack-store.ts';
import { readError, writeError } from './storage-error.ts';

export interface FileStoreOptions {
  /** Absolute path of StorageDirectory; made where it is missing. */
  readonly folder: string;
  /** SyncStorageArea: finished blobs survive a power cut. */
  readonly sync: boolean;
  readonly log?: Log;
  /** Bytes that all unfinished blobs and all reads hold in memory together; default 64 MiB. What is beyond goes to files at once. */
  readonly bufferBytes?: number;
  /** Blobs up to this size are packed, the others have files of their own; default 4 MiB. 0: all have. */
  readonly packedBytes?: number;
  /** A pack that has this many bytes gets no more blobs; default 256 MiB. */
  readonly packBytes?: number;
  /** From so many bytes in packs on, 12 MiB are kept free for compaction when the disk is full; default 1 GiB. */
  readonly reserveFrom?: number;
}

const mebibyte = 1024 * 1024;

interface Parts {
  readonly packs: PackStore;
  readonly files: FileBlobs;
}

function openParts(options: FileStoreOptions, pool: BlockPool, arrivals: Arrivals): Parts {
  const { folder, sync, packBytes = 256 * mebibyte, reserveFrom = 1024 * mebibyte } = options;
  try {
    mkdirSync(folder, { recursive: true });
    const log = options.log?.of('generic');
    return {
      packs: openPackStore({ folder: join(folder, 'packs'), sync, pool, arrivals, packBytes, reserveFrom, log }),
      files: openFileBlobs(folder, pool),
    };
  } catch (error) {
    throw writeError(error);
  }
}

/** @throws PharosError CannotWriteFile where the folder cannot be made */
export async function openFileStore(options: FileStoreOptions): Promise<BlobStore> {
  const { sync, bufferBytes = 64 * mebibyte, packedBytes = 4 * mebibyte, log } = options;
  const pool = createBlockPool(bufferBytes);
  const arrivals = createArrivals();
  const { packs, files } = openParts(options, pool, arrivals);

  async function* lend(key: string, range: ByteRange | undefined): AsyncGenerator<Buffer> {
    const address = packAddress(key);
    try {
      if (!address) {
        yield* files.lend(key, range);
        return;
      }
      yield* packs.lend(address, key, checkRange(range, address.length));
    } catch (error) {
      throw readError(key, error);
    }
  }

  const read = async (key: string, range: ByteRange | undefined): Promise<Uint8Array> => {
    const address = packAddress(key);
    try {
      if (!address) return await files.read(key, range);
      const { pieces, giveBack } = await packs.borrow(address, key, checkRange(range, address.length));
      try {
        return Buffer.concat(pieces);
      } finally {
        await giveBack();
      }
    } catch (error) {
      throw readError(key, error);
    }
  };

  /** Gives what went wrong. */
  const publish = async (key: string): Promise<PharosError | undefined> => {
    if (packs.settle(key)) return undefined;
    try {
      if (await files.publish(key)) return undefined;
      return new PharosError('InexistentFile', `No stored file ${key} waits for its place`);
    } catch (error) {
      return writeError(error);
    }
  };

  return {
    create: (purpose = 'keep') =>
      new PooledBlobWriter({
        pool,
        arrivals,
        packs,
        files,
        sync: sync && purpose === 'keep',
        packedBytes: purpose === 'keep' ? packedBytes : 0,
      }),
    async publish(keys) {
      const failures: PharosError[] = [];
      for (const key of keys) {
        const failure = await publish(key);
        if (failure) failures.push(failure);
      }
      const worst = failures.find(({ code }) => code !== 'InexistentFile') ?? failures[0];
      if (worst !== undefined) throw worst;
    },
    read,
    async *stream(key, range) {
      for await (const piece of lend(key, range)) yield Buffer.from(piece);
    },
    lend,
    sequence() {
      const { read, close } = packs.sequence();
      return {
        close,
        read: (key, following) =>
          read(key, following).catch((error: unknown) => {
            throw readError(key, error);
          }),
      };
    },
    async remove(keys) {
      try {
        await packs.remove(keys);
        for (const key of keys) if (isKey(key) && !packAddress(key)) await files.remove(key);
      } catch (error) {
        throw writeError(error);
      }
    },
    async sweep(rows) {
      const { published, removed } = await files.sweep(rows.withRow);
      const swept = { published, removed: removed + (await packs.sweep(rows)) };
      if (published + swept.removed > 0) log?.of('generic').info('Swept unfinished uploads of the last run', swept);
      return swept;
    },
    missing: (rows) => missingBlobs(rows, { pathOfPack: packs.pathOf, hasFile: files.has }),
    compact: packs.compact,
    yieldRoom: packs.yieldRoom,
    close: packs.close,
  };
}
