// A pool of worker threads for work that may take too long or too much: what hangs is ended, what dies is replaced, and no more is
// under way than memory was set aside for. Work is asked for only when its turn has come, so that what waits holds nothing.
import { availableParallelism } from 'node:os';
import { CodecError } from '../frame/index.ts';
import { openThread, type Thread, type ThreadLimits } from './thread-handle.ts';

export interface PoolOptions {
  /** The module that a thread runs: it takes requests and answers each (see `serve`). */
  readonly script: URL;
  /** Given to each thread when it starts. */
  readonly data?: () => Promise<unknown>;
  /** At most as many as there are cores. */
  readonly threads: number;
  /** Bytes that all work under way may take together; more than this takes a single one, alone. */
  readonly memoryBytes: number;
  /** Milliseconds that one piece of work may take in its thread. */
  readonly deadline: number;
  /** Milliseconds after which a thread without work is ended. */
  readonly idleTime?: number;
  readonly limits?: ThreadLimits;
}

export interface Job {
  readonly request: unknown;
  readonly transfer?: readonly ArrayBuffer[];
  /** For another thread, if one has nothing to do: its answer is not waited for, and nothing depends on it. */
  readonly help?: unknown;
}

export interface Pool {
  /** @param bytes that this will take. @param prepare makes the request, once it is the turn of this one
   * @throws CodecError OverBudget (time, memory), Damaged (the thread died of it); what `prepare` threw; what the thread answered */
  run(bytes: number, prepare: () => Promise<Job> | Job): Promise<unknown>;
  /** Ends all threads; work under way fails. */
  close(): Promise<void>;
}

interface Waiting {
  readonly bytes: number;
  start(): void;
}

export function createPool(options: PoolOptions): Pool {
  const { deadline, memoryBytes, idleTime = 60_000 } = options;
  const mostThreads = Math.max(1, Math.min(options.threads, availableParallelism()));
  const idle: { readonly thread: Thread; readonly timer: NodeJS.Timeout }[] = [];
  const threads = new Set<Thread>();
  const queue: Waiting[] = [];
  let data: Promise<unknown> | undefined;
  let running = 0;
  let heldBytes = 0;
  let isClosed = false;

  const startNext = (): void => {
    for (;;) {
      const next = queue[0];
      if (!next || running >= mostThreads) return;
      if (running > 0 && heldBytes + next.bytes > memoryBytes) return;
      queue.shift();
      next.start();
    }
  };

  const turn = (bytes: number): Promise<void> =>
    new Promise((resolve) => {
      const start = (): void => {
        running++;
        heldBytes += bytes;
        resolve();
      };
      queue.push({ bytes, start });
      startNext();
    });

  const takeThread = async (): Promise<Thread> => {
    for (let kept = idle.pop(); kept; kept = idle.pop()) {
      clearTimeout(kept.timer);
      if (kept.thread.isAlive) return kept.thread;
    }
    data ??= options.data?.() ?? Promise.resolve(undefined);
    const thread = openThread({ script: options.script, data: await data, limits: options.limits });
    threads.add(thread);
    return thread;
  };

  const endThread = async (thread: Thread): Promise<void> => {
    threads.delete(thread);
    await thread.end();
  };

  const keepThread = (thread: Thread): void => {
    if (!thread.isAlive || isClosed) {
      void endThread(thread);
      return;
    }
    const timer = setTimeout(() => {
      const at = idle.findIndex((kept) => kept.thread === thread);
      if (at < 0) return;
      idle.splice(at, 1);
      void endThread(thread);
    }, idleTime);
    timer.unref();
    idle.push({ thread, timer });
  };

  const help = async (request: unknown): Promise<void> => {
    if (running >= mostThreads || queue.length > 0) return;
    running++;
    try {
      const thread = await takeThread();
      try {
        await thread.ask({ request }, deadline);
      } finally {
        keepThread(thread);
      }
    } catch {
      // Whoever is helped does it alone.
    } finally {
      running--;
      startNext();
    }
  };

  const work = async (prepare: () => Promise<Job> | Job): Promise<unknown> => {
    const job = await prepare();
    if (isClosed) throw new CodecError('OverBudget', 'The server is being stopped');
    const thread = await takeThread();
    if (job.help !== undefined) void help(job.help);
    try {
      return await thread.ask(job, deadline);
    } finally {
      keepThread(thread);
    }
  };

  return {
    async run(bytes, prepare) {
      await turn(bytes);
      try {
        return await work(prepare);
      } finally {
        running--;
        heldBytes -= bytes;
        startNext();
      }
    },
    async close() {
      isClosed = true;
      for (const { timer } of idle.splice(0)) clearTimeout(timer);
      await Promise.all([...threads].map(endThread));
    },
  };
}
