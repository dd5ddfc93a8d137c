// The generated part of @pharos/client, made from the OpenAPI document of a server with every route: types of arguments, bodies and
// replies by path and method, and which replies are no JSON.
import { loadConfiguration } from '../../packages/server/src/config/index.ts';
import { openApi } from '../../packages/server/src/http/index.ts';
import { pharosVersion, routesFor } from '../../packages/server/src/rest/index.ts';
import { comment, type JsonSchema, memberName, objectType, schemaType } from './schema-type.ts';
import { nameShapes, type PlacedSchema, type ShapeNames } from './shape-names.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description?: string;
  readonly allowEmptyValue?: boolean;
  readonly schema: JsonSchema;
}

interface Content {
  readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

interface Operation {
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: { readonly 200: Content };
}

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Text of each file by its name. */
export type ClientModules = Readonly<Record<'routes.ts' | 'reply-kinds.ts', string>>;

const notice = '// Written by scripts/generate-client.ts from the OpenAPI document: do not edit.\n';

function readDocument(): OpenApiDocument {
  const { settings } = loadConfiguration();
  const document = openApi(routesFor(settings), { title: 'Pharos', version: pharosVersion, description: '' });
  return JSON.parse(JSON.stringify(document));
}

const bodyOf = ({ requestBody }: Operation) => requestBody?.content['application/json']?.schema;

function replyOf({ responses }: Operation) {
  const [mime = '', { schema = {} } = {}] = Object.entries(responses[200].content)[0] ?? [];
  const kind = mime === 'application/json' ? 'json' : mime.startsWith('text/') ? 'text' : 'bytes';
  return { kind, schema } as const;
}

/** `get /jobs/{id}` becomes GetJobsId. */
function placeName(method: string, path: string): string {
  const words = `${method} ${path}`.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function placesOf(path: string, method: string, operation: Operation): readonly PlacedSchema[] {
  const name = placeName(method, path);
  const body = bodyOf(operation);
  const reply = { place: `${name}Reply`, schema: replyOf(operation).schema };
  return body ? [{ place: `${name}Body`, schema: body }, reply] : [reply];
}

function queryType(parameters: readonly Parameter[], indent: string): string | undefined {
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  if (asked.length === 0) return undefined;
  const inner = `${indent}  `;
  const members = asked.map(({ name, description, allowEmptyValue, schema }) => {
    const type = allowEmptyValue ? 'true' : schemaType(schema, inner, () => undefined);
    return `${comment(description, inner)}${inner}${memberName(name)}?: ${type};\n`;
  });
  return `{\n${members.join('')}${indent}}`;
}

function operationType(method: string, operation: Operation, { nameOf }: ShapeNames): string {
  const indent = '      ';
  const body = bodyOf(operation);
  const reply = replyOf(operation);
  const replyType = { json: schemaType(reply.schema, indent, nameOf), text: 'string', bytes: 'Response' }[reply.kind];
  const query = queryType(operation.parameters, indent);
  return [
    comment(operation.summary, '    '),
    `    ${method}: {\n`,
    query ? `${indent}query: ${query};\n` : '',
    body ? `${indent}body: ${schemaType(body, indent, nameOf)};\n` : '',
    `${indent}reply: ${replyType};\n    };\n`,
  ].join('');
}

function routesModule({ paths }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const names = nameShapes(operations.flatMap(({ path, method, operation }) => placesOf(path, method, operation)));
  const shapes = names.shapes.map(
    ([name, schema]) => `export type ${name} = ${objectType(schema, '', names.nameOf)};\n\n`,
  );
  const routes = Object.entries(paths).map(([path, methods]) => {
    const types = Object.entries(methods).map(([method, operation]) => operationType(method, operation, names));
    return `  '${path}': {\n${types.join('')}  };\n`;
  });
  const head = '// The REST API as types: arguments, bodies and replies by path and method.\n';
  return `${head}${notice}\n${shapes.join('')}export interface Routes {\n${routes.join('')}}\n`;
}

function replyKindsModule({ paths }: OpenApiDocument): string {
  const lines = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const { kind } = replyOf(operation);
      return kind === 'json' ? [] : `  '${method.toUpperCase()} ${path}': '${kind}',\n`;
    }),
  );
  const head = '// Which replies of the REST API are no JSON, by method and path.\n';
  const type = "Readonly<Record<string, 'text' | 'bytes'>>";
  return `${head}${notice}\nexport const replyKinds: ${type} = {\n${lines.join('')}};\n`;
}

/** The files of packages/client/src/generated. */
export function clientModules(): ClientModules {
  const document = readDocument();
  return { 'routes.ts': routesModule(document), 'reply-kinds.ts': replyKindsModule(document) };
}
