// The thread that gives blobs their final place: makes folders, writes files out of the journal, renames others. All of it waits for
// the file system's own journal now and then, which the event loop must not.
import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { createLayout, type Layout } from './layout.ts';

export interface PlacementJob {
  readonly key: string;
  /** Where its bytes are in the journal; undefined: in a file of its own in `incoming/`. */
  readonly from: { readonly path: string; readonly offset: number; readonly length: number } | undefined;
}

export type PlacementRequest =
  | { readonly kind: 'place'; readonly jobs: readonly PlacementJob[] }
  /** Makes a file of zeros, durable. */
  | { readonly kind: 'make'; readonly path: string; readonly bytes: number }
  /** Makes all files that were placed durable. */
  | { readonly kind: 'sync' }
  /** Fails where this machine cannot sync one file system. */
  | { readonly kind: 'probe' };

export interface PlacementFailure {
  readonly key: string;
  readonly code: string;
}

export interface PlacementReply {
  readonly failures: readonly PlacementFailure[];
  /** Why the request as a whole failed. */
  readonly error?: string;
}

const copyBytes = 256 * 1024;
const syncLimitMs = 120_000;
/** So many files are synced one by one; more, with their whole file system, which others write to as well. */
const fewFiles = 100;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function copy(layout: Layout, buffer: Buffer, key: string, from: NonNullable<PlacementJob['from']>, fd: number): void {
  const target = openSync(layout.readyFinalPath(key), 'w');
  try {
    for (let done = 0; done < from.length; ) {
      const count = readSync(fd, buffer, 0, Math.min(buffer.length, from.length - done), from.offset + done);
      if (count === 0) throw new Error('The journal is shorter than it was');
      for (let written = 0; written < count; ) written += writeSync(target, buffer, written, count - written);
      done += count;
    }
  } finally {
    closeSync(target);
  }
}

function createPlacer(folder: string) {
  const layout = createLayout(folder);
  const buffer = Buffer.allocUnsafeSlow(copyBytes);
  let unsynced: string[] = [];

  const placeOne = ({ key, from }: PlacementJob, sources: Map<string, number>): void => {
    if (!from) {
      renameSync(layout.incomingPath(key), layout.readyFinalPath(key));
      return;
    }
    const fd = sources.get(from.path) ?? openSync(from.path, 'r');
    sources.set(from.path, fd);
    copy(layout, buffer, key, from, fd);
    if (unsynced.length <= fewFiles) unsynced.push(layout.finalPath(key));
  };

  const syncPlaced = (): void => {
    const files = unsynced;
    if (files.length > fewFiles) execFileSync('sync', ['-f', folder], { stdio: 'ignore', timeout: syncLimitMs });
    else for (const file of files) syncFile(file);
    unsynced = [];
  };

  const place = (jobs: readonly PlacementJob[]): PlacementFailure[] => {
    const sources = new Map<string, number>();
    const failures: PlacementFailure[] = [];
    for (const job of jobs) {
      try {
        placeOne(job, sources);
      } catch {
        // Someone may have removed a folder that was there.
        layout.forget();
        try {
          placeOne(job, sources);
        } catch (error) {
          failures.push({ key: job.key, code: codeOf(error) });
        }
      }
    }
    for (const fd of sources.values()) closeSync(fd);
    return failures;
  };
  return { place, syncPlaced };
}

function syncFile(path: string): void {
  try {
    const fd = openSync(path, 'r');
    try {
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    // It was removed meanwhile.
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** GNU and BusyBox both have the option; other systems have no such program. */
function probe(): void {
  if (!execFileSync('sync', ['--help'], { encoding: 'utf8' }).includes('-f')) throw new Error('sync has no option -f');
}

function makeFile(path: string, bytes: number): void {
  const zeros = Buffer.alloc(copyBytes);
  const unfinished = `${path}.new`;
  const fd = openSync(unfinished, 'w');
  try {
    for (let done = 0; done < bytes; ) done += writeSync(fd, zeros, 0, Math.min(zeros.length, bytes - done), done);
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(unfinished, path);
}

if (parentPort && typeof workerData === 'string') {
  const port = parentPort;
  const folder = workerData;
  const placer = createPlacer(folder);
  const perform = (request: PlacementRequest): PlacementReply => {
    try {
      if (request.kind === 'place') return { failures: placer.place(request.jobs) };
      if (request.kind === 'make') makeFile(request.path, request.bytes);
      if (request.kind === 'sync') placer.syncPlaced();
      if (request.kind === 'probe') probe();
      return { failures: [] };
    } catch (error) {
      return { failures: [], error: codeOf(error) };
    }
  };
  port.on('message', (request: PlacementRequest) => port.postMessage(perform(request)));
}
