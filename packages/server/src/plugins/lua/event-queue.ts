// What scripts are told, in the order in which it happened. Nobody waits for it; what fails is logged.
import type { Logger } from '../../ports/index.ts';
import type { EventName } from './callbacks.ts';
import type { Engine } from './engine.ts';

export interface ScriptEvent {
  readonly callback: EventName;
  /** Made when it is told; undefined: there is nothing to tell any more. */
  readonly args: () => Promise<readonly unknown[] | undefined> | readonly unknown[];
  /** The callback may ask for operations on instances. */
  readonly hasOperations?: boolean;
  /** Called once it is told, or has failed. */
  readonly over?: () => void;
}

export interface EventQueue {
  /** Where no script wants to know, nothing happens. */
  push(event: ScriptEvent): void;
  /** Resolves when all is told. Where that takes more than so many milliseconds, what is left is dropped, and the log says how much. */
  drain(patience: number): Promise<void>;
  /** Calls Finalize() whatever became of the events before it, also while one of them still waits for something, and gives it so many
   * milliseconds. */
  finalize(patience: number): Promise<void>;
}

export interface EventQueueOptions {
  readonly engine: Pick<Engine, 'isDefined' | 'call' | 'ask'>;
  /** @param operations JSON. @throws what is wrong with them */
  readonly submit: (operations: string) => Promise<void>;
  readonly log: Logger;
}

/** False where that takes longer. */
async function endsWithin(patience: number, work: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), patience);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

export function createEventQueue({ engine, submit, log }: EventQueueOptions): EventQueue {
  /** In their order. */
  const waiting = new Set<ScriptEvent>();
  let working: Promise<void> | undefined;

  const complain = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    log.error(`Error while a Lua callback was told of an event: ${message}`);
  };

  const tell = async ({ callback, args, hasOperations = false, over }: ScriptEvent): Promise<void> => {
    try {
      const values = engine.isDefined(callback) ? await args() : undefined;
      if (!values) return;
      const { operations } = await engine.call(callback, values, hasOperations);
      if (hasOperations) await submit(operations);
    } catch (error) {
      complain(error);
    } finally {
      over?.();
    }
  };

  const drop = (): void => {
    if (waiting.size === 0) return;
    log.error(`The server ends, and scripts take too long: events that are dropped: ${waiting.size}`);
    for (const { over } of waiting) over?.();
    waiting.clear();
  };

  const work = async (): Promise<void> => {
    for (const event of waiting) {
      waiting.delete(event);
      await tell(event);
    }
    working = undefined;
  };

  return {
    push(event) {
      if (!engine.isDefined(event.callback)) return;
      waiting.add(event);
      working ??= Promise.resolve().then(work);
    },
    async drain(patience) {
      const end = performance.now() + patience;
      while (working && (await endsWithin(Math.max(0, end - performance.now()), working)));
      drop();
    },
    async finalize(patience) {
      if (!engine.isDefined('Finalize')) return;
      const told = engine.ask('Finalize', [], 'nothing').catch(complain);
      if (await endsWithin(patience, told)) return;
      log.error('The server ends, and Finalize() takes too long, or a callback before it does: it is not waited for');
    },
  };
}
