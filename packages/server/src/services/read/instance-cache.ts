// What was read last, within a bound of bytes. The least recently used goes first.
export interface ByteCache<T> {
  get(key: string): T | undefined;
  /** Keeps the value, unless it alone would take a large part of the bound. */
  set(key: string, value: T, bytes: number): void;
}

interface Kept<T> {
  readonly value: T;
  readonly bytes: number;
}

/** @param maximumBytes 0 keeps nothing. @param largestShare of the bound that a single value may take */
export function createByteCache<T>(maximumBytes: number, largestShare = 1 / 8): ByteCache<T> {
  const entries = new Map<string, Kept<T>>();
  let total = 0;

  const remove = (key: string, entry: Kept<T>): void => {
    entries.delete(key);
    total -= entry.bytes;
  };

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, bytes) {
      if (bytes > maximumBytes * largestShare) return;
      const former = entries.get(key);
      if (former) remove(key, former);
      entries.set(key, { value, bytes });
      total += bytes;
      for (const [oldest, entry] of entries) {
        if (total <= maximumBytes) return;
        remove(oldest, entry);
      }
    },
  };
}
