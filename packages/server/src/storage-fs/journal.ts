// Small blobs come in faster than a file system makes files durable. So their bytes go behind each other into segments, where one
// sync serves many, and the files are made from them afterwards. A segment is used again when all its blobs are in place, durably.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../ports/index.ts';
import type { Placement } from './placement.ts';
import { openSegment, type Segment } from './segment.ts';

export interface JournalOptions {
  /** Where the segments lie. */
  readonly folder: string;
  readonly sync: boolean;
  readonly placement: Placement;
  readonly log: Logger | undefined;
  /** Bytes of a segment; 0 is no journal. */
  readonly segmentBytes: number;
}

export interface JournalEntry {
  readonly segment: Segment;
  readonly offset: number;
  readonly length: number;
}

export interface Journal {
  /** Writes the bytes; undefined where there is no room now. @throws the error of the file system */
  append(key: string, pieces: readonly Uint8Array[], length: number): JournalEntry | undefined;
  /** Makes what was appended durable, unless the store is not synced. @throws the error of the file system */
  settle(entry: JournalEntry): Promise<void>;
  read(entry: JournalEntry, start: number, end: number): Promise<Uint8Array>;
  /** The blob is in its final place or removed. */
  release(entry: JournalEntry): void;
  /** What the last run left, before anything is appended. */
  leftovers(): readonly (JournalEntry & { readonly key: string })[];
  /** All leftovers are released: their segments may be used again. */
  swept(): Promise<void>;
  /** Resolves when segments are there, or it is clear that there will be none. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const maximumSegments = 4;
/** A share of a segment that one blob may take. */
const largestShare = 4;
const retryAfterMs = 10_000;
const segmentName = /^journal-\d$/;

export function createJournal({ folder, sync, placement, log, segmentBytes }: JournalOptions): Journal {
  const segments: Segment[] = readdirSync(folder)
    .filter((name) => segmentName.test(name))
    .sort()
    .map((name) => openSegment(join(folder, name)));
  let unswept = segments.filter((segment) => segment.records().length > 0);
  let free = segments.filter((segment) => !unswept.includes(segment));
  let full: Segment[] = [];
  let active: Segment | undefined;
  let isMaking = false;
  let isRetiring = false;
  let isUsable = segmentBytes > 0;
  let closing = false;
  let retireNotBefore = 0;

  const make = async (): Promise<void> => {
    if (isMaking || closing || !isUsable || segments.length >= maximumSegments) return;
    isMaking = true;
    try {
      const path = join(folder, `journal-${segments.length}`);
      await placement.make(path, segmentBytes);
      if (closing) return;
      const segment = openSegment(path);
      segments.push(segment);
      free.push(segment);
    } catch (error) {
      isUsable = false;
      log?.warn('The journal of the storage folder cannot grow; small files are stored one by one', { error });
    } finally {
      isMaking = false;
    }
  };

  const start = async (): Promise<void> => {
    if (!isUsable) return;
    try {
      if (sync) await placement.probe();
    } catch {
      isUsable = false;
      return;
    }
    if (free.length === 0) await make();
  };

  /** Segments without live blobs are free again once the files that were made from them are durable. */
  const retire = async (): Promise<void> => {
    const done = full.filter(({ live, readers }) => live === 0 && readers === 0);
    // One sync for several: as long as there are others, there is no hurry.
    if (free.length > 1 || isRetiring || closing || done.length === 0 || performance.now() < retireNotBefore) return;
    isRetiring = true;
    try {
      if (sync) await placement.sync();
      full = full.filter((segment) => !done.includes(segment));
      for (const segment of done) segment.reuse();
      free.push(...done);
    } catch (error) {
      retireNotBefore = performance.now() + retryAfterMs;
      log?.error('Stored files cannot be made durable; their journal is kept', { error });
    } finally {
      isRetiring = false;
    }
  };

  const isDurable = async (): Promise<boolean> => {
    if (!sync) return true;
    try {
      await placement.sync();
      return true;
    } catch {
      return false;
    }
  };

  const segmentFor = (length: number): Segment | undefined => {
    if (active?.hasRoom(length)) return active;
    if (active) full.push(active);
    active = free.shift();
    // The next one is made while this one fills.
    if (free.length === 0) void make();
    void retire();
    return active?.hasRoom(length) ? active : undefined;
  };

  const ready = start();
  return {
    ready,
    append(key, pieces, length) {
      if (!isUsable || closing || length > segmentBytes / largestShare) return undefined;
      const segment = segmentFor(length);
      if (!segment) return undefined;
      const offset = segment.append(key, pieces, length);
      segment.live++;
      return { segment, offset, length };
    },
    async settle({ segment }) {
      if (!sync) return;
      try {
        await segment.sync();
      } catch (error) {
        isUsable = false;
        log?.error('The journal of the storage folder cannot be synced; it is no longer used', { error });
        throw error;
      }
    },
    async read({ segment, offset }, start, end) {
      segment.readers++;
      try {
        return await segment.read(offset + start, end - start);
      } finally {
        segment.readers--;
      }
    },
    release({ segment }) {
      segment.live--;
      if (segment !== active && segment.live === 0) void retire();
    },
    leftovers: () =>
      unswept.flatMap((segment) =>
        segment.records().map(({ key, offset, length }) => ({ segment, key, offset, length })),
      ),
    async swept() {
      await ready;
      // Where the files that were made cannot be made durable, each start makes them again.
      if (unswept.length === 0 || (sync && !isUsable)) return;
      if (sync) await placement.sync();
      const done = unswept;
      unswept = [];
      for (const segment of done) segment.clear();
      free = [...free, ...done];
    },
    async close() {
      await ready;
      if (closing) return;
      closing = true;
      const used = active ? [...full, active] : full;
      const isClean = used.every(({ live }) => live === 0);
      if (isClean && used.length > 0 && (await isDurable())) for (const segment of used) segment.clear();
      // Otherwise the next start reads what is left.
      for (const segment of segments) segment.close();
    },
  };
}
