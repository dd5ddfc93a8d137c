// Values between JavaScript and Lua, as Orthanc converts them.
import { type Binding, type State, Type } from './binding.ts';

/** Tables within tables. */
const deepest = 100;

const isMembers = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Copies bytes into the memory of Lua for as long as `use` runs. */
export function withBytes<T>(binding: Binding, bytes: Uint8Array, use: (pointer: number) => T): T {
  const pointer = binding._malloc(bytes.byteLength + 1);
  if (pointer === 0) throw new Error('not enough memory');
  try {
    binding.HEAPU8.set(bytes, pointer);
    binding.HEAPU8[pointer + bytes.byteLength] = 0;
    return use(pointer);
  } finally {
    binding._free(pointer);
  }
}

export function withText<T>(binding: Binding, text: string, use: (pointer: number) => T): T {
  return withBytes(binding, Buffer.from(text, 'utf8'), use);
}

export function pushBytes(binding: Binding, state: State, bytes: Uint8Array): void {
  withBytes(binding, bytes, (pointer) => binding._lua_pushlstring(state, pointer, bytes.byteLength));
}

export function pushText(binding: Binding, state: State, text: string): void {
  pushBytes(binding, state, Buffer.from(text, 'utf8'));
}

function pushNumber(binding: Binding, state: State, value: number): void {
  if (Number.isSafeInteger(value)) binding._lua_pushinteger(state, BigInt(value));
  else binding._lua_pushnumber(state, value);
}

/** Pushes a value of JSON: null is nil, so that members and items that are null are not there. */
export function pushJson(binding: Binding, state: State, value: unknown): void {
  if (binding._lua_checkstack(state, 4) === 0) throw new Error('stack overflow');
  if (typeof value === 'string') pushText(binding, state, value);
  else if (typeof value === 'number') pushNumber(binding, state, value);
  else if (typeof value === 'boolean') binding._lua_pushboolean(state, value ? 1 : 0);
  else if (Array.isArray(value)) pushItems(binding, state, value);
  else if (isMembers(value)) pushMembers(binding, state, Object.entries(value));
  else binding._lua_pushnil(state);
}

function pushItems(binding: Binding, state: State, items: readonly unknown[]): void {
  binding._lua_createtable(state, items.length, 0);
  for (const [position, item] of items.entries()) {
    pushNumber(binding, state, position + 1);
    pushJson(binding, state, item);
    binding._lua_rawset(state, -3);
  }
}

function pushMembers(binding: Binding, state: State, members: readonly (readonly [string, unknown])[]): void {
  binding._lua_createtable(state, 0, members.length);
  for (const [name, value] of members) {
    pushText(binding, state, name);
    pushJson(binding, state, value);
    binding._lua_rawset(state, -3);
  }
}

/** The bytes of a string or number; the number becomes a string where it is. undefined: it is neither. */
export function bytesAt(binding: Binding, state: State, index: number): Uint8Array<ArrayBuffer> | undefined {
  if (binding._lua_isstring(state, index) === 0) return undefined;
  const length = binding._malloc(4);
  try {
    const pointer = binding._lua_tolstring(state, index, length);
    return binding.HEAPU8.slice(pointer, pointer + (binding.HEAPU32[length >> 2] ?? 0));
  } finally {
    binding._free(length);
  }
}

const decoded = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

export function textAt(binding: Binding, state: State, index: number): string | undefined {
  const bytes = bytesAt(binding, state, index);
  return bytes && decoded(bytes);
}

/** Any value as `tostring` gives it. */
export function shownAt(binding: Binding, state: State, index: number): string {
  binding._luaL_tolstring(state, index, 0);
  const text = textAt(binding, state, -1) ?? '';
  binding._lua_settop(state, -2);
  return text;
}

function scalarAt(binding: Binding, state: State, index: number, keepStrings: boolean): unknown {
  const type = binding._lua_type(state, index);
  if (type === Type.boolean) return binding._lua_toboolean(state, index) !== 0;
  if (!keepStrings && binding._lua_isnumber(state, index) !== 0) return binding._lua_tonumberx(state, index, 0);
  // What is neither a string nor a number has no form in JSON.
  return textAt(binding, state, index) ?? null;
}

/**
 * A table as JSON: an array where its keys are 1, 2, 3... in this order, also where it is empty; otherwise an object, sorted by key.
 * @param keepStrings otherwise what looks like a number becomes one
 * @throws Error where tables are nested too deep, or contain themselves
 */
export function jsonAt(binding: Binding, state: State, index: number, keepStrings: boolean, depth = 0): unknown {
  if (binding._lua_type(state, index) !== Type.table) {
    // A number would be changed where it is, which nobody expects of a value that is only looked at.
    binding._lua_pushvalue(state, index);
    const value = scalarAt(binding, state, -1, keepStrings);
    binding._lua_settop(state, -2);
    return value;
  }
  if (depth > deepest) throw new Error('the table contains itself, or is nested too deep');
  if (binding._lua_checkstack(state, 6) === 0) throw new Error('stack overflow');
  const table = binding._lua_absindex(state, index);
  const entries: [string, unknown][] = [];
  let isList = true;
  binding._lua_pushnil(state);
  while (binding._lua_next(state, table) !== 0) {
    binding._lua_pushvalue(state, -2);
    const key = shownAt(binding, state, -1);
    binding._lua_settop(state, -2);
    entries.push([key, jsonAt(binding, state, -1, keepStrings, depth + 1)]);
    isList &&= key === String(entries.length);
    binding._lua_settop(state, -2);
  }
  if (isList) return entries.map(([, value]) => value);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
