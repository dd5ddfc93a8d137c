// What a request is about: the path, and the arguments of the query.
import { decodePercent, parseQuery } from './query-string.ts';
import type { Route } from './route.ts';
import { segmentsOf } from './router.ts';

export interface Target {
  /** Path without query, as it was sent. */
  readonly uri: string;
  readonly segments: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

/** @param hasQuery otherwise the query is not read. @throws URIError */
export function readTarget(url: string, hasQuery: boolean): Target {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const uri = decodePercent(path);
  return { uri, segments: segmentsOf(uri), query: parseQuery(mark >= 0 && hasQuery ? url.slice(mark + 1) : '') };
}

/** Arguments as the route declares them. @throws PharosError BadRequest, ParameterOutOfRange... */
export function argumentsOf<S>(route: Route<S>, query: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const name in route.query) values[name] = route.query[name]?.parse(query.get(name), name);
  return values;
}
