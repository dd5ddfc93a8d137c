// Searching the stored resources: /tools/find, /tools/count-resources, /tools/lookup, /tools/bulk-content.
import { Type } from 'typebox';
import { type Json, json, jsonArray, type Route, routeFor } from '../http/index.ts';
import { isAbove, isOrthancId, type Level, type OrthancId } from '../model/index.ts';
import { countResources, findResources } from '../services/find/index.ts';
import type { Services } from '../services/index.ts';
import { bareContent, expandedContent, viewResource } from '../services/read/index.ts';
import {
  type BulkContentBody,
  type FindBody,
  parseBulkContentBody,
  parseCountBody,
  parseFindBody,
} from './shapes/find-request-json.ts';
import { createResourceJson, referenceJson } from './shapes/resource-json.ts';

const route = routeFor<Services>();

const conditionFields = {
  Level: Type.String({ description: 'Patient, Study, Series or Instance' }),
  Query: Type.Record(Type.String(), Type.String(), {
    description: 'Tag: value, with lists a\\b, wildcards * ?, ranges a-b',
  }),
  MetadataQuery: Type.Optional(Type.Record(Type.String(), Type.String())),
  Labels: Type.Optional(Type.Array(Type.String())),
  LabelsConstraint: Type.Optional(Type.String({ description: 'All (default), Any or None' })),
  ParentPatient: Type.Optional(Type.String()),
  ParentStudy: Type.Optional(Type.String()),
  ParentSeries: Type.Optional(Type.String()),
};

const formatFields = {
  Full: Type.Optional(Type.Boolean()),
  Short: Type.Optional(Type.Boolean()),
  Simplify: Type.Optional(Type.Boolean()),
};

const findFields = {
  CaseSensitive: Type.Optional(Type.Boolean()),
  Expand: Type.Optional(Type.Boolean()),
  ResponseContent: Type.Optional(Type.Array(Type.String())),
  RequestedTags: Type.Optional(Type.Array(Type.String())),
  OrderBy: Type.Optional(
    Type.Array(Type.Object({ Type: Type.String(), Key: Type.String(), Direction: Type.String() })),
  ),
  Since: Type.Optional(Type.Integer({ minimum: 0 })),
  Limit: Type.Optional(Type.Integer({ minimum: 0 })),
};

const expandedList = Type.Array(Type.Object({ ID: Type.String(), Type: Type.String() }));

const nothing: AsyncIterable<readonly Json[]> = {
  async *[Symbol.asyncIterator]() {},
};

/** Ids or views of what is found. The request is checked at once. */
function answers(
  services: Services,
  { request, content, requestedTags, format }: FindBody,
): AsyncIterable<readonly Json[]> {
  if (!request) return nothing;
  const found = findResources(services, request, {
    content: content ?? bareContent,
    requestedTags: content ? requestedTags : [],
  });
  const show = content && createResourceJson(services, { content, format });
  return (async function* () {
    for await (const batch of found) yield batch.map((view) => (show ? show(view) : view.resource.id));
  })();
}

const find = route({
  method: 'POST',
  path: '/tools/find',
  summary: 'Searches the stored resources',
  tag: 'System',
  body: Type.Object({ ...conditionFields, ...findFields, ...formatFields }),
  reply: Type.Union([Type.Array(Type.String()), expandedList]),
  handler: async ({ body }, services) => jsonArray(answers(services, parseFindBody(await body.json(), services))),
});

const count = route({
  method: 'POST',
  path: '/tools/count-resources',
  summary: 'Counts the stored resources that a search would find',
  tag: 'System',
  body: Type.Object(conditionFields),
  reply: Type.Object({ Count: Type.Integer() }),
  async handler({ body }, services) {
    const request = parseCountBody(await body.json(), services);
    return json({ Count: request ? await countResources(services, request) : 0 });
  },
});

const lookup = route({
  method: 'POST',
  path: '/tools/lookup',
  summary: 'Resources with this PatientID, StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID',
  tag: 'System',
  reply: Type.Array(Type.Object({ ID: Type.String(), Path: Type.String(), Type: Type.String() })),
  handler: async ({ body }, { index }) => json((await index.lookup(await body.text())).map(referenceJson)),
});

/** Identifiers of the level that are, contain, or are below the resource; none for an unknown one. */
async function explored({ index }: Services, id: OrthancId, level: Level): Promise<readonly OrthancId[]> {
  const start = await index.get(id, { ancestors: true });
  if (!start) return [];
  if (start.level === level) return [id];
  if (isAbove(level, start.level)) {
    const above = start.ancestors[level];
    return above ? [above.id] : [];
  }
  const below: OrthancId[] = [];
  for await (const batch of index.find({ level, within: id }, {})) for (const found of batch) below.push(found.id);
  return below;
}

async function resourcesOfInterest(
  services: Services,
  { resources, level }: BulkContentBody,
): Promise<readonly OrthancId[]> {
  const named = resources.filter(isOrthancId);
  if (level === undefined) return named;
  const interest = new Set<OrthancId>();
  for (const id of new Set(named)) for (const found of await explored(services, id, level)) interest.add(found);
  return [...interest].sort();
}

const bulkBatch = 100;

async function* bulkContents(services: Services, asked: BulkContentBody): AsyncGenerator<readonly Json[]> {
  const content = { ...expandedContent, metadata: asked.metadata };
  const show = createResourceJson(services, { content, format: asked.format });
  let batch: Json[] = [];
  for (const id of await resourcesOfInterest(services, asked)) {
    const level = asked.level ?? (await services.index.get(id, {}))?.level;
    const view = level && (await viewResource(services, id, { level, content, requestedTags: [] }));
    if (view) batch.push(show(view));
    if (batch.length < bulkBatch) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

const bulkContent = route({
  method: 'POST',
  path: '/tools/bulk-content',
  summary: 'Full information about many resources, or about those of a level above or below them',
  tag: 'System',
  body: Type.Object({
    Resources: Type.Array(Type.String()),
    Level: Type.Optional(Type.String()),
    Metadata: Type.Optional(Type.Boolean()),
    ...formatFields,
  }),
  reply: expandedList,
  handler: async ({ body }, services) => jsonArray(bulkContents(services, parseBulkContentBody(await body.json()))),
});

export const findRoutes: readonly Route<Services>[] = [find, count, lookup, bulkContent];
