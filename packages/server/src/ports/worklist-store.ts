// Where the entries of the modality worklist are kept.

export interface StoredWorklist {
  /** Unique, made of letters, digits, dots, dashes and underscores. */
  readonly id: string;
  /** A Part 10 file. */
  readonly file: Uint8Array;
  /** Milliseconds since 1970: when it was made or last changed. */
  readonly time: number;
}

export interface WorklistStore {
  /** Every entry, as it is at that time; what cannot be read is left out and told to the log. */
  all(): AsyncIterable<StoredWorklist>;
  get(id: string): Promise<StoredWorklist | undefined>;
  /** Adds or replaces; durable when it resolves. @throws PharosError CannotWriteFile, FullStorage */
  set(id: string, file: Uint8Array): Promise<void>;
  /** False where there is none. */
  remove(id: string): Promise<boolean>;
}
