// Lua scripts.
export { runOnFile } from './commands.ts';
export { createLua, type Lua, type LuaOptions, type LuaSurroundings } from './lua.ts';
