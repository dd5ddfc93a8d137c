// The content of an entry in blocks, read no further than there is room for what comes of them.
import { blockBytes, type Compressor } from './compressor.ts';

const none: Uint8Array = new Uint8Array(0);

export interface ContentBlock {
  /** There until `free` is called. */
  readonly bytes: Uint8Array;
  /** The content ends with it. */
  readonly isLast: boolean;
  free(): void;
}

export interface ContentBlocks {
  /** One at a time. undefined: there are no more; content without bytes has none. @throws what the content throws */
  next(): Promise<ContentBlock | undefined>;
  /** The content is closed. Never throws. */
  close(): Promise<void>;
}

/** @param pieces each has to be there until the next one is asked for only */
export function createContentBlocks(
  pieces: AsyncIterable<Uint8Array>,
  compressor: Pick<Compressor, 'take' | 'give'>,
): ContentBlocks {
  const iterator = pieces[Symbol.asyncIterator]();
  let rest = none;
  let isEnded = false;

  const fill = async (memory: Buffer): Promise<number> => {
    let filled = 0;
    while (filled < blockBytes && !isEnded) {
      if (rest.byteLength === 0) {
        const step = await iterator.next();
        if (step.done) isEnded = true;
        else rest = step.value;
        continue;
      }
      const count = Math.min(rest.byteLength, blockBytes - filled);
      memory.set(rest.subarray(0, count), filled);
      rest = rest.subarray(count);
      filled += count;
    }
    return filled;
  };

  return {
    async next() {
      if (isEnded) return undefined;
      const memory = compressor.take();
      const free = (): void => compressor.give(memory);
      try {
        const filled = await fill(memory);
        if (filled > 0) return { bytes: memory.subarray(0, filled), isLast: isEnded, free };
      } catch (error) {
        isEnded = true;
        free();
        throw error;
      }
      free();
      return undefined;
    },
    async close() {
      isEnded = true;
      await iterator.return?.().catch(() => undefined);
    },
  };
}

/** Results in order; those that were asked for are being made already. */
export interface ResultQueue<T> {
  /** So many are under way, at least. */
  fill(count: number): void;
  /** The next one; undefined behind the last. @throws what `read` or `make` threw */
  next(): Promise<T | undefined>;
  /** Resolves when nothing is under way any more; asks for no more. Never throws. */
  settle(): Promise<void>;
}

/** @param read called once at a time. @param make called as soon as there is something to make it of */
export function createResultQueue<S, T>(
  read: () => Promise<S | undefined>,
  make: (source: S) => T | Promise<T>,
): ResultQueue<T> {
  let queue: Promise<T | undefined>[] = [];
  let reading: Promise<unknown> = Promise.resolve();

  const start = (): void => {
    const source = reading.then(read);
    reading = source.catch(() => undefined);
    const made = source.then((value) => (value === undefined ? undefined : make(value)));
    // Seen when its turn comes; until then it is nobody's fault.
    made.catch(() => undefined);
    queue.push(made);
  };
  const fill = (count: number): void => {
    while (queue.length < count) start();
  };

  return {
    fill,
    next() {
      fill(1);
      return queue.shift() ?? Promise.resolve(undefined);
    },
    async settle() {
      await Promise.allSettled(queue);
      queue = [];
    },
  };
}
