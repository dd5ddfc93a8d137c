// Runs scripts and their callbacks: loads the scripts of the configuration, has the thread do one thing after the other, but filters as
// they come, and begins anew where the thread was lost.
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFile } from 'node:fs/promises';
import { PharosError } from '../../model/index.ts';
import type { Logger } from '../../ports/index.ts';
import type { CallbackName, EventName, FilterName } from './callbacks.ts';
import { deepestNesting, type Limits, type Outcome, type Returns } from './messages.ts';
import { type ScriptThread, startThread, type Task, type ThreadOptions } from './script-thread.ts';

export interface EngineOptions {
  /** Paths of the scripts that are loaded, in this order. */
  readonly scripts: readonly string[];
  readonly limits: Limits;
  readonly log: Logger;
  readonly answer: ThreadOptions['answer'];
}

export type Success = Extract<Outcome, { ok: true }>;

export interface Engine {
  isDefined(callback: CallbackName): boolean;
  /** Loads the scripts, where there are any. @throws PharosError CannotExecuteLua, InexistentFile */
  load(): Promise<void>;
  /** Runs a script after all that was begun before; gives what it prints. @throws PharosError CannotExecuteLua */
  run(script: string): Promise<string>;
  /** Calls after all that was begun before. @throws PharosError CannotExecuteLua */
  call(callback: EventName, args: readonly unknown[], hasOperations: boolean): Promise<Success>;
  /** Calls as soon as the thread has time, also while another call waits for the server. null: no script defines it any more.
   * @throws PharosError CannotExecuteLua, and others for what is no proper answer */
  ask(filter: FilterName | 'Finalize', args: readonly unknown[], returns: Returns): Promise<unknown>;
  stop(): Promise<void>;
}

interface Source {
  readonly path: string;
  readonly text: string;
}

/** Filters that the thread is given at the same time, apart from those that a script itself brings about. */
const filtersAtOnce = 8;

const early = 'the REST API is not there while scripts are loaded: call it from Initialize()';

const deep = `scripts that bring about calls of scripts are nested more than ${deepestNesting} deep`;

async function readScript(path: string): Promise<Source> {
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (cause) {
    throw new PharosError('InexistentFile', { details: `Cannot read the Lua script "${path}" (LuaScripts)`, cause });
  }
}

/** Lets so many through at a time, the others in their order. */
function createGate(most: number) {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}

export function createEngine(options: EngineOptions): Engine {
  const { limits, log } = options;
  /** Set where something is done for a script that waits for it: who waits for a turn then would wait for itself. */
  const withinScript = new AsyncLocalStorage<{ isAwaited: boolean }>();
  const turn = createGate(1);
  const filterTurn = createGate(filtersAtOnce);
  let sources: readonly Source[] = [];
  let thread: Promise<ScriptThread> | undefined;
  let defined: ReadonlySet<CallbackName> = new Set();
  let underWay = 0;
  let isStopped = false;

  const succeeded = (outcome: Outcome, what: string): Success => {
    if (outcome.ok) return outcome;
    throw new PharosError(outcome.code, `${what}: ${outcome.message}`);
  };

  const answer: EngineOptions['answer'] = async (request) => {
    const work = { isAwaited: true };
    try {
      return await withinScript.run(work, () => options.answer(request));
    } finally {
      // What goes on beyond that, such as a job, has to wait like anybody.
      work.isAwaited = false;
    }
  };

  const loaded = async (): Promise<ScriptThread> => {
    /** What is defined counts once all scripts are loaded: until then, calls wait for it. */
    let current: readonly CallbackName[] = [];
    let isLoaded = false;
    const started = await startThread({
      limits,
      log,
      answer: (request) => (isLoaded || request.kind !== 'rest' ? answer(request) : Promise.reject(new Error(early))),
      defined(callbacks) {
        current = callbacks;
        if (isLoaded) defined = new Set(callbacks);
      },
      lost: (reason) => isLoaded && restart(reason),
    });
    try {
      for (const { path, text } of sources) {
        log.info(`A Lua script is loaded: ${path}`);
        succeeded(await started.perform({ kind: 'run', script: text, name: `@${path}` }), `Loading ${path}`);
      }
    } catch (error) {
      await started.stop();
      throw error;
    }
    isLoaded = true;
    defined = new Set(current);
    return started;
  };

  const start = (): Promise<ScriptThread> => {
    const starting = loaded();
    thread = starting;
    starting.catch(() => {
      // The next call tries again.
      if (thread === starting) thread = undefined;
    });
    return starting;
  };

  function restart(reason: string): void {
    if (isStopped) return;
    log.error(`The thread of the Lua scripts was lost: ${reason}. It is started again with the scripts of LuaScripts`);
    const before = defined;
    start().then(
      () => {
        const gone = [...before].filter((callback) => !defined.has(callback));
        if (gone.length > 0) log.error(`Callbacks of scripts that came over REST are gone: ${gone.join(', ')}`);
      },
      (error: unknown) => log.error('The Lua scripts could not be loaded again', { error }),
    );
  }

  const perform = async (task: Task, what: string): Promise<Success> => {
    if (underWay >= filtersAtOnce + 1 + deepestNesting) throw new PharosError('CannotExecuteLua', `${what}: ${deep}`);
    underWay += 1;
    try {
      if (isStopped) throw new PharosError('CannotExecuteLua', 'The server ends');
      const running = await (thread ?? start());
      return succeeded(await running.perform(task), what);
    } finally {
      underWay -= 1;
    }
  };

  const inTurn = <T>(gate: typeof turn, work: () => Promise<T>): Promise<T> =>
    withinScript.getStore()?.isAwaited ? work() : gate(work);

  return {
    isDefined: (callback) => defined.has(callback),
    async load() {
      sources = await Promise.all(options.scripts.map(readScript));
      if (sources.length > 0) await start();
    },
    async run(script) {
      const task: Task = { kind: 'run', script, name: '=script' };
      return (await inTurn(turn, () => perform(task, 'A script has failed'))).output;
    },
    call: (callback, args, hasOperations) =>
      turn(() =>
        perform(
          { kind: 'call', callback, args: JSON.stringify(args), returns: 'nothing', hasOperations },
          `${callback}() has failed`,
        ),
      ),
    async ask(callback, args, returns) {
      const task: Task = { kind: 'call', callback, args: JSON.stringify(args), returns, hasOperations: false };
      const { value } = await inTurn(filterTurn, () => perform(task, `${callback}() has failed`));
      return JSON.parse(value);
    },
    async stop() {
      isStopped = true;
      await thread?.then(
        (running) => running.stop(),
        () => undefined,
      );
    },
  };
}
