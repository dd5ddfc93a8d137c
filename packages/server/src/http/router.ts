// Which route answers a path: at each segment a literal child is tried first, then the wildcard, then the route that takes
// the rest. A path that is known for other methods is told from one that is not known at all.
import type { Method, Route, Verb } from './route.ts';

export const methods: readonly Method[] = ['GET', 'POST', 'PUT', 'DELETE'];

interface Endpoint<S> {
  readonly route: Route<S>;
  readonly names: readonly string[];
}

interface Node<S> {
  readonly literals: Map<string, Node<S>>;
  wildcard: Node<S> | undefined;
  rest: Map<Verb, Endpoint<S>> | undefined;
  readonly endpoints: Map<Verb, Endpoint<S>>;
}

export type RouteMatch<S> =
  | { readonly kind: 'found'; readonly route: Route<S>; readonly params: Readonly<Record<string, string>> }
  /** The path exists; these methods do. */
  | { readonly kind: 'other-methods'; readonly allowed: readonly Method[] }
  | { readonly kind: 'unknown' };

export interface Router<S> {
  match(method: Verb, segments: readonly string[]): RouteMatch<S>;
  /** Names of the literal segments that may follow this path, sorted: what Orthanc lists as children. */
  children(segments: readonly string[]): readonly string[];
}

function createNode<S>(): Node<S> {
  return { literals: new Map(), wildcard: undefined, rest: undefined, endpoints: new Map() };
}

/** Segments of a path: repeated slashes and a slash at the end do not count. */
export function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function step<S>(node: Node<S>, segment: string): Node<S> {
  if (segment.startsWith(':')) {
    node.wildcard ??= createNode();
    return node.wildcard;
  }
  const next = node.literals.get(segment) ?? createNode<S>();
  node.literals.set(segment, next);
  return next;
}

function insert<S>(root: Node<S>, route: Route<S>): void {
  const segments = segmentsOf(route.path);
  const names = segments.filter((segment) => segment.startsWith(':')).map((segment) => segment.slice(1));
  const takesRest = segments.at(-1) === '*';
  let node = root;
  for (const segment of takesRest ? segments.slice(0, -1) : segments) node = step(node, segment);
  if (takesRest) node.rest ??= new Map();
  const endpoints = takesRest && node.rest ? node.rest : node.endpoints;
  if (endpoints.has(route.method)) throw new Error(`Two routes for ${route.method} ${route.path}`);
  endpoints.set(route.method, { route, names: takesRest ? [...names, 'rest'] : names });
}

interface Found<S> {
  readonly endpoints: ReadonlyMap<Verb, Endpoint<S>>;
  readonly values: readonly string[];
}

function find<S>(
  node: Node<S>,
  segments: readonly string[],
  at: number,
  values: readonly string[],
): Found<S> | undefined {
  const segment = segments[at];
  if (segment === undefined) {
    if (node.endpoints.size > 0) return { endpoints: node.endpoints, values };
    return node.rest && { endpoints: node.rest, values: [...values, ''] };
  }
  const literal = node.literals.get(segment);
  const byLiteral = literal && find(literal, segments, at + 1, values);
  if (byLiteral) return byLiteral;
  const byWildcard = node.wildcard && find(node.wildcard, segments, at + 1, [...values, segment]);
  if (byWildcard) return byWildcard;
  return node.rest && { endpoints: node.rest, values: [...values, segments.slice(at).join('/')] };
}

function nodesAt<S>(root: Node<S>, segments: readonly string[]): readonly Node<S>[] {
  let nodes = [root];
  for (const segment of segments) {
    nodes = nodes.flatMap((node) => [node.literals.get(segment), node.wildcard].filter((next) => next !== undefined));
  }
  return nodes;
}

function paramsOf<S>(endpoint: Endpoint<S>, values: readonly string[]): Readonly<Record<string, string>> {
  const params: Record<string, string> = {};
  for (let i = 0; i < endpoint.names.length; i++) params[endpoint.names[i] ?? ''] = values[i] ?? '';
  return params;
}

/** @throws Error where two routes have the same method and path */
export function createRouter<S>(routes: readonly Route<S>[]): Router<S> {
  const root = createNode<S>();
  for (const route of routes) insert(root, route);

  return {
    children: (segments) => [...new Set(nodesAt(root, segments).flatMap((node) => [...node.literals.keys()]))].sort(),
    match(method, segments) {
      const found = find(root, segments, 0, []);
      if (!found) return { kind: 'unknown' };
      const endpoint = found.endpoints.get(method);
      if (!endpoint) return { kind: 'other-methods', allowed: methods.filter((other) => found.endpoints.has(other)) };
      return { kind: 'found', route: endpoint.route, params: paramsOf(endpoint, found.values) };
    },
  };
}
