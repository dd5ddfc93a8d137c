// Small blobs behind each other in large files. What is removed is marked, and its room comes back when its pack is dropped, after
// the rest of it was moved. No pack is dropped, and nothing is cut off, while a row refers to it. Where the disk is full, uploads
// wait until some room is kept free again: without it nothing that was removed could ever give its room back.
import { mkdirSync, rmSync } from 'node:fs';
import { truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobRows, ByteRange, Logger } from '../ports/index.ts';
import type { Arrivals } from './arrivals.ts';
import type { BlockPool } from './block-pool.ts';
import { directFlag } from './disk-file.ts';
import { createPackAppender } from './pack-appender.ts';
import { openCatalogue, type Pack, type PackPosition } from './pack-catalogue.ts';
import { batchBytes, movePack } from './pack-compaction.ts';
import { firstKeyAt, type PackAddress, packAddress } from './pack-key.ts';
import { type Borrowed, createPackReader, type PackReader } from './pack-reader.ts';
import { type PackRecord, recordBytes } from './pack-record.ts';
import { markRemoved, scanPack } from './pack-scan.ts';
import { createPackSequence, type PackSequence } from './pack-sequence.ts';
import { createSpaceReserve } from './space-reserve.ts';
import { isMissing, isNoSpace, noSpace } from './storage-error.ts';
import { areUnknown, isAnyKnown } from './unknown-packs.ts';

export interface PackStoreOptions {
  /** Made where it is missing. */
  readonly folder: string;
  readonly sync: boolean;
  readonly pool: BlockPool;
  readonly arrivals: Arrivals;
  readonly packBytes: number;
  /** From so many bytes on, some room is kept free for compaction. */
  readonly reserveFrom: number;
  readonly log: Logger | undefined;
}

export interface PackStore {
  /** Writes a blob; takes the blocks. The blob is unsettled: nobody knows yet whether it is kept. @throws the error of the file system */
  append(blocks: readonly Buffer[], length: number): Promise<string>;
  /** The blob is kept. False: there is no unsettled blob with this key. */
  settle(key: string): boolean;
  /** @throws PharosError InexistentFile, CorruptedFile; the error of the file system */
  borrow(address: PackAddress, key: string, range: ByteRange): Promise<Borrowed>;
  readonly lend: PackReader['lend'];
  sequence(): PackSequence;
  /** Keys that are not there are passed over. @throws the error of the file system */
  remove(keys: readonly string[]): Promise<void>;
  /** Removes what has no row among what the last run may have left unsettled; gives how many. */
  sweep(rows: Omit<BlobRows, 'move'>): Promise<number>;
  compact(rows: BlobRows): Promise<void>;
  /** As `BlobStore.yieldRoom`. @throws the error of the file system */
  yieldRoom(): Promise<boolean>;
  /** undefined: there is no such pack. */
  pathOf(number: number): string | undefined;
  /** The disk is full: whatever was removed is to give its room back. */
  full(): void;
  close(): Promise<void>;
}

const batch = 500;
/** Of two batches that are moved, with their heads and padding. */
const reserveBytes = 3 * batchBytes;
/** Share of a pack that has to be removed before the rest is moved. */
const removedShare = 1 / 4;
/** Who was told an old place of a moved blob still reads it there for so long. */
const graceMs = 60_000;
const saveAfterMs = 10_000;
const nowhere: PackPosition = { pack: 0, offset: 0 };
/** How far behind the last pack lost ones are looked for: keys of single files lie there, too. */
const numbersLooked = 1024 * 1024;

