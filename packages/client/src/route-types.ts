// What a request takes and gives, by method and path: worked out from the generated routes.
import type { Routes } from './generated/routes.ts';
import type { ParamValue, QueryValue, RawBody } from './request.ts';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** The paths that know this method. */
export type PathWith<M extends Method> = {
  [P in keyof Routes]: M extends keyof Routes[P] ? P : never;
}[keyof Routes];

type ParamName<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamName<Rest>
  : never;

/** `{ id, frame }` of `/instances/{id}/frames/{frame}`. */
export type PathParams<Path extends string> = { readonly [K in ParamName<Path>]: ParamValue };

type Member<P extends keyof Routes, M extends Method, Name extends string, Absent> = M extends keyof Routes[P]
  ? Routes[P][M] extends { readonly [K in Name]: infer Value }
    ? Value
    : Absent
  : Absent;

export type QueryOf<P extends keyof Routes, M extends Method> = Member<
  P,
  M,
  'query',
  Readonly<Record<string, QueryValue>>
>;

/** Where the document tells of no JSON body, text and bytes may be sent. */
export type BodyOf<P extends keyof Routes, M extends Method> = Member<P, M, 'body', RawBody | undefined>;

export type ReplyOf<P extends keyof Routes, M extends Method> = Member<P, M, 'reply', unknown>;

interface Always {
  readonly headers?: Readonly<Record<string, string>>;
  /** Gives the request up; also the body of a reply that is being read. */
  readonly signal?: AbortSignal;
}

type Params<P extends string> = [ParamName<P>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: PathParams<P> };

type Query<P extends keyof Routes, M extends Method> = { readonly query?: QueryOf<P, M> };

type Body<P extends keyof Routes, M extends Method> = M extends 'get' | 'delete'
  ? { readonly body?: undefined }
  : undefined extends BodyOf<P, M>
    ? { readonly body?: BodyOf<P, M> }
    : { readonly body: BodyOf<P, M> };

type Options<P extends keyof Routes, M extends Method> = Always & Params<P> & Query<P, M> & Body<P, M>;

/** What follows the path: options, which may be left out where nothing in them is required. */
export type Arguments<P extends keyof Routes, M extends Method> =
  Always extends Options<P, M> ? [options?: Options<P, M>] : [options: Options<P, M>];
