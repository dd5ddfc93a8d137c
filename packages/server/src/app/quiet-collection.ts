// Gives memory back in quiet times. V8 does not do so by itself here: it takes a process in the foreground for busy however little it
// allocates, leaves the garbage of the last burst until the next, and keeps the pages of what it collected for itself.
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface ObservedProcess {
  /** The share of the time since the last call, 0 to 1, in which the event loop was at work. */
  load(): number;
  /** Resident memory in bytes. */
  memory(): number;
  /** Collects all garbage and gives its pages back. The event loop stands still meanwhile; gives the milliseconds. */
  collect(): number;
}

const checkEveryMs = 5_000;
/** A load below this is quiet: requests that come one by one, say. */
const quietLoad = 0.05;
/** So many quiet checks in a row make a quiet time. */
const quietChecks = 2;
/** Growth since the last collection, in bytes, that is worth another. */
const worthBytes = 32 * 1024 * 1024;
/** Where collecting takes longer, as with a large heap or a machine that swaps, it is not tried again for an hour. */
const longestMs = 250;
const checksAfterLong = 3_600_000 / checkEveryMs;

/** To be called at regular intervals. */
export function createQuietCollection(observed: ObservedProcess): () => void {
  let left = observed.memory();
  let quiet = 0;
  let pause = 0;
  return () => {
    const memory = observed.memory();
    // What goes by itself may come again.
    left = Math.min(left, memory);
    quiet = observed.load() < quietLoad ? quiet + 1 : 0;
    pause = Math.max(pause - 1, 0);
    if (pause > 0 || quiet < quietChecks || memory < left + worthBytes) return;
    if (observed.collect() > longestMs) pause = checksAfterLong;
    left = observed.memory();
  };
}

/** Collects, and gives the pages back. V8 shows its collector to contexts that are made after it was told to. */
export function exposedCollector(): (() => void) | undefined {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('globalThis.gc');
  if (typeof gc !== 'function') return undefined;
  // Only of this flavour are the pages given back.
  return () => gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

function thisProcess(collect: () => void): ObservedProcess {
  let seen = performance.eventLoopUtilization();
  return {
    load() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, seen);
      seen = now;
      return utilization;
    },
    memory: () => process.memoryUsage.rss(),
    collect() {
      const begun = performance.now();
      collect();
      return performance.now() - begun;
    },
  };
}

/** From now on, as long as the process runs for other reasons. */
export function collectInQuietTimes(): void {
  const collect = exposedCollector();
  if (collect) setInterval(createQuietCollection(thisProcess(collect)), checkEveryMs).unref();
}
