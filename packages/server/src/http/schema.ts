// Shapes of JSON bodies and answers: JSON Schema (2020-12, as in OpenAPI 3.1) with the TypeScript type that it means. They document;
// handlers check what they read. A schema library costs 20 MB of memory and 0.2 s at start, which this purpose is not worth.
import type { Json } from './reply.ts';

declare const meaning: unique symbol;

export interface Schema<T = unknown> {
  readonly [meaning]?: T;
  readonly optional?: boolean;
  readonly json: { readonly [keyword: string]: Json };
}

export type Static<S> = S extends Schema<infer T> ? T : never;

type Members = Readonly<Record<string, Schema>>;
type OptionalNames<M extends Members> = {
  [K in keyof M]: M[K] extends { readonly optional: true } ? K : never;
}[keyof M];
type ObjectOf<M extends Members> = {
  readonly [K in Exclude<keyof M, OptionalNames<M>>]: Static<M[K]>;
} & { readonly [K in OptionalNames<M>]?: Static<M[K]> };

type Keywords = Schema['json'];

const of = <T>(json: Keywords, more: Keywords = {}): Schema<T> => ({ json: { ...json, ...more } });

function object<const M extends Members>(members: M, more?: Keywords): Schema<ObjectOf<M>> {
  const entries = Object.entries(members);
  const required = entries.filter(([, member]) => !member.optional).map(([name]) => name);
  const properties = Object.fromEntries(entries.map(([name, { json }]) => [name, json]));
  return of({ type: 'object', properties, ...(required.length > 0 && { required }) }, more);
}

function union<const S extends readonly Schema[]>(schemas: S, more?: Keywords): Schema<Static<S[number]>> {
  return of({ anyOf: schemas.map(({ json }) => json) }, more);
}

/** Makers of schemas; `more` adds keywords such as description or minimum. */
export const Type = {
  Array: <T>(items: Schema<T>, more?: Keywords) => of<readonly T[]>({ type: 'array', items: items.json }, more),
  Boolean: (more?: Keywords) => of<boolean>({ type: 'boolean' }, more),
  Integer: (more?: Keywords) => of<number>({ type: 'integer' }, more),
  Literal: <const T extends string | number | boolean>(value: T) => of<T>({ const: value }),
  Null: () => of<null>({ type: 'null' }),
  Number: (more?: Keywords) => of<number>({ type: 'number' }, more),
  Object: object,
  Optional: <T>(schema: Schema<T>): Schema<T> & { readonly optional: true } => ({ json: schema.json, optional: true }),
  /** An object with any names. */
  Record: <T>(_name: Schema<string>, value: Schema<T>, more?: Keywords) =>
    of<Readonly<Record<string, T>>>({ type: 'object', additionalProperties: value.json }, more),
  String: (more?: Keywords) => of<string>({ type: 'string' }, more),
  Union: union,
  Unknown: () => of<unknown>({}),
};
