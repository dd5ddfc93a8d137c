// The C API of Lua 5.4 as it comes out of its WebAssembly module, with numbers for pointers. What wasmoon makes of it is not used:
// it takes strings for UTF-8, and files are not.
import wasmoon from 'wasmoon';

/** A lua_State. */
export type State = number;

type Call<Arguments extends readonly (number | bigint)[], Result = number> = (...args: Arguments) => Result;

/** Functions of the module by name; https://www.lua.org/manual/5.4/manual.html#4.6 says what they do. */
interface Functions {
  readonly _malloc: Call<[size: number]>;
  readonly _free: Call<[pointer: number], void>;
  readonly _realloc: Call<[pointer: number, size: number]>;
  readonly _lua_newstate: Call<[allocator: number, userData: number], State>;
  readonly _luaL_openlibs: Call<[state: State], void>;
  readonly _lua_gettop: Call<[state: State]>;
  readonly _lua_settop: Call<[state: State, top: number], void>;
  readonly _lua_pushvalue: Call<[state: State, index: number], void>;
  readonly _lua_checkstack: Call<[state: State, size: number]>;
  readonly _lua_absindex: Call<[state: State, index: number]>;
  readonly _lua_type: Call<[state: State, index: number]>;
  readonly _lua_isnumber: Call<[state: State, index: number]>;
  readonly _lua_isstring: Call<[state: State, index: number]>;
  readonly _lua_toboolean: Call<[state: State, index: number]>;
  readonly _lua_tonumberx: Call<[state: State, index: number, isNumber: number]>;
  readonly _lua_tolstring: Call<[state: State, index: number, length: number]>;
  readonly _luaL_tolstring: Call<[state: State, index: number, length: number]>;
  readonly _lua_pushnil: Call<[state: State], void>;
  readonly _lua_pushnumber: Call<[state: State, value: number], void>;
  readonly _lua_pushinteger: Call<[state: State, value: bigint], void>;
  readonly _lua_pushlstring: Call<[state: State, bytes: number, length: number]>;
  readonly _lua_pushboolean: Call<[state: State, value: number], void>;
  readonly _lua_pushcclosure: Call<[state: State, fn: number, values: number], void>;
  readonly _lua_createtable: Call<[state: State, items: number, members: number], void>;
  readonly _lua_rawset: Call<[state: State, index: number], void>;
  readonly _lua_next: Call<[state: State, index: number]>;
  readonly _lua_getglobal: Call<[state: State, name: number]>;
  readonly _lua_setglobal: Call<[state: State, name: number], void>;
  readonly _luaL_loadbufferx: Call<[state: State, text: number, length: number, name: number, mode: number]>;
  readonly _lua_pcallk: Call<
    [state: State, args: number, results: number, handler: number, context: number, k: number]
  >;
  readonly _lua_callk: Call<[state: State, args: number, results: number, context: number, k: number], void>;
  readonly _luaL_where: Call<[state: State, level: number], void>;
  readonly _lua_concat: Call<[state: State, count: number], void>;
  readonly _lua_error: Call<[state: State]>;
  readonly _lua_sethook: Call<[state: State, hook: number, mask: number, count: number], void>;
}

export interface Binding extends Functions {
  /** All memory; another object once it has grown. */
  readonly HEAPU8: Uint8Array;
  readonly HEAPU32: Uint32Array;
  /** Makes a pointer of a function. @param signature of WebAssembly, the result first: `iii` */
  addFunction(fn: (...args: number[]) => number | undefined, signature: string): number;
}

/** lua_type. */
export const Type = { nil: 0, boolean: 1, number: 3, string: 4, table: 5, function: 6 } as const;

/** LUA_MASKCOUNT. */
export const countHook = 8;

/** How errors of Lua travel through functions that are not of Lua. */
export const isLongJump = (error: unknown): boolean => error === Number.POSITIVE_INFINITY;

/** Of each kind of what is used; all functions of the C API are there, or none. */
const wanted: readonly (keyof Binding)[] = [
  '_lua_callk',
  '_lua_pcallk',
  '_lua_sethook',
  'addFunction',
  'HEAPU8',
  'HEAPU32',
];

/** The module has the C API under these names, which its own declarations leave out. */
function isBinding(module: object): module is Binding {
  return wanted.every((name) => name in module);
}

/** @throws Error where the library is another one than was expected */
export async function loadBinding(): Promise<Binding> {
  const { module }: { readonly module: object } = await wasmoon.LuaWasm.initialize();
  if (!isBinding(module)) throw new Error('The Lua library lacks functions of the C API: another version is installed');
  return module;
}
