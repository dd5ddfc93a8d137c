// Large blobs, and those that are to be removed soon: a file for each, in `incoming/` until its row is committed, then where Orthanc
// would put it. Written piece by piece as the bytes come.
import { randomUUID } from 'node:crypto';
import { constants, fstatSync, mkdirSync, opendirSync } from 'node:fs';
import { access, mkdir, rename, unlink } from 'node:fs/promises';
import { PharosError } from '../model/index.ts';
import type { BlobRows, ByteRange } from '../ports/index.ts';
import { type BlockPool, blockBytes } from './block-pool.ts';
import { closeFile, openFile, readAll, syncFile, writeAll } from './disk-file.ts';
import { createLayout, isKey } from './layout.ts';
import { isMissing } from './storage-error.ts';

export interface FileBlobs {
  create(sync: boolean): FileBlobWriter;
  /** Gives finished blobs their place. False: it is not waiting for that. @throws the error of the file system */
  publish(key: string): Promise<boolean>;
  /** The bytes in pieces; each is there until the next is asked for. @throws PharosError BadRange, CorruptedFile; the error of the file system */
  lend(key: string, range: ByteRange | undefined): AsyncGenerator<Buffer>;
  /** All of them at once. @throws as `lend` */
  read(key: string, range: ByteRange | undefined): Promise<Buffer>;
  remove(key: string): Promise<void>;
  /** @throws the error of the file system */
  has(key: string): Promise<boolean>;
  sweep(withRow: BlobRows['withRow']): Promise<{ readonly published: number; readonly removed: number }>;
}

export interface FileBlobWriter {
  readonly key: string;
  /** Takes the bytes, which nobody may change until the promise resolves. @throws the error of the file system */
  write(pieces: readonly Uint8Array[]): Promise<void>;
  finish(): Promise<void>;
  /** Never throws. */
  abort(): Promise<void>;
}

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
const sweepBatch = 500;
/** Bytes of a piece that is read. */
const pieceBytes = 512 * 1024;

class FileWriter implements FileBlobWriter {
  readonly key = randomUUID();
  readonly #path: string;
  readonly #sync: boolean;
  readonly #onFinished: (key: string) => void;
  #descriptor: number | undefined;
  #last: Promise<void> = Promise.resolve();
  #isFinished = false;

  constructor(pathOf: (key: string) => string, sync: boolean, onFinished: (key: string) => void) {
    this.#path = pathOf(this.key);
    this.#sync = sync;
    this.#onFinished = onFinished;
  }

  write(pieces: readonly Uint8Array[]): Promise<void> {
    const writing = this.#last.then(async () => {
      this.#descriptor ??= await openFile(this.#path, createFlags);
      await writeAll(this.#descriptor, pieces);
    });
    this.#last = writing;
    // Who waits for a later write, or for the end, gets to know.
    writing.catch(() => {});
    return writing;
  }

  async finish(): Promise<void> {
    await this.write([]);
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    if (this.#sync) await syncFile(descriptor);
    this.#descriptor = undefined;
    await closeFile(descriptor);
    this.#isFinished = true;
    this.#onFinished(this.key);
  }

  async abort(): Promise<void> {
    await this.#last.catch(() => {});
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor === undefined || this.#isFinished) return;
    await closeFile(descriptor).catch(() => {});
    await unlink(this.#path).catch(() => {});
  }
}

/** @throws PharosError BadRange */
export function checkRange(range: ByteRange | undefined, size: number): ByteRange {
  const { start, end } = range ?? { start: 0, end: size };
  if (start >= 0 && start <= end && end <= size) return { start, end };
  throw new PharosError('BadRange', `The range ${start} to ${end} is not within the ${size} bytes of the file`);
}

function checkCount(count: number, wanted: number): void {
  if (count < wanted) throw new PharosError('CorruptedFile', 'A stored file is shorter than it was');
}

function withinPiece(blocks: readonly Buffer[], count: number): readonly Buffer[] {
  return blocks.slice(0, Math.ceil(count / blockBytes)).map((block, n) => block.subarray(0, count - n * blockBytes));
}

/** @param folder of all stored files @throws the error of the file system */
export function openFileBlobs(folder: string, pool: BlockPool): FileBlobs {
  const layout = createLayout(folder);
  mkdirSync(layout.incoming, { recursive: true });
  /** Finished, and still in `incoming/`. */
  const waiting = new Set<string>();

  const place = async (key: string): Promise<void> => {
    await mkdir(layout.finalFolder(key), { recursive: true });
    await rename(layout.incomingPath(key), layout.finalPath(key));
  };

  const open = async (key: string): Promise<number> => {
    if (!waiting.has(key)) return openFile(layout.finalPath(key), constants.O_RDONLY);
    return openFile(layout.incomingPath(key), constants.O_RDONLY).catch((error: unknown) => {
      // It may have been published meanwhile.
      if (isMissing(error)) return openFile(layout.finalPath(key), constants.O_RDONLY);
      throw error;
    });
  };

  const removeFile = (path: string): Promise<void> =>
    unlink(path).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });

  function* left(): Generator<string> {
    const entries = opendirSync(layout.incoming);
    try {
      for (let entry = entries.readSync(); entry; entry = entries.readSync()) {
        // What is not ours stays; blobs of this run are still being worked on.
        if (entry.isFile() && isKey(entry.name) && !waiting.has(entry.name)) yield entry.name;
      }
    } finally {
      entries.closeSync();
    }
  }

  return {
    create: (sync) => new FileWriter(layout.incomingPath, sync, (key) => waiting.add(key)),
    async publish(key) {
      if (!waiting.has(key)) return false;
      try {
        await place(key);
      } catch (error) {
        if (isMissing(error) && !waiting.has(key)) return false;
        throw error;
      }
      if (waiting.delete(key)) return true;
      // It was removed at the same moment, before it had its place.
      await removeFile(layout.finalPath(key));
      return false;
    },
    async *lend(key, range) {
      const descriptor = await open(key);
      const blocks: readonly Buffer[] = pool.takeBytes(pieceBytes);
      try {
        const { start, end } = checkRange(range, fstatSync(descriptor).size);
        for (let position = start; position < end; position += pieceBytes) {
          const wanted = Math.min(pieceBytes, end - position);
          const pieces = withinPiece(blocks, wanted);
          checkCount(await readAll(descriptor, pieces, position), wanted);
          yield* pieces;
        }
      } finally {
        pool.give(blocks);
        await closeFile(descriptor);
      }
    },
    async read(key, range) {
      const descriptor = await open(key);
      try {
        const { start, end } = checkRange(range, fstatSync(descriptor).size);
        const bytes = Buffer.allocUnsafeSlow(end - start);
        checkCount(await readAll(descriptor, bytes.length > 0 ? [bytes] : [], start), bytes.length);
        return bytes;
      } finally {
        await closeFile(descriptor);
      }
    },
    async remove(key) {
      const isWaiting = waiting.delete(key);
      await removeFile(isWaiting ? layout.incomingPath(key) : layout.finalPath(key));
    },
    async has(key) {
      if (waiting.has(key)) return true;
      try {
        await access(layout.finalPath(key));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    async sweep(withRow) {
      const keys = [...left()];
      let published = 0;
      for (let at = 0; at < keys.length; at += sweepBatch) {
        const some = keys.slice(at, at + sweepBatch);
        const rows = await withRow(some);
        for (const key of some) await (rows.has(key) ? place(key) : removeFile(layout.incomingPath(key)));
        published += rows.size;
      }
      return { published, removed: keys.length - published };
    },
  };
}
