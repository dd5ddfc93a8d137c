// Blobs that are finished and not yet in their final place: in the journal or in a file of their own, waiting for their row, then
// for the placement thread. Until then they are read where they are.
import type { Logger } from '../ports/index.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Placement } from './placement.ts';

export interface PendingBlob {
  readonly key: string;
  /** undefined: in a file of its own in `incoming/`. */
  readonly entry: JournalEntry | undefined;
}

export interface PendingBlobsOptions {
  readonly journal: Journal;
  readonly placement: Placement;
  readonly log: Logger | undefined;
  /** Removes the file in `incoming/`, or else the one in its final place. */
  removeFile(key: string, isPlaced: boolean): Promise<void>;
}

export interface PendingBlobs {
  add(blob: PendingBlob): void;
  get(key: string): PendingBlob | undefined;
  /** Its row is committed: it will be placed soon. False: there is no such blob. */
  publish(key: string): boolean;
  /** False: it is not pending. */
  remove(key: string): Promise<boolean>;
  /** Places now what is published. */
  drain(): Promise<void>;
  stop(): void;
}

interface State extends PendingBlob {
  isQueued: boolean;
  isRemoved: boolean;
  /** While the thread works on it. */
  placing: PromiseWithResolvers<void> | undefined;
}

/** Blobs a question to the thread. */
const batch = 256;
/** How long the first of a batch waits for others. */
const gatherMs = 200;
const retryMs = 5_000;

export function createPendingBlobs({ journal, placement, log, removeFile }: PendingBlobsOptions): PendingBlobs {
  const pending = new Map<string, State>();
  let queue: State[] = [];
  let working: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const forget = (state: State): void => {
    pending.delete(state.key);
    if (state.entry) journal.release(state.entry);
  };

  const placed = async (state: State): Promise<void> => {
    forget(state);
    if (state.isRemoved) await removeFile(state.key, true);
    state.placing?.resolve();
  };

  /** True where it is tried again. */
  const failed = (state: State, code: string): boolean => {
    state.placing?.resolve();
    state.placing = undefined;
    if (state.isRemoved || (code === 'ENOENT' && !state.entry)) {
      if (!state.isRemoved) log?.error('A stored file has vanished before it was in its place', { key: state.key });
      forget(state);
      return false;
    }
    return true;
  };

  const placeBatch = async (states: readonly State[]): Promise<readonly State[]> => {
    for (const state of states) state.placing = Promise.withResolvers();
    const jobs = states.map(({ key, entry }) => ({
      key,
      from: entry && { path: entry.segment.path, offset: entry.offset, length: entry.length },
    }));
    const failures = new Map<string, string>();
    try {
      for (const { key, code } of await placement.place(jobs)) failures.set(key, code);
    } catch {
      for (const { key } of states) failures.set(key, 'thread');
    }
    const again: State[] = [];
    for (const state of states) {
      const code = failures.get(state.key);
      if (code === undefined) await placed(state);
      else if (failed(state, code)) again.push(state);
    }
    if (again.length > 0)
      log?.error('Stored files could not be given their place; this is tried again', {
        files: again.length,
        code: [...new Set(failures.values())],
      });
    return again;
  };

  const work = async (): Promise<void> => {
    const again: State[] = [];
    while (queue.length > 0) {
      const states = queue.slice(0, batch).filter(({ isRemoved }) => !isRemoved);
      queue = queue.slice(batch);
      if (states.length > 0) again.push(...(await placeBatch(states)));
    }
    queue = [...again, ...queue];
  };

  const start = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    working ??= work().finally(() => {
      working = undefined;
      if (queue.length > 0) schedule(retryMs);
    });
    return working;
  };

  const schedule = (delay: number): void => {
    if (timer || isStopped) return;
    timer = setTimeout(start, delay);
    timer.unref();
  };

  return {
    add: (blob) => void pending.set(blob.key, { ...blob, isQueued: false, isRemoved: false, placing: undefined }),
    get: (key) => pending.get(key),
    publish(key) {
      const state = pending.get(key);
      if (!state || state.isRemoved) return false;
      if (state.isQueued) return true;
      state.isQueued = true;
      queue.push(state);
      if (queue.length >= batch && !working) void start();
      else schedule(gatherMs);
      return true;
    },
    async remove(key) {
      const state = pending.get(key);
      if (!state) return false;
      state.isRemoved = true;
      if (state.placing) {
        await state.placing.promise;
        return true;
      }
      forget(state);
      if (!state.entry) await removeFile(key, false);
      return true;
    },
    async drain() {
      await working;
      await start();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
