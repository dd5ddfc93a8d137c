// Durability without stopping the event loop. Commits append to SQLite's write-ahead log without a sync of their own; sync()
// is an fdatasync of that log in the thread pool, shared by all who wait. A thread moves the log into the database. When it
// could not keep up with the writers, they wait for it, so that the log stays bounded.
import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { PharosError } from '../model/index.ts';
import type { Logger } from '../ports/index.ts';
import type { Database } from './database.ts';
import { logPath } from './files.ts';
import { integer } from './rows.ts';

const syncData = promisify(fdatasync);

/** Pages of 4 KiB in the log. */
export interface LogLimits {
  /** From here on the log is moved into the database, while writers go on. */
  readonly begin: number;
  /** Writers wait from here on. */
  readonly full: number;
}

/** 16 and 32 MiB. */
export const defaultLimits: LogLimits = { begin: 4_096, full: 8_192 };

/** Measuring the log costs some microseconds: once in so many transactions. */
const measureEvery = 16;

export interface WriteAheadLog {
  /** A promise where writers must wait. */
  room(): Promise<void> | undefined;
  /** To be called after each commit. */
  committed(): void;
  /** Moves it into the database now, where that has room, and gives its own room back: for want of any other. Never throws. */
  empty(): Promise<void>;
  /** What was committed before this call survives a power cut when it resolves. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** One sync at a time; who calls while one runs waits for the next, which covers all of them. */
export function createSharedSync(syncOnce: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function start(): Promise<void> {
    next = undefined;
    const current = syncOnce().finally(() => {
      if (running === current) running = undefined;
    });
    running = current;
    return current;
  }

  return () => {
    if (next) return next;
    if (!running) return start();
    next = running.then(start, start);
    return next;
  };
}

/** A failed fdatasync may have lost what it was asked to keep, and a later one would not tell: so none succeeds after it. */
function createLogSync(descriptor: number, commits: () => number): () => Promise<void> {
  let broken: PharosError | undefined;
  let covered = 0;
  const shared = createSharedSync(async () => {
    if (broken) throw broken;
    const now = commits();
    try {
      await syncData(descriptor);
      covered = now;
    } catch (cause) {
      broken = new PharosError('Database', {
        details: 'The index cannot be synced to disk: see to the disk, then restart.',
        cause,
      });
      throw broken;
    }
  });
  return async () => {
    if (broken || covered !== commits()) await shared();
  };
}

interface Checkpointer {
  /** Moves the log into the database; true where nothing is left in it. `truncate`: its room is given back. */
  move(how: 'move' | 'truncate'): Promise<boolean>;
  close(): Promise<void>;
}

/** The thread is started when it is first needed. */
function createCheckpointer(folder: string): Checkpointer {
  let worker: Worker | undefined;

  function thread(): Worker {
    if (worker) return worker;
    const made = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), {
      workerData: folder,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    made.once('exit', () => {
      if (worker === made) worker = undefined;
    });
    worker = made;
    return made;
  }

  async function ask(question: 'move' | 'truncate' | 'close'): Promise<unknown> {
    const asked = thread();
    asked.ref();
    try {
      return await new Promise((resolve, reject) => {
        const settle = (done: () => void): void => {
          asked.off('message', answered).off('error', failed).off('exit', exited);
          done();
        };
        const answered = (answer: unknown): void => settle(() => resolve(answer));
        const failed = (error: unknown): void => settle(() => reject(error));
        const exited = (): void => failed(new Error('The checkpoint thread ended'));
        asked.on('message', answered).on('error', failed).on('exit', exited);
        asked.postMessage(question);
      });
    } finally {
      asked.unref();
    }
  }

  return {
    async move(how) {
      const answer = await ask(how);
      if (typeof answer === 'string') throw new PharosError('Database', `Checkpoint of the index: ${answer}`);
      return answer === true;
    },
    async close() {
      if (!worker) return;
      const stopping = worker;
      await ask('close');
      await stopping.terminate();
    },
  };
}

/** @param folder of the index, which `database` has open */
export function createWriteAheadLog(
  folder: string,
  database: Database,
  log: Logger,
  limits: LogLimits = defaultLimits,
): WriteAheadLog {
  const descriptor = openSync(logPath(folder), 'a');
  syncFolder(folder);
  const checkpointer = createCheckpointer(folder);
  let commits = 0;
  let gate: PromiseWithResolvers<void> | undefined;
  let moving: Promise<void> | undefined;
  let isClosing = false;

  function open(): void {
    gate?.resolve();
    gate = undefined;
  }

  async function move(how: 'move' | 'truncate'): Promise<void> {
    try {
      if ((await checkpointer.move(how)) && !gate) return;
      // What was committed meanwhile is little: with the writers waiting, the log empties and starts over.
      gate ??= Promise.withResolvers();
      await checkpointer.move(how);
    } catch (error) {
      log.error('The log of the index cannot be moved into its database; it goes on growing', {
        reason: error instanceof Error ? error.message : String(error),
      });
    } finally {
      open();
      moving = undefined;
    }
  }

  function measure(): void {
    const pages = integer(database.row('PRAGMA wal_checkpoint(NOOP)')?.[1]);
    if (pages < limits.begin) return;
    if (moving && pages >= limits.full) gate ??= Promise.withResolvers();
    moving ??= move('move');
  }

  return {
    room: () => gate?.promise,
    committed() {
      if (++commits % measureEvery === 0 && !isClosing) measure();
    },
    async empty() {
      await moving;
      if (isClosing) return;
      moving ??= move('truncate');
      await moving;
    },
    sync: createLogSync(descriptor, () => commits),
    async close() {
      isClosing = true;
      await moving;
      await checkpointer.close();
      closeSync(descriptor);
    },
  };
}
