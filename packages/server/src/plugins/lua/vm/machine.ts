// One Lua state: bounded in memory and in the time of a call, errors as exceptions.
import type { Limits } from '../messages.ts';
import { type Binding, countHook, isLongJump, loadBinding, type State, Type } from './binding.ts';
import { pushText, shownAt, withBytes, withText } from './values.ts';

/** What a script did wrong: where, and what. */
export class LuaError extends Error {
  override readonly name = 'LuaError';
}

/** A function for scripts: takes its arguments from the stack, pushes its results, and gives their number. What it throws becomes an
 * error of Lua. */
export type LuaFunction = (state: State) => number;

export interface Machine {
  readonly binding: Binding;
  /** Makes a global function. */
  define(name: string, fn: LuaFunction): void;
  /** Runs `body` such that errors of Lua end it. @throws LuaError */
  protect(body: (state: State) => void): void;
  /** As `protect`, and within the time of a call. */
  run(body: (state: State) => void): void;
  /** Compiles and runs. @param name of the script, in messages. @throws LuaError; to be called within `protect` */
  execute(state: State, script: string, name: string, ...args: readonly string[]): void;
  /** Pushes the global, and tells whether it is a function. */
  getFunction(state: State, name: string): boolean;
  /** What `wait` takes does not count as time of the call. @param state of the function that waits: calls meanwhile run on it */
  waiting<T>(state: State, wait: () => T): T;
}

/** Instructions between two looks at the clock. */
const instructionsALook = 200_000;

const stopped = (limits: Limits): string =>
  `the script computes for more than ${limits.computing / 1000} seconds without coming to an end, and is stopped`;

/** lua_Alloc, with a bound. */
function createAllocator(binding: Binding, maximum: number): number {
  let used = 0;
  return binding.addFunction((_userData = 0, pointer = 0, oldSize = 0, newSize = 0) => {
    const before = pointer === 0 ? 0 : oldSize;
    if (newSize === 0) {
      if (pointer !== 0) binding._free(pointer);
      used -= before;
      return 0;
    }
    if (newSize > before && used + newSize - before > maximum) return 0;
    const moved = binding._realloc(pointer, newSize);
    if (moved !== 0) used += newSize - before;
    return moved;
  }, 'iiiii');
}

export async function createMachine(limits: Limits): Promise<Machine> {
  const binding = await loadBinding();
  const main = binding._lua_newstate(createAllocator(binding, limits.memory), 0);
  if (main === 0) throw new Error('There is not enough memory for Lua');
  binding._luaL_openlibs(main);
  let deadline = Number.POSITIVE_INFINITY;
  /** Where a call that comes now has to run. */
  let current = main;
  const bodies: ((state: State) => void)[] = [];

  const raise = (state: State, level: number, message: string): number => {
    binding._luaL_where(state, level);
    pushText(binding, state, message);
    binding._lua_concat(state, 2);
    return binding._lua_error(state);
  };

  const pointerTo = (fn: LuaFunction): number =>
    binding.addFunction((state = 0) => {
      try {
        return fn(state);
      } catch (error) {
        if (isLongJump(error)) throw error;
        return raise(state, 1, error instanceof Error ? error.message : String(error));
      }
    }, 'ii');

  const runner = pointerTo((state) => {
    bodies.at(-1)?.(state);
    return 0;
  });

  const hook = binding.addFunction((state = 0) => {
    if (performance.now() > deadline) raise(state, 0, stopped(limits));
    return undefined;
  }, 'vii');
  binding._lua_sethook(main, hook, countHook, instructionsALook);

  const protect = (body: (state: State) => void): void => {
    const state = current;
    const top = binding._lua_gettop(state);
    if (binding._lua_checkstack(state, 8) === 0) throw new LuaError('stack overflow');
    bodies.push(body);
    try {
      binding._lua_pushcclosure(state, runner, 0);
      if (binding._lua_pcallk(state, 0, 0, 0, 0, 0) !== 0) throw new LuaError(shownAt(binding, state, -1));
    } finally {
      bodies.pop();
      binding._lua_settop(state, top);
    }
  };

  const load = (state: State, script: string, name: string): void => {
    const bytes = Buffer.from(script, 'utf8');
    const status = withText(binding, name, (label) =>
      withText(binding, 't', (mode) =>
        withBytes(binding, bytes, (text) => binding._luaL_loadbufferx(state, text, bytes.byteLength, label, mode)),
      ),
    );
    if (status !== 0) binding._lua_error(state);
  };

  return {
    binding,
    protect,
    define(name, fn) {
      const pointer = pointerTo(fn);
      protect((state) => {
        binding._lua_pushcclosure(state, pointer, 0);
        withText(binding, name, (label) => binding._lua_setglobal(state, label));
      });
    },
    run(body) {
      const before = deadline;
      deadline = performance.now() + limits.computing;
      try {
        protect(body);
      } finally {
        deadline = before;
      }
    },
    execute(state, script, name, ...args) {
      load(state, script, name);
      for (const arg of args) pushText(binding, state, arg);
      binding._lua_callk(state, args.length, 0, 0, 0);
    },
    getFunction(state, name) {
      withText(binding, name, (label) => binding._lua_getglobal(state, label));
      return binding._lua_type(state, -1) === Type.function;
    },
    waiting(state, wait) {
      const before = current;
      const since = performance.now();
      current = state;
      try {
        return wait();
      } finally {
        current = before;
        deadline += performance.now() - since;
      }
    },
  };
}
