// Reads records of packs into blocks of the pool, past the page cache unless they were read not long ago: what is read once, as
// most files are, costs less so and leaves the cache to others. Records that lie near each other may be read together. Some packs are
// kept open, those used last.
import { constants } from 'node:fs';
import { PharosError } from '../model/index.ts';
import type { ByteRange } from '../ports/index.ts';
import { type BlockPool, blockBytes, joined, pageBytes, roundUp } from './block-pool.ts';
import { closeFile, openFile, readAll } from './disk-file.ts';
import type { PackAddress } from './pack-key.ts';
import { headBytes, readHead, recordBytes } from './pack-record.ts';

/** Bytes in memory that others will use again: not to be looked at after they were given back, once. */
export interface Borrowed {
  readonly pieces: readonly Buffer[];
  giveBack(): Promise<void>;
}

/** A record, by where it is and the key that it must have. */
export interface PackedBlob {
  readonly key: string;
  readonly address: PackAddress;
}

/** Several records in such memory. */
export interface BorrowedBlobs {
  /** @throws PharosError InexistentFile, CorruptedFile */
  pieces(blob: PackedBlob): readonly Buffer[];
  giveBack(): void;
}

export interface PackReader {
  /** @throws PharosError InexistentFile, CorruptedFile; the error of the file system */
  borrow(address: PackAddress, key: string, range: ByteRange): Promise<Borrowed>;
  /** The same piece after piece: each is there only until the next one is asked for, and the pack all the while. */
  lend(address: PackAddress, key: string, range: ByteRange): AsyncGenerator<Buffer, void, undefined>;
  /** The pack goes: it is not kept open any more, which would keep its room. Who reads it reads on. */
  forget(pack: number): Promise<void>;
  /** Whole records of one pack, and what lies between them, with one read. @throws PharosError CorruptedFile; the error of the file system */
  borrowTogether(blobs: readonly PackedBlob[]): Promise<BorrowedBlobs>;
  close(): Promise<void>;
}

interface OpenPack {
  readonly descriptor: number;
  users: number;
  /** It is closed when its last user has left. */
  isLeft: boolean;
}

const keptOpen = 64;
/** Bytes that one who reads slowly keeps from others. */
const lentBytes = 1024 * 1024;
/** How many keys of what was read last are remembered. */
const remembered = 4_096;

