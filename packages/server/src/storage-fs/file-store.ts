// BlobStore on a file system. finish() leaves a durable blob, in the journal or in a file in `incoming/`; publish() has it put into its
// final folder soon. Whatever of that a power cut undoes is done again at the next start, by the rows that there are.
import { randomUUID } from 'node:crypto';
import { mkdirSync, opendirSync, statSync, unlink } from 'node:fs';
import type { BlobStore, ByteRange, Log, Logger } from '../ports/index.ts';
import { checkRange, openBlob, readBlob, streamBlob } from './file-reader.ts';
import { FileWriter, type WriteBudget } from './file-writer.ts';
import { createJournal, type Journal, type JournalEntry } from './journal.ts';
import { createLayout, isKey, type Layout } from './layout.ts';
import { createPendingBlobs, type PendingBlobs } from './pending-blobs.ts';
import { createPlacement, type Placement } from './placement.ts';
import type { PlacementJob } from './placement-thread.ts';
import { isMissing, readError, writeError } from './storage-error.ts';

export interface FileStoreOptions {
  /** Absolute path of StorageDirectory; made where it is missing. */
  readonly folder: string;
  /** SyncStorageArea: finished blobs survive a power cut. */
  readonly sync: boolean;
  readonly log?: Log;
  /** Bytes that all unfinished blobs may hold in memory before each further chunk waits for the disk; default 64 MiB. */
  readonly bufferBytes?: number;
  /** Bytes of a segment of the journal for small blobs, of which there are up to 4; default 16 MiB. 0: no journal. */
  readonly segmentBytes?: number;
}

const mebibyte = 1024 * 1024;
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

function removeFile(path: string): Promise<void> {
  return new Promise((resolve, reject) =>
    unlink(path, (error) => (!error || isMissing(error) ? resolve() : reject(writeError(error)))),
  );
}

interface Parts {
  readonly layout: Layout;
  readonly placement: Placement;
  readonly journal: Journal;
  readonly pending: PendingBlobs;
  readonly log: Logger | undefined;
}

function openParts({ folder, sync, log, segmentBytes = 16 * mebibyte }: FileStoreOptions): Parts {
  const layout = createLayout(folder);
  const logger = log?.of('generic');
  mkdirSync(layout.incoming, { recursive: true });
  const placement = createPlacement(folder);
  const journal = createJournal({ folder: layout.incoming, sync, placement, log: logger, segmentBytes });
  const pending = createPendingBlobs({
    journal,
    placement,
    log: logger,
    removeFile: (key, isPlaced) => removeFile(isPlaced ? layout.finalPath(key) : layout.incomingPath(key)),
  });
  return { layout, placement, journal, pending, log: logger };
}

type WithRow = (keys: readonly string[]) => Promise<ReadonlySet<string>>;

interface Swept {
  readonly published: number;
  readonly removed: number;
}

function isPlaced(layout: Layout, key: string): boolean {
  return statSync(layout.finalPath(key), { throwIfNoEntry: false }) !== undefined;
}

/** Places those with a row and removes the others, wherever they are. */
async function sweepJobs(
  { layout, placement }: Parts,
  jobs: readonly PlacementJob[],
  withRow: WithRow,
): Promise<Swept> {
  const rows = await withRow(jobs.map(({ key }) => key));
  const kept = jobs.filter(({ key }) => rows.has(key));
  const others = jobs.filter(({ key }) => !rows.has(key));
  const published = kept.filter(({ key }) => !isPlaced(layout, key)).length;
  const [failure] = kept.length > 0 ? await placement.place(kept) : [];
  if (failure)
    throw writeError(Object.assign(new Error('A file cannot be put into its place'), { code: failure.code }));
  await eachAtMost(others, removalsAtOnce, async ({ key, from }) => {
    await removeFile(layout.finalPath(key));
    if (!from) await removeFile(layout.incomingPath(key));
  });
  return { published, removed: others.length };
}

function* leftFiles({ layout, pending }: Parts): Generator<PlacementJob> {
  const folder = opendirSync(layout.incoming);
  try {
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
      // What is not ours stays; blobs of this run are still being worked on.
      if (entry.isFile() && isKey(entry.name) && !pending.get(entry.name)) yield { key: entry.name, from: undefined };
    }
  } finally {
    folder.closeSync();
  }
}

async function sweep(parts: Parts, withRow: WithRow): Promise<Swept> {
  const jobs: PlacementJob[] = [...leftFiles(parts)];
  for (const { key, segment, offset, length } of parts.journal.leftovers()) {
    jobs.push({ key, from: { path: segment.path, offset, length } });
  }
  let published = 0;
  let removed = 0;
  for (let at = 0; at < jobs.length; at += sweepBatch) {
    const swept = await sweepJobs(parts, jobs.slice(at, at + sweepBatch), withRow);
    published += swept.published;
    removed += swept.removed;
  }
  await parts.journal.swept();
  if (published + removed > 0) parts.log?.info('Swept unfinished uploads of the last run', { published, removed });
  return { published, removed };
}

/** @throws PharosError CannotWriteFile where the folder cannot be made */
export async function openFileStore(options: FileStoreOptions): Promise<BlobStore> {
  const parts = openOrThrow(options);
  const { layout, journal, pending, placement } = parts;
  const budget: WriteBudget = { held: 0, limit: options.bufferBytes ?? 64 * mebibyte };

  const openFile = async (key: string, range: ByteRange | undefined) => {
    try {
      if (!pending.get(key)) return await openBlob(layout.finalPath(key), range);
      return await openBlob(layout.incomingPath(key), range).catch((error: unknown) => {
        // It may have been placed meanwhile.
        if (isMissing(error)) return openBlob(layout.finalPath(key), range);
        throw error;
      });
    } catch (error) {
      throw readError(key, error);
    }
  };

  const readEntry = (entry: JournalEntry, range: ByteRange | undefined): Promise<Uint8Array> => {
    const { start, end } = checkRange(range, entry.length);
    return journal.read(entry, start, end);
  };

  const read = async (key: string, range?: ByteRange): Promise<Uint8Array> => {
    const entry = pending.get(key)?.entry;
    if (entry) return readEntry(entry, range);
    return readBlob(await openFile(key, range)).catch((error: unknown) => {
      throw readError(key, error);
    });
  };

  return {
    create(purpose = 'keep') {
      const key = randomUUID();
      return new FileWriter({
        key,
        path: layout.incomingPath(key),
        sync: options.sync && purpose === 'keep',
        budget,
        journal: purpose === 'keep' ? journal : undefined,
        onFinished: (finished, entry) => pending.add({ key: finished, entry }),
      });
    },
    async publish(keys) {
      for (const key of keys)
        if (!pending.publish(key)) throw readError(key, Object.assign(new Error(), { code: 'ENOENT' }));
    },
    read,
    async *stream(key, range) {
      if (pending.get(key)?.entry) yield await read(key, range);
      else yield* streamBlob(await openFile(key, range));
    },
    async remove(keys) {
      await eachAtMost(keys, removalsAtOnce, async (key) => {
        if (isKey(key) && !(await pending.remove(key))) await removeFile(layout.finalPath(key));
      });
    },
    sweep: (withRow) => sweep(parts, withRow),
    async close() {
      await pending.drain();
      pending.stop();
      await journal.close();
      await placement.close();
    },
  };
}

function openOrThrow(options: FileStoreOptions): Parts {
  try {
    return openParts(options);
  } catch (error) {
    throw writeError(error);
  }
}
