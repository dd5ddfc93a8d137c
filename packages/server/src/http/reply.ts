// What a handler answers, as a value: the server writes it in Orthanc's form (pretty JSON, XML where asked, ranges, ETags).
import { Buffer } from 'node:buffer';

export type Headers = Readonly<Record<string, string>>;

/** Anything JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

export type Reply =
  /** Written with sorted keys and Orthanc's layout; as XML where `Accept: application/xml`. */
  | { readonly kind: 'json'; readonly value: Json; readonly status: number; readonly headers: Headers }
  /** The elements of a JSON array, streamed as they come. */
  | { readonly kind: 'json-array'; readonly values: AsyncIterable<readonly Json[]>; readonly headers: Headers }
  | {
      readonly kind: 'bytes';
      readonly body: Uint8Array;
      readonly mime: string;
      readonly status: number;
      readonly headers: Headers;
    }
  /** Bytes as they come, each piece sent before the next one is asked for; `length` where it is known, then Content-Length is sent. */
  | {
      readonly kind: 'stream';
      readonly body: AsyncIterable<Uint8Array>;
      readonly length: number | undefined;
      readonly mime: string;
      readonly status: number;
      readonly headers: Headers;
      /** Called where the client goes away while the first piece is awaited. */
      readonly abandon?: () => void;
    }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Orthanc's handler that does not answer: 404 for GET, PUT and DELETE, 400 for POST, with an empty body. */
  | { readonly kind: 'unanswered' };

export function json(value: Json, headers: Headers = {}, status = 200): Reply {
  return { kind: 'json', value, status, headers };
}

export function jsonArray(values: AsyncIterable<readonly Json[]>, headers: Headers = {}): Reply {
  return { kind: 'json-array', values, headers };
}

export function text(body: string, headers: Headers = {}, status = 200): Reply {
  return bytes(Buffer.from(body, 'utf8'), 'text/plain', headers, status);
}

export function bytes(body: Uint8Array, mime: string, headers: Headers = {}, status = 200): Reply {
  return { kind: 'bytes', body, mime, status, headers };
}

export function stream(
  body: AsyncIterable<Uint8Array>,
  mime: string,
  length?: number,
  headers: Headers = {},
  status = 200,
): Extract<Reply, { readonly kind: 'stream' }> {
  return { kind: 'stream', body, length, mime, status, headers };
}

/** 200, no body, text/plain. */
export function empty(headers: Headers = {}, status = 200): Reply {
  return text('', headers, status);
}

export function redirect(location: string): Reply {
  return { kind: 'redirect', location };
}

export const unanswered: Reply = { kind: 'unanswered' };
