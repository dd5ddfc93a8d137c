// Writes one blob. Small ones go into the journal; others up to some size are gathered without a copy and written at once: a writev
// to a file with O_DSYNC returns when the bytes are durable. Larger ones go piece by piece.
import { close, closeSync, constants, fdatasync, open, unlink, writev } from 'node:fs';
import type { BlobWriter } from '../ports/index.ts';
import type { Journal, JournalEntry } from './journal.ts';
import { writeError } from './storage-error.ts';

/** Bytes gathered before they are written. */
const gatherBytes = 1024 * 1024;
/** What a gathered piece costs beside its bytes: a source that sends single bytes must not fill the memory. */
const pieceOverhead = 256;
/** Blobs up to this size go into the journal. */
const journalBytes = 64 * 1024;

/** Bytes that all writers of a store hold together; beyond the limit they write at once. */
export interface WriteBudget {
  held: number;
  readonly limit: number;
}

export interface FileWriterOptions {
  readonly key: string;
  readonly path: string;
  readonly sync: boolean;
  readonly budget: WriteBudget;
  /** undefined: every blob gets a file at once. */
  readonly journal: Journal | undefined;
  /** The blob is complete: in the journal or else under `path`. */
  onFinished(key: string, entry: JournalEntry | undefined): void;
}

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

function writeAll(fd: number, pieces: readonly Uint8Array[], length: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = length;
    const next = (rest: readonly Uint8Array[]): void => {
      writev(fd, rest, (error, written) => {
        if (error) return reject(error);
        left -= written;
        if (left <= 0) return resolve();
        next(withoutFirst(rest, written));
      });
    };
    next(pieces);
  });
}

/** What is left after a short write. */
function withoutFirst(pieces: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skipped = 0;
  for (const [index, piece] of pieces.entries()) {
    if (skipped + piece.byteLength > count) return [piece.subarray(count - skipped), ...pieces.slice(index + 1)];
    skipped += piece.byteLength;
  }
  return [];
}

function syncToDisk(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())));
}

function closeFile(fd: number): Promise<void> {
  return new Promise((resolve, reject) => close(fd, (error) => (error ? reject(error) : resolve())));
}

export class FileWriter implements BlobWriter {
  readonly key: string;
  readonly #options: FileWriterOptions;
  #pieces: Uint8Array[] = [];
  #gathered = 0;
  #held = 0;
  #length = 0;
  #fd = -1;
  #created = false;
  #ended = false;
  #flushing: Promise<void> | undefined;

  constructor(options: FileWriterOptions) {
    this.key = options.key;
    this.#options = options;
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#ended) return Promise.reject(writeError(new Error('The blob has ended')));
    if (chunk.byteLength === 0) return undefined;
    this.#pieces.push(chunk);
    this.#gathered += chunk.byteLength;
    this.#length += chunk.byteLength;
    this.#hold(chunk.byteLength + pieceOverhead);
    const { budget } = this.#options;
    if (this.#held < gatherBytes && budget.held < budget.limit) return undefined;
    return this.#flush();
  }

  async finish(): Promise<number> {
    if (this.#ended) throw writeError(new Error('The blob has ended'));
    let entry: JournalEntry | undefined;
    try {
      if (this.#flushing) await this.#flushing;
      this.#ended = true;
      if (this.#fd !== -1) await this.#writeEnd();
      else entry = this.#journalled() ?? (await this.#writeOnce());
      if (entry) await this.#options.journal?.settle(entry);
    } catch (error) {
      if (entry) this.#options.journal?.release(entry);
      await this.abort();
      throw writeError(error);
    }
    this.#created = false;
    this.#options.onFinished(this.key, entry);
    return this.#length;
  }

  async abort(): Promise<void> {
    this.#ended = true;
    await this.#flushing?.catch(() => {});
    this.#release();
    if (this.#fd !== -1) {
      const fd = this.#fd;
      this.#fd = -1;
      await closeFile(fd).catch(() => {});
    }
    if (!this.#created) return;
    this.#created = false;
    await new Promise<void>((resolve) => unlink(this.#options.path, () => resolve()));
  }

  #journalled(): JournalEntry | undefined {
    if (this.#length > journalBytes) return undefined;
    const entry = this.#options.journal?.append(this.key, this.#pieces, this.#length);
    if (entry) this.#release();
    return entry;
  }

  /** The whole blob at once, into a file of its own. */
  async #writeOnce(): Promise<undefined> {
    const fd = await this.#open(this.#options.sync ? constants.O_DSYNC : 0);
    if (this.#gathered > 0) await writeAll(fd, this.#pieces, this.#gathered);
    this.#release();
    this.#fd = -1;
    closeSync(fd);
  }

  /** The last part of a blob that is partly written. */
  async #writeEnd(): Promise<void> {
    if (this.#gathered > 0) await this.#writePieces();
    if (this.#options.sync) await syncToDisk(this.#fd);
    const fd = this.#fd;
    this.#fd = -1;
    await closeFile(fd);
  }

  #flush(): Promise<void> {
    const flushing = (this.#flushing ?? Promise.resolve())
      .then(() => this.#writePieces())
      .catch((error: unknown) => {
        throw writeError(error);
      })
      .finally(() => {
        if (this.#flushing === flushing) this.#flushing = undefined;
      });
    this.#flushing = flushing;
    return flushing;
  }

  async #writePieces(): Promise<void> {
    if (this.#gathered === 0) return;
    if (this.#fd === -1) await this.#open(0);
    const pieces = this.#pieces;
    const length = this.#gathered;
    const held = this.#held;
    this.#pieces = [];
    this.#gathered = 0;
    this.#held = 0;
    try {
      await writeAll(this.#fd, pieces, length);
    } finally {
      this.#options.budget.held -= held;
    }
  }

  #open(flags: number): Promise<number> {
    return new Promise((resolve, reject) => {
      open(this.#options.path, createFlags | flags, 0o666, (error, fd) => {
        if (error) return reject(error);
        this.#fd = fd;
        this.#created = true;
        resolve(fd);
      });
    });
  }

  #hold(bytes: number): void {
    this.#held += bytes;
    this.#options.budget.held += bytes;
  }

  #release(): void {
    this.#options.budget.held -= this.#held;
    this.#held = 0;
    this.#gathered = 0;
    this.#pieces = [];
  }
}