/** The bytes of `blocks` between two offsets. */
function span(blocks: readonly Buffer[], start: number, end: number): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = start; at < end; ) {
    const within = at % blockBytes;
    const piece = blocks[(at - within) / blockBytes]?.subarray(within, within + end - at);
    if (!piece) break;
    pieces.push(piece);
    at += piece.length;
  }
  return joined(pieces);
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
  const open = new Map<string, Promise<OpenPack>>();
  const recent = new Set<string>();

  /** Whether it was read not long ago. */
  const isRecent = (key: string): boolean => {
    const was = recent.delete(key);
    recent.add(key);
    for (const oldest of recent) {
      if (recent.size <= remembered) break;
      recent.delete(oldest);
    }
    return was;
  };

  const leave = async (opening: Promise<OpenPack>): Promise<void> => {
    const pack = await opening.catch(() => undefined);
    if (!pack) return;
    pack.isLeft = true;
    if (pack.users === 0) await closeFile(pack.descriptor);
  };

  const openPack = async (number: number, flags: number): Promise<OpenPack> => {
    const path = pathOf(number);
    if (path === undefined) throw Object.assign(new Error('There is no such pack'), { code: 'ENOENT' });
    return { descriptor: await openFile(path, constants.O_RDONLY | flags), users: 0, isLeft: false };
  };

  const enter = async (number: number, flags: number): Promise<OpenPack> => {
    const name = `${number} ${flags}`;
    const opening = open.get(name) ?? openPack(number, flags);
    open.delete(name);
    open.set(name, opening);
    for (const [oldest, left] of open) {
      if (open.size <= keptOpen) break;
      open.delete(oldest);
      void leave(left);
    }
    try {
      const pack = await opening;
      // It may have been left while it was opened.
      if (pack.isLeft && pack.users === 0) return await enter(number, flags);
      pack.users++;
      return pack;
    } catch (error) {
      if (open.get(name) === opening) open.delete(name);
      throw error;
    }
  };

  const exit = async (pack: OpenPack): Promise<void> => {
    pack.users--;
    if (pack.isLeft && pack.users === 0) await closeFile(pack.descriptor);
  };

  /** Reads pages into blocks, which the caller gives back. */
  const readPages = async ({ descriptor }: OpenPack, from: number, bytes: number): Promise<readonly Buffer[]> => {
    const blocks = pool.takeBytes(bytes);
    try {
      const count = await readAll(descriptor, span(blocks, 0, bytes), from);
      if (count < bytes) throw new PharosError('CorruptedFile', 'A pack is shorter than it was');
      return blocks;
    } catch (error) {
      pool.give(blocks);
      throw error;
    }
  };

  /** Takes blocks, which the caller gives back. */
  const readRange = async (
    pack: OpenPack,
    offset: number,
    key: string,
    { start, end }: ByteRange,
  ): Promise<{ readonly blocks: readonly Buffer[]; readonly pieces: readonly Buffer[] }> => {
    const first = Math.floor((headBytes + start) / pageBytes) * pageBytes;
    const last = roundUp(headBytes + end, pageBytes);
    const blocks = await readPages(pack, offset + first, last - first);
    try {
      if (first === 0 && blocks[0]) checkHead(blocks[0], key);
      return { blocks, pieces: span(blocks, headBytes + start - first, headBytes + end - first) };
    } catch (error) {
      pool.give(blocks);
      throw error;
    }
  };

  return {
    async borrow({ pack: number, offset }, key, range) {
      const pack = await enter(number, isRecent(key) ? 0 : direct);
      try {
        const { blocks, pieces } = await readRange(pack, offset, key, range);
        const giveBack = async (): Promise<void> => {
          pool.give(blocks);
          await exit(pack);
        };
        return { pieces, giveBack };
      } catch (error) {
        await exit(pack);
        throw error;
      }
    },
    async *lend({ pack: number, offset }, key, { start, end }) {
      const pack = await enter(number, isRecent(key) ? 0 : direct);
      try {
        for (let from = start; from < end || from === start; from += lentBytes) {
          const { blocks, pieces } = await readRange(pack, offset, key, {
            start: from,
            end: Math.min(end, from + lentBytes),
          });
          try {
            yield* pieces;
          } finally {
            pool.give(blocks);
          }
        }
      } finally {
        await exit(pack);
      }
    },
    async forget(number) {
      const names = [...open.keys()].filter((name) => name.startsWith(`${number} `));
      const left = names.flatMap((name) => open.get(name) ?? []);
      for (const name of names) open.delete(name);
      await Promise.all(left.map(leave));
    },
    async borrowTogether(blobs) {
      const from = Math.min(...blobs.map(({ address }) => address.offset));
      const end = Math.max(...blobs.map(({ address }) => address.offset + recordBytes(address.length)));
      const flags = blobs.map(({ key }) => (isRecent(key) ? 0 : direct));
      const pack = await enter(blobs[0]?.address.pack ?? 0, Math.min(...flags));
      try {
        const blocks = await readPages(pack, from, end - from);
        return {
          pieces({ key, address: { offset, length } }) {
            const start = offset - from;
            checkHead(Buffer.concat(span(blocks, start, start + headBytes)), key);
            return span(blocks, start + headBytes, start + headBytes + length);
          },
          giveBack: () => pool.give(blocks),
        };
      } finally {
        await exit(pack);
      }
    },
    async close() {
      const all = [...open.values()];
      open.clear();
      await Promise.all(all.map(leave));
    },
  };
}
