// The functions that Orthanc gives to scripts.
import type { Credentials, HttpMethod } from '../messages.ts';
import { type Arguments, argumentsOf, BadArgument } from './arguments.ts';
import type { State } from './binding.ts';
import type { Host } from './host.ts';
import type { Machine } from './machine.ts';
import { pushBytes, pushJson, shownAt } from './values.ts';

/** What a function gives: bytes are a string; undefined is nil. */
type Result = Uint8Array | { readonly json: unknown } | undefined;

export interface Output {
  /** Takes a line that was printed. */
  print(line: string): void;
}

const json = (value: unknown): Result => ({ json: value });

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** @throws Error where it is none */
function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error('the server gave no bytes');
}

const parsed = (text: string): Result => {
  try {
    return json(JSON.parse(text));
  } catch {
    return undefined;
  }
};

/** Members are sorted already, and there are no blanks. */
const printed = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');

export function defineFunctions(machine: Machine, host: Host, output: Output): void {
  const { binding } = machine;
  let credentials: Credentials | undefined;
  let timeout: number | undefined;

  const push = (state: State, result: Result): number => {
    if (result === undefined) binding._lua_pushnil(state);
    else if (result instanceof Uint8Array) pushBytes(binding, state, result);
    else pushJson(binding, state, result.json);
    return 1;
  };

  const log = (text: string): void => host.tell({ kind: 'log', level: 'error', text });

  /** What fails is logged and gives nil. */
  const define = (name: string, fn: (args: Arguments) => Result): void =>
    machine.define(name, (state) => {
      let result: Result;
      try {
        const args = argumentsOf(binding, state);
        result = machine.waiting(state, () => fn(args));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        log(
          error instanceof BadArgument ? `Bad parameters to ${name}(): ${message}` : `Error in ${name}(): ${message}`,
        );
      }
      return push(state, result);
    });

  machine.define('print', (state) => {
    const count = binding._lua_gettop(state);
    const shown = Array.from({ length: count }, (_, position) => shownAt(binding, state, position + 1));
    output.print(shown.join(', '));
    return 0;
  });
  define('ParseJson', (args) => parsed(args.text(1)));
  define('DumpJson', (args) => {
    if (args.count === 0) throw new BadArgument('a value is missing');
    return printed(args.json(1, args.optionalFlag(2) ?? false));
  });

  /* ---- the REST API ---- */

  const rest = (
    method: HttpMethod,
    uri: string,
    headers: Readonly<Record<string, string>>,
    body?: Uint8Array,
  ): Result => bytesOf(host.ask({ kind: 'rest', method, uri, headers: lowerCase(headers), body }));
  const checkBuiltIn = (args: Arguments, position: number): void => void args.optionalFlag(position);

  define('RestApiGet', (args) => {
    checkBuiltIn(args, 2);
    return rest('GET', args.text(1), args.texts(3));
  });
  define('RestApiDelete', (args) => {
    checkBuiltIn(args, 2);
    rest('DELETE', args.text(1), args.texts(3));
    return json(true);
  });
  for (const [name, method] of [
    ['RestApiPost', 'POST'],
    ['RestApiPut', 'PUT'],
  ] as const) {
    define(name, (args) => {
      checkBuiltIn(args, 3);
      return rest(method, args.text(1), args.texts(4), args.bytes(2));
    });
  }

  /* ---- other servers ---- */

  const http = (
    method: HttpMethod,
    uri: string,
    headers: Readonly<Record<string, string>>,
    body?: Uint8Array,
  ): Result => bytesOf(host.ask({ kind: 'http', method, uri, headers, body, credentials, timeout }));

  define('HttpGet', (args) => http('GET', args.text(1), args.texts(2)));
  define('HttpDelete', (args) => {
    http('DELETE', args.text(1), args.texts(2));
    return json('SUCCESS');
  });
  define('HttpPost', (args) => http('POST', args.text(1), args.texts(3), args.optionalBytes(2)));
  define('HttpPut', (args) => http('PUT', args.text(1), args.texts(3), args.optionalBytes(2)));
  define('SetHttpCredentials', (args) => {
    credentials = { username: args.text(1), password: args.text(2) };
    return undefined;
  });
  define('SetHttpTimeout', (args) => {
    timeout = Math.max(0, Math.trunc(args.number(1)));
    return undefined;
  });

  /* ---- the server ---- */

  define('GetOrthancConfiguration', () => {
    const value = host.ask({ kind: 'configuration' });
    return parsed(String(value));
  });
  define('SetStableStatus', (args) =>
    json(host.ask({ kind: 'set-stable', resource: args.text(1), isStable: args.flag(2) })),
  );
  define('GetKeyValue', (args) => {
    const value = host.ask({ kind: 'get-value', store: args.text(1), key: args.text(2) });
    return value === undefined ? undefined : bytesOf(value);
  });
  define('StoreKeyValue', (args) => {
    host.ask({ kind: 'set-value', store: args.text(1), key: args.text(2), value: args.bytes(3) });
    return undefined;
  });
  define('DeleteKeyValue', (args) => {
    host.ask({ kind: 'delete-value', store: args.text(1), key: args.text(2) });
    return undefined;
  });
}
