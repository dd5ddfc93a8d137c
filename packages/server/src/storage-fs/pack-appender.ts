// Writes records behind each other into the pack that is open, and into a new one where it is full. What comes while the disk
// works goes out together with the next write, and so does what is about to be complete: one write, synced, for many blobs.

import { randomInt } from 'node:crypto';
import { closeSync, constants, fsyncSync, ftruncate, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../ports/index.ts';
import type { Arrivals } from './arrivals.ts';
import { type BlockPool, blockBytes, joined } from './block-pool.ts';
import { closeFile, openFile, syncFile, writeAll } from './disk-file.ts';
import type { Pack, PackCatalogue } from './pack-catalogue.ts';
import { keyOfBytes, packKeyBytes } from './pack-key.ts';
import { headBytes, recordBytes, writeHead } from './pack-record.ts';
import { isNoSpace } from './storage-error.ts';

export interface PackAppenderOptions {
  readonly catalogue: PackCatalogue;
  readonly pool: BlockPool;
  readonly arrivals: Pick<Arrivals, 'isBusy'>;
  readonly sync: boolean;
  /** O_DIRECT or 0. */
  readonly direct: number;
  /** A pack that has this many bytes gets no more records. */
  readonly packBytes: number;
  readonly log?: Logger;
}

export interface PackAppender {
  /** The pack that is written to, or about to be: it may grow at any time, so that nobody else may drop or cut it. */
  readonly active: Pack | undefined;
  /**
   * Writes a blob and gives its key; durable when it resolves where the store is synced. Takes the blocks and gives them back.
   * @param blocks room for the head, then the bytes of the blob, filled one after the other
   * @throws the error of the file system
   */
  append(blocks: readonly Buffer[], length: number): Promise<string>;
  /** Goes on with the last pack, where that has room. */
  resume(pack: Pack): void;
  /** The active pack gets no more records. */
  seal(): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly blocks: readonly Buffer[];
  readonly length: number;
  resolve(key: string): void;
  reject(error: unknown): void;
}

interface OpenPack {
  readonly pack: Pack;
  readonly descriptor: number;
}

/** Bytes of a group. */
const groupBytes = 8 * 1024 * 1024;
/** How long a complete blob waits for others, as long as their bytes keep coming. */
const gatherMs = 2;
const randomLimit = 2 ** 32;

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The record in pieces; what lies behind the blob becomes zeros. */
function recordPieces(blocks: readonly Buffer[], length: number): readonly Buffer[] {
  const end = headBytes + length;
  const whole = recordBytes(length);
  return blocks.map((block, n) => {
    const from = n * blockBytes;
    const piece = block.subarray(0, Math.min(blockBytes, whole - from));
    return end < from + piece.length ? piece.fill(0, Math.max(end - from, 0)) : piece;
  });
}

export function createPackAppender(options: PackAppenderOptions): PackAppender {
  const { catalogue, pool, arrivals, sync, direct, packBytes, log } = options;
  const syncFlag = sync ? (constants.O_DSYNC ?? 0) : 0;
  let waiting: Waiting[] = [];
  let open: OpenPack | undefined;
  let opening: Pack | undefined;
  let writing: Promise<void> | undefined;
  let isDeciding = false;
  let gathering: NodeJS.Timeout | undefined;

  const leave = async (): Promise<void> => {
    const left = open;
    open = undefined;
    if (left) await closeFile(left.descriptor);
  };

  /** Nothing is written to where nobody can read: somebody may have emptied the folder of a running server, or moved it. */
  const leaveLost = async (): Promise<void> => {
    if (!open || statSync(open.pack.path, { throwIfNoEntry: false })) return;
    const { number } = open.pack;
    log?.error('The pack that was written to is gone from the storage folder, and with it what it holds', {
      pack: number,
    });
    await leave();
  };

  const openPack = async (): Promise<OpenPack> => {
    await leaveLost();
    if (open && open.pack.bytes < packBytes) return open;
    await leave();
    const pack = catalogue.add();
    opening = pack;
    try {
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
      const descriptor = await openFile(pack.path, flags | direct | syncFlag);
      try {
        if (sync) syncFolder(dirname(pack.path));
      } catch (error) {
        await closeFile(descriptor);
        throw error;
      }
      open = { pack, descriptor };
      return open;
    } catch (error) {
      catalogue.forget(pack);
      throw error;
    } finally {
      opening = undefined;
    }
  };

  const takeGroup = (): Waiting[] => {
    let bytes = 0;
    let count = 0;
    while (count < waiting.length && bytes < groupBytes) bytes += recordBytes(waiting[count++]?.length ?? 0);
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  };

  const write = async (group: readonly Waiting[]): Promise<readonly string[]> => {
    const { pack, descriptor } = await openPack();
    const pieces: Buffer[] = [];
    const keys: string[] = [];
    let offset = pack.bytes;
    for (const { blocks, length } of group) {
      const key = packKeyBytes({ pack: pack.number, offset, length }, randomInt(randomLimit));
      if (blocks[0]) writeHead(blocks[0], key);
      pieces.push(...recordPieces(blocks, length));
      keys.push(keyOfBytes(key));
      offset += recordBytes(length);
    }
    await writeAll(descriptor, joined(pieces), pack.bytes);
    if (sync && syncFlag === 0) await syncFile(descriptor);
    pack.bytes = offset;
    return keys;
  };

  /** Cuts off what a failed write left. Where the disk was not just full, nobody knows what the pack holds: it gets no more. */
  const repair = async (failure: unknown): Promise<void> => {
    const left = open;
    if (!left) return;
    const isCut = await new Promise<boolean>((resolve) =>
      ftruncate(left.descriptor, left.pack.bytes, (error) => resolve(!error)),
    );
    if (!isCut || !isNoSpace(failure)) await leave().catch(() => {});
  };

  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const keys = await write(group);
      for (const [n, { resolve }] of group.entries()) resolve(keys[n] ?? '');
    } catch (error) {
      await repair(error);
      for (const { reject } of group) reject(error);
    } finally {
      for (const { blocks } of group) pool.give(blocks);
    }
  };

  const writeWaiting = async (): Promise<void> => {
    clearTimeout(gathering);
    gathering = undefined;
    await writeGroup(takeGroup());
    writing = undefined;
    proceed();
  };

  const start = (): void => {
    if (waiting.length > 0) writing ??= writeWaiting();
  };

  /** After whatever else is there to be received just now: much of it may be complete then. */
  const proceed = (): void => {
    if (isDeciding) return;
    isDeciding = true;
    setImmediate(() => {
      isDeciding = false;
      if (writing || waiting.length === 0) return;
      if (!arrivals.isBusy(gatherMs)) start();
      else gathering ??= setTimeout(start, gatherMs);
    });
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      if (!writing) start();
      await writing;
    }
    await writing;
  };

  const finish = async (): Promise<void> => {
    await drain();
    await leave();
  };

  return {
    get active() {
      return opening ?? open?.pack;
    },
    append: (blocks, length) =>
      new Promise((resolve, reject) => {
        waiting.push({ blocks, length, resolve, reject });
        proceed();
      }),
    resume(pack) {
      if (pack.bytes >= packBytes) return;
      open = { pack, descriptor: openSync(pack.path, constants.O_WRONLY | direct | syncFlag) };
    },
    seal: finish,
    close: finish,
  };
}
