// Where the bytes of attachments live. A blob is written once and never changed; its key has the form of a lower-case UUID.
// The order that makes crashes harmless: finish() [bytes durable, not yet published] -> commit of the row -> publish() -> answer.
// At start-up, sweep() publishes what has a row and removes what has none.

export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** First byte that is not part of the range. */
  readonly end: number;
}

export interface FinishedBlob {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

export interface BlobWriter {
  /** Takes the bytes, which nobody may change afterwards. A promise is back-pressure: await it before the next write. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Ends the blob: its bytes are on disk (synced where the store was told so) when this resolves. */
  finish(): Promise<FinishedBlob>;
  /** Drops what was written, unless it is finished. Never throws. */
  abort(): Promise<void>;
}

/** `scratch`: not synced; read from and removed within this run, never published. */
export type BlobPurpose = 'keep' | 'scratch';

/** The rows that refer to blobs, as far as a store has to know them. */
export interface BlobRows {
  /** Which of these blobs have a row. */
  withRow(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** The last key of a row that is `from` or after it, and before `before`. */
  lastBetween(from: string, before: string): Promise<string | undefined>;
  /** Blobs have new keys: gives the old keys of those that had a row, which has the new one, durably, when this resolves. */
  move(newKeys: ReadonlyMap<string, string>): Promise<ReadonlySet<string>>;
}

/** Keys from `from` on and before `before`: each of them that has a row has no blob. */
export interface MissingBlobs {
  readonly from: string;
  readonly before: string;
  /** What is to be put back, relative to the storage folder: the file that held them. */
  readonly file: string;
}

/** A blob in memory that others will use again. */
export interface LentBlob {
  readonly pieces: readonly Uint8Array[];
  /** Nobody looks at the pieces any more; called once. */
  giveBack(): void;
}

/** Blobs that one reader wants one after the other. */
export interface BlobSequence {
  /** The whole blob. `following`: what will be asked for next, in that order; it may be read together with this one, and while this
   * one is used. undefined: it is too large for that, `lend` is for it. @throws PharosError InexistentFile, CorruptedFile */
  read(key: string, following: readonly string[]): Promise<LentBlob | undefined>;
  /** Nothing more will be asked for; what is lent stays until it is given back. */
  close(): void;
}

export interface BlobStore {
  /** @param purpose default `keep` */
  create(purpose?: BlobPurpose): BlobWriter;
  /** After their rows were committed: finished blobs get their final place; they are readable all the while.
   * One that fails does not keep the others from it. @throws PharosError InexistentFile for a key that is not waiting for it, as it was
   * removed meanwhile; CannotWriteFile */
  publish(keys: readonly string[]): Promise<void>;
  /** The whole of a finished blob, published or not, or a range of it. @throws PharosError InexistentFile, BadRange */
  read(key: string, range?: ByteRange): Promise<Uint8Array>;
  /** The same in pieces, for large blobs. The file is closed at the end, and when the consumer stops. */
  stream(key: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** As stream, much cheaper: each piece is there only until the next one is asked for, then its memory has other bytes. */
  lend(key: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** For several blobs that are not large: cheaper still, where they were written one after the other. */
  sequence(): BlobSequence;
  /** Removes blobs; those that are not there count as removed. */
  remove(keys: readonly string[]): Promise<void>;
  /** After a crash, before anything is written: of the finished but unpublished blobs, publishes those with a row and removes the others. */
  sweep(rows: Omit<BlobRows, 'move'>): Promise<{ readonly published: number; readonly removed: number }>;
  /** What has a row but is not there: lost, or not yet there when a backup was made. Goes slowly through the files, not the blobs, and reads
   * none; a blob that is damaged within is not found so. Ends early where `lastBetween` finds nothing any more. */
  missing(rows: Pick<BlobRows, 'lastBetween'>): AsyncIterable<MissingBlobs>;
  /** Gives back room that removed blobs left within files of several; costs nothing where there is little of it. Blobs may get new keys. */
  compact(rows: BlobRows): Promise<void>;
  /** The disk is full, and something has to be written in order to remove something: gives the room that is kept free for that. No blob is
   * written until it is kept free again. False: there is none. */
  yieldRoom(): Promise<boolean>;
  close(): Promise<void>;
}
