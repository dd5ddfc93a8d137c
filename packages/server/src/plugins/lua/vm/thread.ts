// The thread of the scripts: loads them, runs their callbacks when the server asks, and asks the server for what they want.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type CallbackName, callbacks } from '../callbacks.ts';
import type { FailureCode, Order, Outcome, Returns, ThreadData } from '../messages.ts';
import { type State, Type } from './binding.ts';
import { defineFunctions } from './functions.ts';
import { createHost } from './host.ts';
import { createMachine, type Machine } from './machine.ts';
import { defineSystemFunctions } from './system-functions.ts';
import { jsonAt, pushJson } from './values.ts';

type Call = Extract<Order, { kind: 'call' }>;
type Run = Extract<Order, { kind: 'run' }>;

/** A callback that returned something else than it should. */
class BadReturn extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.code = code;
  }
}

function returned({ binding }: Machine, state: State, { returns, callback }: Call): unknown {
  const type = binding._lua_type(state, -1);
  switch (returns) {
    case 'nothing':
      return null;
    case 'predicate':
      if (type !== Type.boolean) throw new BadReturn('NotLuaPredicate', `${callback}() must return true or false`);
      return jsonAt(binding, state, -1, false);
    case 'integer':
      if (binding._lua_isnumber(state, -1) === 0)
        throw new BadReturn('LuaReturnsNoString', `${callback}() must return a number`);
      return Math.trunc(binding._lua_tonumberx(state, -1, 0));
    case 'table':
      if (type !== Type.table) throw new BadReturn('LuaBadOutput', `${callback}() must return a table`);
      return jsonAt(binding, state, -1, true);
  }
}

const resultsOf: Readonly<Record<Returns, number>> = { nothing: 0, predicate: 1, integer: 1, table: 1 };

const itself = new URL('./', import.meta.url);

function libraryOf(name: string): string {
  return readFileSync(new URL(name, itself), 'utf8');
}

// Given by the server, which alone starts this thread.
const { limits, orders, sleeps }: ThreadData = workerData;
if (!parentPort) throw new Error('This is to run as a thread');
const port = parentPort;

const machine = await createMachine(limits);
const { binding } = machine;
const host = createHost(port, { orders, sleeps }, (order) => serve(order));

/** What the calls that are under way have printed, the innermost last. */
const outputs: string[] = [];

defineSystemFunctions(machine, host);
defineFunctions(machine, host, {
  print(line) {
    host.tell({ kind: 'log', level: 'warn', text: `Lua says: ${line}` });
    outputs.push(`${outputs.pop() ?? ''}${line}\n`);
  },
});
for (const library of ['system.lua', 'toolbox.lua']) {
  machine.protect((state) => machine.execute(state, libraryOf(library), `@${library}`));
}

function definedCallbacks(): readonly CallbackName[] {
  let defined: readonly CallbackName[] = [];
  machine.protect((state) => {
    defined = callbacks.filter((name) => {
      const isFunction = machine.getFunction(state, name);
      binding._lua_settop(state, -2);
      return isFunction;
    });
  });
  return defined;
}

function callGlobal(state: State, name: string, args: readonly unknown[], results: number): void {
  machine.getFunction(state, name);
  for (const arg of args) pushJson(binding, state, arg);
  binding._lua_callk(state, args.length, results, 0, 0);
}

function runCall(state: State, call: Call): Omit<Extract<Outcome, { ok: true }>, 'ok' | 'output'> {
  if (!machine.getFunction(state, call.callback)) return { value: 'null', operations: '[]' };
  if (call.hasOperations) callGlobal(state, '_InitializeJob', [], 0);
  callGlobal(state, call.callback, JSON.parse(call.args), resultsOf[call.returns]);
  const value = JSON.stringify(returned(machine, state, call));
  if (!call.hasOperations) return { value, operations: '[]' };
  callGlobal(state, '_AccessJob', [], 1);
  return { value, operations: JSON.stringify(jsonAt(binding, state, -1, true)) };
}

function failureOf(error: unknown, code: FailureCode): Outcome {
  return { ok: false, code, message: error instanceof Error ? error.message : String(error) };
}

/** What a script has filled the memory with is let go of: not all allocations of Lua see to that themselves. */
function collectGarbage(): void {
  machine.protect((state) => machine.execute(state, 'collectgarbage()', '=garbage'));
}

function perform(order: Call | Run): Outcome {
  let value = { value: 'null', operations: '[]' };
  let code: FailureCode = 'CannotExecuteLua';
  outputs.push('');
  try {
    machine.run((state) => {
      try {
        if (order.kind === 'run') machine.execute(state, order.script, order.name);
        else value = runCall(state, order);
      } catch (error) {
        if (error instanceof BadReturn) code = error.code;
        throw error;
      }
    });
    return { ok: true, ...value, output: outputs.at(-1) ?? '' };
  } catch (error) {
    collectGarbage();
    return failureOf(error, code);
  } finally {
    outputs.pop();
  }
}

function serve(order: Call | Run): void {
  const outcome = perform(order);
  host.tell({ kind: 'done', id: order.id, outcome, defined: definedCallbacks() });
}

port.on('message', (order: Order) => {
  if (order.kind !== 'answer') serve(order);
});
host.tell({ kind: 'ready' });
