// What was read last, within a bound of bytes. The least recently used goes first.
import type { Metrics } from '../../ports/index.ts';

export interface ByteCache<T> {
  readonly count: number;
  readonly bytes: number;
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
    get count() {
      return entries.size;
    },
    get bytes() {
      return total;
    },
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

/** Shows how much is kept, under Orthanc's names: `orthanc_<name>_cache_...`. */
export function showCache(metrics: Pick<Metrics, 'gauge'>, name: string, cache: ByteCache<unknown>): void {
  metrics.gauge(`orthanc_${name}_cache_count`, () => cache.count);
  metrics.gauge(`orthanc_${name}_cache_size_mb`, () => cache.bytes / (1024 * 1024));
}
