// Small blobs behind each other in large files. What is removed is marked, and its room comes back when its pack is dropped: at
// once where nothing in it is needed any more, after the rest was moved where much of it was removed.
import { mkdirSync, rmSync } from 'node:fs';
import { truncate, unlink } from 'node:fs/promises';
import type { BlobRows, ByteRange, Logger } from '../ports/index.ts';
import type { Arrivals } from './arrivals.ts';
import { type BlockPool, pageBytes } from './block-pool.ts';
import { directFlag } from './disk-file.ts';
import { createPackAppender } from './pack-appender.ts';
import { openCatalogue, type Pack, type PackPosition } from './pack-catalogue.ts';
import { movePack } from './pack-compaction.ts';
import { type PackAddress, packAddress } from './pack-key.ts';
import { type Borrowed, createPackReader } from './pack-reader.ts';
import { type PackRecord, recordBytes } from './pack-record.ts';
import { markRemoved, scanPack } from './pack-scan.ts';
import { isMissing } from './storage-error.ts';

export interface PackStoreOptions {
  /** Made where it is missing. */
  readonly folder: string;
  readonly sync: boolean;
  readonly pool: BlockPool;
  readonly arrivals: Arrivals;
  readonly packBytes: number;
  readonly log: Logger | undefined;
}

export interface PackStore {
  /** Writes a blob; takes the blocks. The blob is unsettled: nobody knows yet whether it is kept. @throws the error of the file system */
  append(blocks: readonly Buffer[], length: number): Promise<string>;
  /** The blob is kept. False: there is no unsettled blob with this key. */
  settle(key: string): boolean;
  /** @throws PharosError InexistentFile, CorruptedFile; the error of the file system */
  borrow(address: PackAddress, key: string, range: ByteRange): Promise<Borrowed>;
  /** Keys that are not there are passed over. @throws the error of the file system */
  remove(keys: readonly string[]): Promise<void>;
  /** Removes what has no row among what the last run may have left unsettled; gives how many. */
  sweep(withRow: BlobRows['withRow']): Promise<number>;
  compact(rows: BlobRows): Promise<void>;
  close(): Promise<void>;
}

const batch = 500;
/** Share of a pack that has to be removed before the rest is moved. */
const removedShare = 1 / 4;
/** Who was told an old place of a moved blob still reads it there for so long. */
const graceMs = 60_000;
const saveAfterMs = 10_000;

/** @throws the error of the file system */
export function openPackStore({ folder, sync, pool, arrivals, packBytes, log }: PackStoreOptions): PackStore {
  mkdirSync(folder, { recursive: true });
  const catalogue = openCatalogue(folder);
  const direct = directFlag(folder, pool);
  const appender = createPackAppender({ catalogue, pool, arrivals, sync, direct, packBytes });
  const leaving = new Map<number, Pack>();
  const pathOf = (number: number) => (catalogue.packs.get(number) ?? leaving.get(number))?.path;
  const reader = createPackReader(pathOf, direct, pool);
  /** In the order in which they were written. */
  const unsettled = new Map<string, PackAddress>();
  let saving: NodeJS.Timeout | undefined;
  let lastSaved = 0;
  let isSwept = catalogue.packs.size === 0;

  const settledUpTo = (): PackPosition => {
    if (!isSwept) return catalogue.settled;
    const [first] = unsettled.values();
    if (first) return first;
    const last = [...catalogue.packs.values()].at(-1);
    return last ? { pack: last.number, offset: last.bytes } : catalogue.settled;
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

  const append = async (blocks: readonly Buffer[], length: number): Promise<string> => {
    const key = await appender.append(blocks, length);
    const address = packAddress(key);
    if (address) unsettled.set(key, address);
    const number = appender.active?.number ?? lastSaved;
    // With each new pack, so that a start after a crash has little to look at.
    if (number !== lastSaved) save();
    lastSaved = number;
    return key;
  };

  const drop = async (pack: Pack): Promise<void> => {
    leaving.delete(pack.number);
    await unlink(pack.path).catch((error: unknown) => {
      if (!isMissing(error)) log?.warn('A pack that is no longer needed could not be removed', { error });
    });
  };

  const dropLater = (pack: Pack): void => {
    catalogue.forget(pack);
    leaving.set(pack.number, pack);
    setTimeout(() => void drop(pack), graceMs).unref();
    saveSoon();
  };

  const markIn = async (number: number, records: readonly PackRecordPlace[]): Promise<void> => {
    const pack = catalogue.packs.get(number) ?? leaving.get(number);
    if (!pack) return;
    for (const { length } of await markRemoved(pack.path, records)) pack.removed += recordBytes(length);
    saveSoon();
    if (pack.removed < pack.bytes || pack === appender.active || leaving.has(number)) return;
    catalogue.forget(pack);
    await drop(pack);
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

  const sweepPack = async (pack: Pack, from: number, withRow: BlobRows['withRow']): Promise<number> => {
    let removed = 0;
    let end = from;
    let records: PackRecord[] = [];
    const check = async (): Promise<void> => {
      const rows = await withRow(records.map(({ key }) => key));
      const lost = records.filter(({ key }) => !rows.has(key));
      await remove(lost.map(({ key }) => key));
      removed += lost.length;
      records = [];
    };
    for await (const record of scanPack(pack, from)) {
      end = record.offset + recordBytes(record.length);
      if (!record.isRemoved && records.push(record) >= batch) await check();
    }
    await check();
    if (!catalogue.packs.has(pack.number)) return removed;
    // Behind its last whole record is what a crash left of others.
    if (end < pack.bytes) await truncate(pack.path, end);
    pack.bytes = end;
    return removed;
  };

  const resume = (): void => {
    const last = [...catalogue.packs.values()].at(-1);
    if (last && last.bytes % pageBytes === 0) appender.resume(last);
    lastSaved = last?.number ?? 0;
  };

  return {
    append,
    settle: (key) => unsettled.delete(key),
    borrow: reader.borrow,
    remove,
    async sweep(withRow) {
      if (isSwept) return 0;
      const { settled } = catalogue;
      let removed = 0;
      for (const pack of [...catalogue.packs.values()]) {
        if (pack.number < settled.pack) continue;
        removed += await sweepPack(pack, pack.number === settled.pack ? settled.offset : 0, withRow);
      }
      isSwept = true;
      resume();
      save();
      return removed;
    },
    async compact(rows) {
      for (const pack of [...catalogue.packs.values()]) {
        if (pack === appender.active || pack.removed < pack.bytes * removedShare) continue;
        const isUnsettled = [...unsettled.values()].some((address) => address.pack === pack.number);
        if (isUnsettled) continue;
        await movePack(pack, { rows, reader, pool, append, settle: (key) => unsettled.delete(key), remove });
        dropLater(pack);
      }
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
