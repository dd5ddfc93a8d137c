// Searching the stored resources: /tools/find, /tools/count-resources, /tools/lookup, /tools/bulk-content.
import type { Tag } from '@pharos/dicom';
import { type Json, json, jsonArray, type Route, routeFor, Type } from '../http/index.ts';
import { isAbove, isOrthancId, type Level, type OrthancId } from '../model/index.ts';
import { countResources, findResources, listResources } from '../services/find/index.ts';
import type { Services } from '../services/index.ts';
import {
  bareContent,
  expandedContent,
  inTurns,
  type ResourceContent,
  type ResourceView,
  viewResource,
} from '../services/read/index.ts';
import {
  type BulkContentBody,
  type FindBody,
  parseBulkContentBody,
  parseCountBody,
  parseFindBody,
} from './shapes/find-request-json.ts';
import { jsonOrNothing } from './shapes/json-body.ts';
import { createResourceJson, referenceJson } from './shapes/resource-json.ts';
import { resourceShape } from './shapes/resource-shape.ts';

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

const expandedList = Type.Array(resourceShape);

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
  handler: async ({ body }, services) =>
    jsonArray(answers(services, parseFindBody(await jsonOrNothing(body), services))),
});

const count = route({
  method: 'POST',
  path: '/tools/count-resources',
  summary: 'Counts the stored resources that a search would find',
  tag: 'System',
  body: Type.Object(conditionFields),
  reply: Type.Object({ Count: Type.Integer() }),
  async handler({ body }, services) {
    const request = parseCountBody(await jsonOrNothing(body), services);
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

interface BulkOptions {
  readonly content: ResourceContent;
  readonly requestedTags: readonly Tag[];
}

/** The resource of that level that is, or contains, this one; those below it, in batches. Nothing for an unknown one. */
async function* explored(
  services: Services,
  id: OrthancId,
  wanted: Level | undefined,
  options: BulkOptions,
): AsyncGenerator<readonly ResourceView[]> {
  const start = await services.index.get(id, { ancestors: wanted !== undefined });
  if (!start) return;
  const level = wanted ?? start.level;
  if (isAbove(start.level, level)) return yield* listResources(services, { level, within: id }, options);
  const target = level === start.level ? id : start.ancestors[level]?.id;
  const view = target && (await viewResource(services, target, { level, ...options }));
  if (view) yield [view];
}

async function* bulkContents(services: Services, asked: BulkContentBody): AsyncGenerator<readonly Json[]> {
  const content = { ...expandedContent, metadata: asked.metadata };
  const show = createResourceJson(services, { content, format: asked.format });
  const seen = new Set<OrthancId>();
  const isNew = ({ resource: { id } }: ResourceView): boolean => {
    if (asked.level === undefined) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  };
  const named = asked.resources.filter(isOrthancId);
  // With a level, each resource is shown once, however often it is named.
  for await (const id of inTurns(asked.level === undefined ? named : new Set(named))) {
    for await (const views of explored(services, id, asked.level, { content, requestedTags: [] })) {
      yield views.filter(isNew).map(show);
    }
  }
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
  handler: async ({ body }, services) =>
    jsonArray(bulkContents(services, parseBulkContentBody(await jsonOrNothing(body)))),
});

export const findRoutes: readonly Route<Services>[] = [find, count, lookup, bulkContent];
