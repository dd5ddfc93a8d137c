// The HTTP edge: routes are values, replies are values; this folder turns them into a server that speaks like Orthanc's.

export type { Screen, Visit } from './dispatcher.ts';
export { parseJson, writeJson } from './json-text.ts';
export { createLocalClient, type LocalAnswer, type LocalClient, type LocalRequest } from './local-client.ts';
export { type OpenApiInfo, openApi } from './openapi.ts';
/** Kinds of query arguments: `query: { expand: query.flag('...') }`. */
export * as query from './query-parameters.ts';
/** Makes of replies: json, jsonArray, text, bytes, stream, empty, redirect, unanswered. */
export * from './reply.ts';
export * from './route.ts';
export { type Schema, type Static, Type } from './schema.ts';
export { createHttpServer, type HttpServer, type HttpServerOptions, type HttpServerSettings } from './server.ts';
export { escapeXmlText } from './xml-text.ts';
