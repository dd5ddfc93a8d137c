// OpenAPI 3.1 of the routes, made from the route objects themselves.
import type { Json } from './reply.ts';
import type { Route } from './route.ts';
import { methods } from './router.ts';

export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

const types: Readonly<Record<string, string>> = {
  flag: 'string',
  boolean: 'boolean',
  integer: 'integer',
  number: 'number',
};

function pathOf(path: string): string {
  return path.replace(/:([A-Za-z]\w*)/g, '{$1}').replace(/\*$/, '{rest}');
}

function parametersOf<S>(route: Route<S>): Json[] {
  const inPath = [...pathOf(route.path).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(route.query).map(([name, { kind, doc }]) => ({
    name,
    in: 'query',
    description: doc,
    // Only its presence counts: "?flag".
    allowEmptyValue: kind === 'flag' ? true : undefined,
    schema: { type: types[kind] ?? 'string' },
  }));
  return [...inPath, ...inQuery];
}

function operation<S>(route: Route<S>): Json {
  const reply = route.reply;
  const content = typeof reply === 'string' ? { [reply]: {} } : { 'application/json': { schema: reply.json } };
  const body = route.body ? { content: { 'application/json': { schema: route.body.json } } } : undefined;
  return {
    summary: route.summary,
    tags: [route.tag],
    parameters: parametersOf(route),
    requestBody: body,
    responses: { '200': { description: 'Success', content } },
  };
}

/** The document. It has no place for verbs of WebDAV. */
export function openApi<S>(routes: readonly Route<S>[], info: OpenApiInfo): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    if (!methods.some((method) => method === route.method)) continue;
    const path = pathOf(route.path);
    const operations = paths[path] ?? {};
    operations[route.method.toLowerCase()] = operation(route);
    paths[path] = operations;
  }
  return { openapi: '3.1.0', info: { title: info.title, version: info.version, description: info.description }, paths };
}
