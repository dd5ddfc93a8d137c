// ZIP archives as a stream (APPNOTE.TXT of PKWARE): one entry after the other, nothing gone back to. Entries are begun a few before
// their turn, so that several threads compress; what that takes does not depend on how large the archive is.
import { type ArchiveShare, type Compressor, createCompressor } from './compressor.ts';
import { createResultQueue } from './content-blocks.ts';
import { type EntryContent, type EntryEnd, type EntryName, type StartedEntry, startEntry } from './entry-stream.ts';
import { central, endOf } from './zip-records.ts';

/** An entry that is there. */
export interface ZipEntry extends EntryName, EntryContent {}

/** An entry that may turn out not to be there. */
export interface OpenedEntry extends EntryName {
  /** undefined: it is left out. What it gives is read. */
  open(): Promise<EntryContent | undefined>;
  /** It is opened when all entries before it are done; otherwise some time before its turn. */
  readonly isLate?: boolean;
  /**
   * What to write in its place where its content fails; undefined: it is left out. It is asked again where that fails too. Without it, the
   * archive ends there. @throws what ends the archive
   */
  instead?(error: unknown): Promise<EntryContent | undefined>;
  /** Called when it is written, or left out; not where the archive ends before. */
  done?(isWritten: boolean): void;
}

type Entry = ZipEntry | OpenedEntry;
type Entries = Iterable<Entry> | AsyncIterable<Entry>;

/** What goes out at once; smaller pieces wait for each other. */
const pieceBytes = 64 * 1024;
const headersTogether = 512;

async function startOf(entry: Entry, compressor: Compressor): Promise<StartedEntry | undefined> {
  const content = 'open' in entry ? await entry.open() : entry;
  return content && startEntry(entry, content, compressor);
}

/** What is written in place of an entry that failed. @throws the error where nothing can be */
async function startInstead(entry: Entry, error: unknown, compressor: Compressor): Promise<StartedEntry | undefined> {
  if (!('open' in entry) || !entry.instead) throw error;
  const content = await entry.instead(error);
  return content && startEntry(entry, content, compressor).catch((next) => startInstead(entry, next, compressor));
}

interface Turn {
  readonly entry: Entry;
  start(): Promise<StartedEntry | undefined>;
  /** It is done, or left. */
  leave(): void;
}

function turnOf(entry: Entry, compressor: Compressor, leave: () => void): Turn {
  if ('open' in entry && entry.isLate) return { entry, leave, start: () => startOf(entry, compressor) };
  const started = startOf(entry, compressor);
  // Seen when its turn comes.
  started.catch(() => undefined);
  return { entry, leave, start: () => started };
}

async function closeTurn({ entry, start, leave }: Turn): Promise<void> {
  leave();
  if ('open' in entry && entry.isLate) return;
  const started = await start().catch(() => undefined);
  await started?.close();
}

/** Entries one after the other, the next ones begun. */
function createTurns(entries: Entries, compressor: Compressor, share: ArchiveShare) {
  const iterator = Symbol.asyncIterator in entries ? entries[Symbol.asyncIterator]() : entries[Symbol.iterator]();
  const begun = new Set<Turn>();
  const read = async (): Promise<Entry | undefined> => {
    const step = await iterator.next();
    return step.done ? undefined : step.value;
  };
  const queue = createResultQueue(read, (entry) => {
    const turn = turnOf(entry, compressor, share.begin());
    begun.add(turn);
    return turn;
  });
  return {
    next: () => queue.next(),
    /** Begins some of those whose turn has not come. */
    begin: () => queue.fill(share.ahead),
    done(turn: Turn): void {
      begun.delete(turn);
      turn.leave();
    },
    async close(): Promise<void> {
      await queue.settle();
      await Promise.all([...begun].map(closeTurn));
      await iterator.return?.();
    },
  };
}

/** The headers of the directory, in few pieces of memory. */
function createDirectory() {
  const full: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  let count = 0;
  let length = 0;
  return {
    add(header: Uint8Array): void {
      open.push(header);
      count++;
      length += header.byteLength;
      if (open.length < headersTogether) return;
      full.push(Buffer.concat(open));
      open = [];
    },
    *pieces(offset: number, comment: string): Generator<Uint8Array> {
      yield* full;
      yield* open;
      yield endOf({ count, length, offset, comment });
    },
  };
}

async function* piecesOf(
  entries: Entries,
  compressor: Compressor,
  comment: () => string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const share = compressor.enter();
  const turns = createTurns(entries, compressor, share);
  const directory = createDirectory();
  let offset = 0;

  /** Gives how it ended. */
  async function* write(started: StartedEntry): AsyncGenerator<Uint8Array, EntryEnd> {
    const start = offset;
    const pieces = started.pieces(() => share.blocks);
    try {
      let next = await pieces.next();
      for (; !next.done; next = await pieces.next()) {
        offset += next.value.byteLength;
        yield next.value;
        // Not before the first piece is on its way, which a client waits for.
        turns.begin();
      }
      if (next.value.isWhole) directory.add(central({ ...next.value.written, offset: start }));
      return next.value;
    } finally {
      await started.close();
    }
  }

  try {
    for (let turn = await turns.next(); turn; turn = await turns.next()) {
      const { entry } = turn;
      let started = await turn.start().catch((error: unknown) => startInstead(entry, error, compressor));
      while (started) {
        const end: EntryEnd = yield* write(started);
        if (end.isWhole) break;
        started = await startInstead(entry, end.error, compressor);
      }
      turns.done(turn);
      if ('open' in entry) entry.done?.(started !== undefined);
    }
    yield* directory.pieces(offset, comment());
  } finally {
    await turns.close();
    share.leave();
  }
}

/** Small pieces together. The first goes at once, so that a client sees that there is something. */
async function* gathered(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Uint8Array[] = [];
  let length = 0;
  let least = 0;
  for await (const piece of pieces) {
    held.push(piece);
    length += piece.byteLength;
    if (length < least) continue;
    yield held.length === 1 ? piece : Buffer.concat(held, length);
    held = [];
    length = 0;
    least = pieceBytes;
  }
  if (length > 0) yield Buffer.concat(held, length);
}

export interface ZipOptions {
  /** That of the process; otherwise one of its own. */
  readonly compressor?: Compressor;
  /** What is said of the archive as a whole, in ASCII, 65,535 characters at most; asked when all entries are written. */
  comment?(): string;
}

/**
 * The archive, piece by piece; nobody changes a piece afterwards.
 * @throws what the content of an entry throws, unless something is written instead: the archive ends without its directory then
 */
export function zipStream(
  entries: Entries,
  { compressor = createCompressor(2), comment = () => '' }: ZipOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  return gathered(piecesOf(entries, compressor, comment));
}
