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
}

export interface EventQueueOptions {
  readonly engine: Pick<Engine, 'isDefined' | 'call'>;
  /** @param operations JSON. @throws what is wrong with them */
  readonly submit: (operations: string) => Promise<void>;
  readonly log: Logger;
}

export function createEventQueue({ engine, submit, log }: EventQueueOptions): EventQueue {
  /** In their order. */
  const waiting = new Set<ScriptEvent>();
  let working: Promise<void> | undefined;

  const tell = async ({ callback, args, hasOperations = false, over }: ScriptEvent): Promise<void> => {
    try {
      const values = engine.isDefined(callback) ? await args() : undefined;
      if (!values) return;
      const { operations } = await engine.call(callback, values, hasOperations);
      if (hasOperations) await submit(operations);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.error(`Error while a Lua callback was told of an event: ${message}`);
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
      let isLate = false;
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        isLate = true;
        resolve();
      }, patience);
      while (working && !isLate) await Promise.race([working, late]);
      clearTimeout(timer);
      drop();
    },
  };
}