/** @throws the error of the file system */
export function openPackStore(options: PackStoreOptions): PackStore {
  const { folder, sync, pool, arrivals, packBytes, reserveFrom, log } = options;
  mkdirSync(folder, { recursive: true });
  const catalogue = openCatalogue(folder);
  const direct = directFlag(folder, pool);
  const appender = createPackAppender({ catalogue, pool, arrivals, sync, direct, packBytes, log });
  const leaving = new Map<number, Pack>();
  /** Packs that are damaged and cannot be compacted. */
  const damaged = new Set<number>();
  const pathOf = (number: number) => (catalogue.packs.get(number) ?? leaving.get(number))?.path;
  const reader = createPackReader(pathOf, direct, pool);
  /** In the order in which they were written. */
  const unsettled = new Map<string, PackAddress>();
  const reserve = createSpaceReserve(join(folder, 'reserve'), reserveBytes);
  let hasReserve = false;
  let isFull = false;
  /** The reserve is in use: nobody else may write. */
  let isTight = false;
  let saving: NodeJS.Timeout | undefined;
  let lastSaved = 0;
  /** Of the last run. */
  const found = [...catalogue.packs.values()];
  let isSwept = found.length === 0;

  const settledUpTo = (): PackPosition => {
    const { settled = nowhere } = catalogue;
    if (!isSwept) return settled;
    const [first] = unsettled.values();
    if (first) return first;
    const last = [...catalogue.packs.values()].at(-1);
    return last ? { pack: last.number, offset: last.bytes } : settled;
  };

  const save = (): void => {
    clearTimeout(saving);
    saving = undefined;
    try {
      catalogue.save(settledUpTo());
    } catch (error) {
      log?.warn('The list of packs could not be written; the next start takes longer', { error });
    }
  };
  const saveSoon = (): void => {
    saving ??= setTimeout(save, saveAfterMs);
    saving.unref();
  };

  const keepRoom = async (): Promise<void> => {
    if (hasReserve) return;
    const bytes = [...catalogue.packs.values()].reduce((sum, pack) => sum + pack.bytes, 0);
    if (bytes < reserveFrom && !isTight) return;
    hasReserve = await reserve.make();
    isTight &&= !hasReserve;
  };

  const append = async (blocks: readonly Buffer[], length: number): Promise<string> => {
    const key = await appender.append(blocks, length);
    const address = packAddress(key);
    if (address) unsettled.set(key, address);
    const number = appender.active?.number ?? lastSaved;
    // With each new pack, so that a start after a crash has little to look at; once all that was written together is unsettled.
    if (number !== lastSaved) setImmediate(save);
    lastSaved = number;
    return key;
  };

  const drop = async (pack: Pack): Promise<void> => {
    leaving.delete(pack.number);
    await unlink(pack.path).catch((error: unknown) => {
      if (!isMissing(error)) log?.warn('A pack that is no longer needed could not be removed', { error });
    });
    await reader.forget(pack.number);
  };

  const dropLater = (pack: Pack): void => {
    leaving.set(pack.number, pack);
    setTimeout(() => void drop(pack), graceMs).unref();
  };

  const isNeeded = async ({ number }: Pack, from: number, rows: Pick<BlobRows, 'lastBetween'>): Promise<boolean> =>
    (await rows.lastBetween(firstKeyAt(number, from), firstKeyAt(number + 1, 0))) !== undefined;

  const useReserve = async (): Promise<void> => {
    isTight = true;
    hasReserve = false;
    await reserve.release();
  };

  /** Moves the rest of a pack; where the disk is full, with the room that was kept free, giving back room after each step. */
  const moveRest = async (pack: Pack, rows: BlobRows): Promise<number> => {
    const tools = { rows, reader, pool, append, settle: (key: string) => unsettled.delete(key), remove };
    try {
      if (!isTight) return await movePack(pack, tools);
    } catch (error) {
      if (!isNoSpace(error)) throw error;
      log?.warn('The disk is full; room is made by compacting packs');
    }
    await useReserve();
    return movePack(pack, tools, async (offset) => {
      if (damaged.has(pack.number) || offset >= pack.bytes || (await isNeeded(pack, offset, rows))) return;
      await truncate(pack.path, offset);
      pack.removed = Math.max(pack.removed - (pack.bytes - offset), 0);
      pack.bytes = offset;
    });
  };

  const compactPack = async (pack: Pack, rows: BlobRows): Promise<void> => {
    const moved = await moveRest(pack, rows);
    if (await isNeeded(pack, 0, rows)) {
      log?.error('A pack has damaged records; what can be read of it was moved, the rest stays', { pack: pack.number });
      damaged.add(pack.number);
      return;
    }
    catalogue.forget(pack);
    if (moved > 0 && !isTight) dropLater(pack);
    else await drop(pack);
    saveSoon();
  };

  const markIn = async (number: number, records: readonly PackRecordPlace[]): Promise<void> => {
    const pack = catalogue.packs.get(number) ?? leaving.get(number);
    if (!pack) return;
    const marked = await markRemoved(pack.path, records).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const { length } of marked) pack.removed += recordBytes(length);
    saveSoon();
  };

  const remove = async (keys: readonly string[]): Promise<void> => {
    const byPack = new Map<number, PackRecordPlace[]>();
    for (const key of keys) {
      const address = packAddress(key);
      if (!address) continue;
      unsettled.delete(key);
      const records = byPack.get(address.pack) ?? [];
      records.push({ key, offset: address.offset });
      byPack.set(address.pack, records);
    }
    for (const [number, records] of byPack) await markIn(number, records);
  };

  const sweepPack = async (pack: Pack, from: number, rows: Omit<BlobRows, 'move'>): Promise<number> => {
    let removed = 0;
    let end = from;
    let records: PackRecord[] = [];
    const check = async (): Promise<void> => {
      const kept = await rows.withRow(records.map(({ key }) => key));
      const lost = records.filter(({ key }) => !kept.has(key));
      await remove(lost.map(({ key }) => key));
      removed += lost.length;
      records = [];
    };
    // What was counted before is not known to be all of it.
    if (from === 0) pack.removed = 0;
    for await (const record of scanPack(pack, from)) {
      if (record.isRemoved && from === 0) pack.removed += recordBytes(record.length);
      end = record.offset + recordBytes(record.length);
      if (!record.isRemoved && records.push(record) >= batch) await check();
    }
    await check();
    if (end === pack.bytes) return removed;
    if (await isNeeded(pack, end, rows)) {
      log?.error('A pack is damaged: what lies behind the damage can still be read', {
        pack: pack.number,
        offset: end,
      });
      damaged.add(pack.number);
      return removed;
    }
    // Behind its last whole record is what a crash left of others.
    await truncate(pack.path, end);
    pack.bytes = end;
    return removed;
  };

  /** Packs that rows refer to may be missing, or their ends: whoever has their keys must not read there what comes now. */
  const passLost = async (rows: Pick<BlobRows, 'lastBetween'>): Promise<void> => {
    const last = [...catalogue.packs.keys()].at(-1) ?? 0;
    let before = firstKeyAt(last + numbersLooked, 0);
    for (;;) {
      const key = await rows.lastBetween(firstKeyAt(last + 1, 0), before);
      if (key === undefined) return;
      const address = packAddress(key);
      if (address) {
        catalogue.pass(address.pack);
        return;
      }
      before = key;
    }
  };

  const resume = async (rows: Pick<BlobRows, 'lastBetween'>): Promise<void> => {
    const last = [...catalogue.packs.values()].at(-1);
    lastSaved = last?.number ?? 0;
    if (appender.active || !last || damaged.has(last.number) || catalogue.kept.has(last.number)) return;
    if (!(await isNeeded(last, last.bytes, rows))) appender.resume(last);
  };

  const keepThoseOfOthers = async (rows: Pick<BlobRows, 'lastBetween'>): Promise<void> => {
    const { kept, settled } = catalogue;
    if (await isAnyKnown(kept, rows)) kept.clear();
    if (await areUnknown(found, settled, rows)) for (const { number } of found) kept.add(number);
    if (kept.size === 0) return;
    log?.error(
      'The index knows none of these packs: it is another one, or a new one. Nothing of them is removed. Stop the server and set the ' +
        'IndexDirectory that belongs to them, or put back its files; where it is lost, move the packs elsewhere.',
      { packs: kept.size, first: Math.min(...kept), last: Math.max(...kept) },
    );
  };

  const isWorthwhile = (pack: Pack): boolean => {
    if (damaged.has(pack.number) || catalogue.kept.has(pack.number)) return false;
    return isFull ? pack.removed > 0 : pack !== appender.active && pack.removed >= pack.bytes * removedShare;
  };

  // From the first moment on, so that where it is missing it was lost.
  if (isSwept) save();

  return {
    async append(blocks, length) {
      if (isTight) {
        pool.give(blocks);
        throw noSpace();
      }
      const key = await append(blocks, length);
      isFull = false;
      return key;
    },
    settle: (key) => unsettled.delete(key),
    pathOf,
    borrow: reader.borrow,
    lend: reader.lend,
    sequence: () => createPackSequence(reader, pool),
    remove,
    async sweep(rows) {
      await passLost(rows);
      if (isSwept) return 0;
      await keepThoseOfOthers(rows);
      const { settled = nowhere, kept } = catalogue;
      let removed = 0;
      for (const pack of found) {
        if (pack.number < settled.pack || kept.has(pack.number)) continue;
        // A pack that is shorter than it was lost its end in a power cut: whole records may end anywhere.
        const isSettled = pack.number === settled.pack && settled.offset <= pack.bytes;
        removed += await sweepPack(pack, isSettled ? settled.offset : 0, rows);
      }
      isSwept = true;
      await resume(rows);
      save();
      return removed;
    },
    async compact(rows) {
      for (const pack of [...catalogue.packs.values()]) {
        if (!isWorthwhile(pack)) continue;
        if (pack === appender.active) await appender.seal();
        const isUnsettled = [...unsettled.values()].some((address) => address.pack === pack.number);
        if (!isUnsettled) await compactPack(pack, rows);
      }
      await keepRoom();
    },
    full() {
      isFull = true;
    },
    async yieldRoom() {
      isFull = true;
      if (!hasReserve) return false;
      await useReserve();
      return true;
    },
    async close() {
      await appender.close();
      save();
      await reader.close();
      for (const pack of leaving.values()) rmSync(pack.path, { force: true });
    },
  };
}

type PackRecordPlace = Pick<PackRecord, 'key' | 'offset'>;
