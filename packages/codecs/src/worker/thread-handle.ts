// One worker thread as its owner sees it: it is asked one thing at a time, and ended where the answer takes too long.
import { Worker } from 'node:worker_threads';
import { CodecError } from '../frame/index.ts';
import { readAnswer } from './answer.ts';
import type { Job } from './pool.ts';

export interface ThreadLimits {
  /** Megabytes of objects; the bytes of frames are not among them. */
  readonly heapMegabytes: number;
}

export interface ThreadOptions {
  readonly script: URL;
  readonly data: unknown;
  readonly limits?: ThreadLimits;
}

export interface Thread {
  readonly isAlive: boolean;
  /** @param deadline milliseconds. @throws CodecError */
  ask(job: Job, deadline: number): Promise<unknown>;
  end(): Promise<void>;
}

interface Asked {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

function faultOf(error: unknown): CodecError {
  const isOutOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (isOutOfMemory) return new CodecError('OverBudget', 'Decoding the image takes more memory than allowed');
  return new CodecError('Damaged', 'The image made its decoder fail', { cause: error });
}

export function openThread({ script, data, limits = { heapMegabytes: 256 } }: ThreadOptions): Thread {
  const worker = new Worker(script, {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: limits.heapMegabytes, maxYoungGenerationSizeMb: 16 },
  });
  let isAlive = true;
  let asked: Asked | undefined;

  const settle = (act: (asked: Asked) => void): void => {
    const current = asked;
    asked = undefined;
    if (current) act(current);
  };
  worker.on('message', (message: unknown) => {
    settle(({ resolve, reject }) => {
      const answer = readAnswer(message);
      if (answer.ok) resolve(answer.value);
      else reject(answer.error);
    });
  });
  worker.on('error', (error) => {
    isAlive = false;
    settle(({ reject }) => reject(faultOf(error)));
  });
  worker.on('exit', () => {
    isAlive = false;
    settle(({ reject }) => reject(new CodecError('OverBudget', 'Decoding was stopped')));
  });
  // A thread at rest does not keep the process.
  worker.unref();

  const end = async (): Promise<void> => {
    isAlive = false;
    await worker.terminate();
  };

  return {
    get isAlive() {
      return isAlive;
    },
    async ask({ request, transfer = [] }, deadline) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      asked = { resolve, reject };
      worker.ref();
      const timer = setTimeout(() => {
        const seconds = Math.round(deadline / 1000);
        settle(() => reject(new CodecError('OverBudget', `Decoding the image takes more than ${seconds} s`)));
        void end();
      }, deadline);
      try {
        worker.postMessage(request, transfer);
        return await promise;
      } finally {
        clearTimeout(timer);
        worker.unref();
      }
    },
    end,
  };
}
