// Blobs that one reader wants one after the other, as those of a study that is sent. They were mostly written so, hence lie behind
// each other: some are read at once, and while they are used the next ones are read.
import type { LentBlob } from '../ports/index.ts';
import type { BlockPool } from './block-pool.ts';
import { packAddress } from './pack-key.ts';
import type { BorrowedBlobs, PackedBlob, PackReader } from './pack-reader.ts';
import { recordBytes } from './pack-record.ts';

/** Bytes that are read at once. A sequence holds so many that are used, and so many that will be. */
const windowBytes = 1024 * 1024;

/** Of the memory of all, this much has to be free for what is read ahead, and for what is read together with what is wanted. The rest
 * is for those who write, and for those who read one thing. */
const freeToReadAhead = 1 / 2;
const freeToReadTogether = 1 / 4;

export interface PackSequence {
  /** As `BlobSequence.read`. @throws PharosError InexistentFile, CorruptedFile; the error of the file system */
  read(key: string, following: readonly string[]): Promise<LentBlob | undefined>;
  close(): void;
}

/** Records that are read together. */
interface Window {
  readonly blobs: ReadonlyMap<string, PackedBlob>;
  readonly reading: Promise<BorrowedBlobs>;
  /** Those of its blobs that are lent. */
  users: number;
  /** Its memory is given back when its last user has done so. */
  isLeft: boolean;
}

function blobOf(key: string): PackedBlob | undefined {
  const address = packAddress(key);
  return address && recordBytes(address.length) <= windowBytes ? { key, address } : undefined;
}

/** The first of these blobs and those next to it, as long as no more than half of what is read is of no use. */
function together(keys: readonly string[]): ReadonlyMap<string, PackedBlob> {
  const found = new Map<string, PackedBlob>();
  let used = 0;
  let from = Number.POSITIVE_INFINITY;
  let end = 0;
  let pack = 0;
  for (const key of keys) {
    const blob = blobOf(key);
    if (!blob || (found.size > 0 && blob.address.pack !== pack)) break;
    const { offset, length } = blob.address;
    const first = Math.min(from, offset);
    const last = Math.max(end, offset + recordBytes(length));
    used += recordBytes(length);
    if (last - first > Math.min(windowBytes, 2 * used)) break;
    pack = blob.address.pack;
    from = first;
    end = last;
    found.set(key, blob);
  }
  return found;
}

export function createPackSequence(
  reader: Pick<PackReader, 'borrowTogether'>,
  pool: Pick<BlockPool, 'hasFree'>,
): PackSequence {
  /** What is used, then what was read ahead. */
  let windows: readonly Window[] = [];

  const begin = (keys: readonly string[]): Window | undefined => {
    const blobs = together(keys);
    if (blobs.size === 0) return undefined;
    const reading = reader.borrowTogether([...blobs.values()]);
    // Seen by whoever asks for one of them.
    reading.catch(() => {});
    const window: Window = { blobs, reading, users: 0, isLeft: false };
    windows = [...windows, window];
    return window;
  };

  const giveBack = ({ reading }: Window): void => void reading.then((borrowed) => borrowed.giveBack(), ignore);

  const leave = (window: Window): void => {
    window.isLeft = true;
    if (window.users === 0) giveBack(window);
  };

  /** Leaves the windows before this one, or all. */
  const leaveBefore = (window: Window | undefined): void => {
    const left = window ? windows.slice(0, windows.indexOf(window)) : windows;
    windows = windows.slice(left.length);
    left.forEach(leave);
  };

  const lend = async (window: Window, key: string): Promise<LentBlob | undefined> => {
    const blob = window.blobs.get(key);
    if (!blob) return undefined;
    window.users += 1;
    const done = (): void => {
      window.users -= 1;
      if (window.isLeft && window.users === 0) giveBack(window);
    };
    try {
      return { pieces: (await window.reading).pieces(blob), giveBack: done };
    } catch (error) {
      done();
      throw error;
    }
  };

  /** What can be read alone is not lost to what lies next to it. */
  const lendAlone = async (window: Window, key: string, error: unknown): Promise<LentBlob | undefined> => {
    if (window.blobs.size === 1) throw error;
    leaveBefore(undefined);
    const alone = begin([key]);
    return alone && lend(alone, key);
  };

  return {
    async read(key, following) {
      const known = windows.find(({ blobs }) => blobs.has(key));
      leaveBefore(known);
      const window = known ?? begin(pool.hasFree(freeToReadTogether) ? [key, ...following] : [key]);
      if (!window) return undefined;
      const beyond = following.filter((next) => !window.blobs.has(next));
      // Not one by one: once as much is known of the next window as is left of this one.
      const isTime = windows.length === 1 && 2 * beyond.length >= following.length;
      if (isTime && pool.hasFree(freeToReadAhead)) begin(beyond);
      return lend(window, key).catch((error: unknown) => lendAlone(window, key, error));
    },
    close: () => leaveBefore(undefined),
  };
}

function ignore(): void {}
