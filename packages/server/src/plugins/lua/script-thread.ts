// The thread of the scripts as the server sees it. It is ended where it computes without an end and cannot be stopped from inside.
import { Worker } from 'node:worker_threads';
import type { Logger } from '../../ports/index.ts';
import type { CallbackName } from './callbacks.ts';
import type { HostAnswer, HostRequest, Limits, Order, Outcome, Report, ThreadData } from './messages.ts';

export type Task = WithoutId<Exclude<Order, { kind: 'answer' }>>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export interface ThreadOptions {
  readonly limits: Limits;
  readonly log: Logger;
  /** Does what a script waits for. @throws what made it fail */
  answer(request: HostRequest): Promise<(HostAnswer & { readonly ok: true })['value']>;
  /** Told with each outcome, before it. */
  defined(callbacks: readonly CallbackName[]): void;
  /** The thread has ended, and not because it was stopped. */
  lost(reason: string): void;
}

export interface ScriptThread {
  /** Never throws. */
  perform(task: Task): Promise<Outcome>;
  stop(): Promise<void>;
}

const sharedNumber = () => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Milliseconds beyond the time of a call, in which a script is stopped from inside. */
const grace = 5_000;
/** Megabytes of objects of the thread itself; what scripts hold is not among them. */
const heapMegabytes = 256;

const script = new URL('./vm/thread.ts', import.meta.url);

class Thread implements ScriptThread {
  readonly #options: ThreadOptions;
  readonly #worker: Worker;
  readonly #orders = sharedNumber();
  readonly #sleeps = sharedNumber();
  readonly #running = new Map<number, (outcome: Outcome) => void>();
  readonly #ready = Promise.withResolvers<void>();
  #lastId = 0;
  #watchdog: NodeJS.Timeout | undefined;
  #isStopped = false;
  #reason = 'it has ended';

  constructor(options: ThreadOptions) {
    this.#options = options;
    const data: ThreadData = { limits: options.limits, orders: this.#orders, sleeps: this.#sleeps };
    this.#worker = new Worker(script, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 16 },
    });
    this.#worker.on('message', (report: Report) => this.#receive(report));
    this.#worker.on('error', (error) => {
      this.#reason = error instanceof Error ? error.message : String(error);
    });
    this.#worker.on('exit', () => this.#ended());
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  perform(task: Task): Promise<Outcome> {
    if (this.#isStopped) return Promise.resolve(lostOutcome(this.#reason));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#running.set(id, resolve);
      this.#worker.ref();
      this.#send({ ...task, id });
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#worker.terminate();
  }

  #send(order: Order): void {
    this.#worker.postMessage(order);
    Atomics.add(this.#orders, 0, 1);
    Atomics.notify(this.#orders, 0);
    this.#watch();
  }

  #receive(report: Report): void {
    switch (report.kind) {
      case 'ready':
        // A thread at rest does not keep the process.
        this.#worker.unref();
        this.#ready.resolve();
        break;
      case 'log':
        this.#options.log[report.level](report.text);
        break;
      case 'ask':
        this.#watch();
        void this.#answer(report.id, report.request);
        break;
      case 'done':
        this.#done(report);
        break;
    }
  }

  #done({ id, outcome, defined }: Extract<Report, { kind: 'done' }>): void {
    const resolve = this.#running.get(id);
    this.#running.delete(id);
    if (this.#running.size === 0) this.#worker.unref();
    this.#watch();
    this.#options.defined(defined);
    resolve?.(outcome);
  }

  async #answer(id: number, request: HostRequest): Promise<void> {
    const answer = await this.#options.answer(request).then(
      (value): HostAnswer => ({ ok: true, value }),
      (error: unknown): HostAnswer => ({ ok: false, message: error instanceof Error ? error.message : String(error) }),
    );
    if (!this.#isStopped) this.#send({ kind: 'answer', id, answer });
  }

  /** Begins anew with each message, and where a call has slept meanwhile: that is no computing. */
  #watch(): void {
    clearTimeout(this.#watchdog);
    if (this.#running.size === 0) return;
    const { computing } = this.#options.limits;
    const before = Atomics.load(this.#sleeps, 0);
    const isAsleep = before % 2 !== 0;
    this.#watchdog = setTimeout(() => {
      if (isAsleep || Atomics.load(this.#sleeps, 0) !== before) {
        this.#watch();
        return;
      }
      this.#reason = `a script has computed for more than ${computing / 1000} seconds and could not be stopped otherwise`;
      void this.#worker.terminate();
    }, computing + grace);
    this.#watchdog.unref();
  }

  #ended(): void {
    clearTimeout(this.#watchdog);
    const wasStopped = this.#isStopped;
    this.#isStopped = true;
    this.#ready.reject(new Error(this.#reason));
    for (const resolve of this.#running.values()) resolve(lostOutcome(this.#reason));
    this.#running.clear();
    if (!wasStopped) this.#options.lost(this.#reason);
  }
}

function lostOutcome(reason: string): Outcome {
  return { ok: false, code: 'CannotExecuteLua', message: `the thread of the scripts was lost: ${reason}` };
}

/** @throws Error where Lua cannot be loaded */
export async function startThread(options: ThreadOptions): Promise<ScriptThread> {
  const thread = new Thread(options);
  await thread.ready;
  return thread;
}
