// Reads records of packs into blocks of the pool. Some packs are kept open, those used last.
import { constants } from 'node:fs';
import { PharosError } from '../model/index.ts';
import type { ByteRange } from '../ports/index.ts';
import { type BlockPool, blockBytes, pageBytes, roundUp } from './block-pool.ts';
import { closeFile, openFile, readAll } from './disk-file.ts';
import type { PackAddress } from './pack-key.ts';
import { headBytes, readHead } from './pack-record.ts';

/** Bytes in memory that others will use again: not to be looked at after they were given back, once. */
export interface Borrowed {
  readonly pieces: readonly Buffer[];
  giveBack(): Promise<void>;
}

export interface PackReader {
  /** @throws PharosError InexistentFile, CorruptedFile; the error of the file system */
  borrow(address: PackAddress, key: string, range: ByteRange): Promise<Borrowed>;
  close(): Promise<void>;
}

interface OpenPack {
  readonly descriptor: number;
  users: number;
  /** It is closed when its last user has left. */
  isLeft: boolean;
}

const keptOpen = 64;

/** The pieces of `blocks` between two offsets. */
function span(blocks: readonly Buffer[], start: number, end: number): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (const [n, block] of blocks.entries()) {
    const from = Math.max(start - n * blockBytes, 0);
    const to = Math.min(end - n * blockBytes, block.length);
    if (from < to) pieces.push(block.subarray(from, to));
  }
  return pieces;
}

function checkHead(head: Buffer, key: string): void {
  const record = readHead(head);
  if (record?.key !== key)
    throw new PharosError('CorruptedFile', 'A pack does not hold the stored file that it should');
  if (record.isRemoved) throw new PharosError('InexistentFile', `The stored file ${key} was removed`);
}

export function createPackReader(
  pathOf: (pack: number) => string | undefined,
  direct: number,
  pool: BlockPool,
): PackReader {
  const open = new Map<number, Promise<OpenPack>>();

  const leave = async (opening: Promise<OpenPack>): Promise<void> => {
    const pack = await opening.catch(() => undefined);
    if (!pack) return;
    pack.isLeft = true;
    if (pack.users === 0) await closeFile(pack.descriptor);
  };

  const openPack = async (number: number): Promise<OpenPack> => {
    const path = pathOf(number);
    if (path === undefined) throw Object.assign(new Error('There is no such pack'), { code: 'ENOENT' });
    return { descriptor: await openFile(path, constants.O_RDONLY | direct), users: 0, isLeft: false };
  };

  const enter = async (number: number): Promise<OpenPack> => {
    const opening = open.get(number) ?? openPack(number);
    open.delete(number);
    open.set(number, opening);
    for (const [oldest, left] of open) {
      if (open.size <= keptOpen) break;
      open.delete(oldest);
      void leave(left);
    }
    try {
      const pack = await opening;
      // It may have been left while it was opened.
      if (pack.isLeft && pack.users === 0) return await enter(number);
      pack.users++;
      return pack;
    } catch (error) {
      if (open.get(number) === opening) open.delete(number);
      throw error;
    }
  };

  const exit = async (pack: OpenPack): Promise<void> => {
    pack.users--;
    if (pack.isLeft && pack.users === 0) await closeFile(pack.descriptor);
  };

  return {
    async borrow({ pack: number, offset }, key, { start, end }) {
      const first = Math.floor((headBytes + start) / pageBytes) * pageBytes;
      const last = roundUp(headBytes + end, pageBytes);
      const pack = await enter(number);
      const blocks = pool.takeBytes(last - first);
      const giveBack = async (): Promise<void> => {
        pool.give(blocks);
        await exit(pack);
      };
      try {
        const count = await readAll(pack.descriptor, span(blocks, 0, last - first), offset + first);
        if (count < last - first) throw new PharosError('CorruptedFile', 'A pack is shorter than it was');
        if (first === 0 && blocks[0]) checkHead(blocks[0], key);
        return { pieces: span(blocks, headBytes + start - first, headBytes + end - first), giveBack };
      } catch (error) {
        await giveBack();
        throw error;
      }
    },
    async close() {
      const all = [...open.values()];
      open.clear();
      await Promise.all(all.map(leave));
    },
  };
}
