// Where the bytes of attachments live. A blob is written once and never changed; its key is a lower-case UUID v4.
// The order that makes crashes harmless: finish() [bytes durable, not yet published] -> commit of the row -> publish() -> answer.
// At start-up, sweep() publishes what has a row and removes what has none.

export interface ByteRange {
  /** First byte. */
  readonly start: number;
  /** First byte that is not part of the range. */
  readonly end: number;
}

export interface BlobWriter {
  readonly key: string;
  /** Takes the bytes, which nobody may change afterwards. A promise is back-pressure: await it before the next write. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Ends the blob: its bytes are on disk (synced where the store was told so) when this resolves to their number. */
  finish(): Promise<number>;
  /** Drops what was written. Never throws. */
  abort(): Promise<void>;
}

/** `scratch`: not synced; read from and removed within this run, never published. */
export type BlobPurpose = 'keep' | 'scratch';

export interface BlobStore {
  /** @param purpose default `keep` */
  create(purpose?: BlobPurpose): BlobWriter;
  /** After their rows were committed: finished blobs get their final place, soon; they are readable all the while.
   * @throws PharosError InexistentFile for a key that is not waiting for it */
  publish(keys: readonly string[]): Promise<void>;
  /** The whole of a finished blob, published or not, or a range of it. @throws PharosError InexistentFile, BadRange */
  read(key: string, range?: ByteRange): Promise<Uint8Array>;
  /** The same in pieces, for large blobs. The file is closed at the end, and when the consumer stops. */
  stream(key: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Removes blobs; those that are not there count as removed. */
  remove(keys: readonly string[]): Promise<void>;
  /** After a crash: of the finished but unpublished blobs, publishes those with a row and removes the others. */
  sweep(
    withRow: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<{ readonly published: number; readonly removed: number }>;
  close(): Promise<void>;
}
