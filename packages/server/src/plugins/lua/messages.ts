// What the server and the thread of the scripts say to each other.
import type { CallbackName } from './callbacks.ts';

/** What a callback is to return. */
export type Returns = 'nothing' | 'predicate' | 'integer' | 'table';

/** From the server. */
export type Order =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly callback: CallbackName;
      /** A JSON array. */
      readonly args: string;
      readonly returns: Returns;
      /** Gives what the callback has asked to be done with instances. */
      readonly hasOperations: boolean;
    }
  | { readonly kind: 'run'; readonly id: number; readonly script: string; readonly name: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: HostAnswer };

export type FailureCode = 'CannotExecuteLua' | 'LuaBadOutput' | 'NotLuaPredicate' | 'LuaReturnsNoString';

export type Outcome =
  | {
      readonly ok: true;
      /** JSON of what was returned. */
      readonly value: string;
      /** JSON of a list, `[]` unless asked for. */
      readonly operations: string;
      /** What was printed. */
      readonly output: string;
    }
  | { readonly ok: false; readonly code: FailureCode; readonly message: string };

/** From the thread. */
export type Report =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'done';
      readonly id: number;
      readonly outcome: Outcome;
      /** Those that are defined now. */
      readonly defined: readonly CallbackName[];
    }
  | { readonly kind: 'ask'; readonly id: number; readonly request: HostRequest }
  | { readonly kind: 'log'; readonly level: 'error' | 'warn'; readonly text: string };

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface WebRequest {
  readonly method: HttpMethod;
  /** A path of the REST API, or a URL. */
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What a script waits for. */
export type HostRequest =
  | ({ readonly kind: 'rest' } & WebRequest)
  | ({ readonly kind: 'http' } & WebRequest & {
        readonly credentials: Credentials | undefined;
        /** Seconds; undefined is HttpTimeout. */
        readonly timeout: number | undefined;
      })
  | { readonly kind: 'configuration' }
  | { readonly kind: 'set-stable'; readonly resource: string; readonly isStable: boolean }
  | { readonly kind: 'get-value'; readonly store: string; readonly key: string }
  | { readonly kind: 'set-value'; readonly store: string; readonly key: string; readonly value: Uint8Array }
  | { readonly kind: 'delete-value'; readonly store: string; readonly key: string }
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly input: Uint8Array | undefined;
      readonly captures: boolean;
    };

/** The shape of `value` follows from the request: bytes, JSON text, truth, or nothing. */
export type HostAnswer =
  | { readonly ok: true; readonly value: Uint8Array | string | boolean | CommandEnd | undefined }
  | { readonly ok: false; readonly message: string };

export interface CommandEnd {
  readonly reason: 'exit' | 'signal';
  readonly code: number;
  readonly output: Uint8Array;
}

export interface Limits {
  /** Milliseconds of computing for one call; what the script waits for does not count. */
  readonly computing: number;
  /** Bytes of all that scripts hold. */
  readonly memory: number;
}

export const usualLimits: Limits = { computing: 30_000, memory: 512 * 1024 * 1024 };

/** Calls of filters within calls that wait. */
export const deepestNesting = 16;

/** What the thread is given at its start. */
export interface ThreadData {
  readonly limits: Limits;
  /** One number, counted up with each order: what the thread sleeps on. */
  readonly orders: Int32Array<SharedArrayBuffer>;
  /** One number, counted up when a call goes to sleep and when it wakes: odd while it sleeps. */
  readonly sleeps: Int32Array<SharedArrayBuffer>;
}
