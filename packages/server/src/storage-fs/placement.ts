// The event loop's side of the thread that gives blobs their final place: one question after the other, answered in order.
import { Worker } from 'node:worker_threads';
import type { PlacementFailure, PlacementJob, PlacementReply, PlacementRequest } from './placement-thread.ts';

export interface Placement {
  /** Gives what could not be placed. @throws Error where the thread died */
  place(jobs: readonly PlacementJob[]): Promise<readonly PlacementFailure[]>;
  /** A durable file of zeros. @throws Error */
  make(path: string, bytes: number): Promise<void>;
  /** Makes what was placed out of the journal durable. @throws Error */
  sync(): Promise<void>;
  /** @throws Error where this machine cannot sync many files at once */
  probe(): Promise<void>;
  close(): Promise<void>;
}

interface Question {
  resolve(reply: PlacementReply): void;
  reject(error: Error): void;
}

/** The thread starts with the first question, and again where it died. */
export function createPlacement(folder: string): Placement {
  let worker: Worker | undefined;
  let asked: Question[] = [];

  const start = (): Worker => {
    const made = new Worker(new URL('./placement-thread.ts', import.meta.url), {
      workerData: folder,
      resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 4 },
    });
    const died = (error: Error): void => {
      if (worker !== made) return;
      worker = undefined;
      const waiting = asked;
      asked = [];
      for (const { reject } of waiting) reject(error);
    };
    made.on('message', (reply: PlacementReply) => {
      asked.shift()?.resolve(reply);
      if (asked.length === 0) made.unref();
    });
    made.on('error', died);
    made.on('exit', () => died(new Error('The thread that places files has ended')));
    return made;
  };

  const ask = (request: PlacementRequest): Promise<PlacementReply> =>
    new Promise((resolve, reject) => {
      worker ??= start();
      asked.push({ resolve, reject });
      worker.ref();
      worker.postMessage(request);
    });

  const askWhole = async (request: PlacementRequest): Promise<void> => {
    const { error } = await ask(request);
    if (error) throw new Error(error);
  };

  return {
    place: async (jobs) => (await ask({ kind: 'place', jobs })).failures,
    make: (path, bytes) => askWhole({ kind: 'make', path, bytes }),
    sync: () => askWhole({ kind: 'sync' }),
    probe: () => askWhole({ kind: 'probe' }),
    async close() {
      const last = worker;
      worker = undefined;
      await last?.terminate();
    },
  };
}
