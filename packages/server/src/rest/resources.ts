// Patients, studies, series and instances: lists, single resources, what is below and above them, protection of patients.
import type { Tag, TagFormat } from '@pharos/dicom';
import {
  empty,
  type Json,
  json,
  jsonArray,
  type QueryValues,
  query,
  type Reply,
  type Route,
  routeFor,
  Type,
  text,
  unanswered,
} from '../http/index.ts';
import { isAbove, isOrthancId, type Level, levels, PharosError } from '../model/index.ts';
import type { ResourceRef } from '../ports/index.ts';
import { listResources } from '../services/find/index.ts';
import type { Services } from '../services/index.ts';
import { bareContent, expandedContent, type ResourceContent, viewResource } from '../services/read/index.ts';
import { booleanBody } from './plain-body.ts';
import { contentOf, formatOf, tagNamed } from './shapes/content-words.ts';
import { findResource, levelSegments, levelTags, levelWords, resourceOf } from './shapes/level-resource.ts';
import { createResourceJson } from './shapes/resource-json.ts';
import { resourceShape } from './shapes/resource-shape.ts';

const route = routeFor<Services>();

const ids = Type.Array(Type.String());
const idsOrExpanded = Type.Union([ids, Type.Array(resourceShape)]);

const tagsQuery = {
  simplify: query.flag('Tags as {name: value}, the default'),
  short: query.flag('Tags as {tag: value}'),
  full: query.flag('Tags as {tag: {Name, Type, Value}}'),
  'requested-tags': query.list('Tags to add as RequestedTags', ';'),
  requestedTags: query.list('Old name of requested-tags', ';'),
};

interface TagsAsked {
  readonly requestedTags: readonly Tag[];
  readonly format: TagFormat;
}

/** @throws PharosError BadRequest for a tag that nobody knows */
function tagsAsked({ dictionary }: Services, asked: QueryValues<typeof tagsQuery>): TagsAsked {
  const names = asked['requested-tags'] ?? asked.requestedTags ?? [];
  return { requestedTags: names.map((name) => tagNamed(dictionary, name, 'BadRequest')), format: formatOf(asked) };
}

/** What a list shows; without content, identifiers. */
interface Shown {
  readonly content: ResourceContent | undefined;
  readonly requestedTags: readonly Tag[];
  readonly format: TagFormat;
}

type ListQuery = Parameters<typeof listResources>[1];

async function* idsOf(services: Services, list: ListQuery): AsyncGenerator<readonly Json[]> {
  const views = listResources(services, list, { content: bareContent, requestedTags: [] });
  for await (const batch of views) yield batch.map((view) => view.resource.id);
}

async function* listed(services: Services, list: ListQuery, shown: Shown): AsyncGenerator<readonly Json[]> {
  const { content, requestedTags, format } = shown;
  if (!content) return yield* idsOf(services, list);
  const show = createResourceJson(services, { content, format });
  for await (const batch of listResources(services, list, { content, requestedTags })) yield batch.map(show);
}

interface Paging {
  readonly since: number;
  readonly limit: number | undefined;
}

/** Both or none; a limit of 0 is none. */
function pagingOf(since: number | undefined, limit: number | undefined): Paging {
  if (since === undefined && limit === undefined) return { since: 0, limit: undefined };
  if (since === undefined) throw new PharosError('BadRequest', 'Missing "since" argument');
  if (limit === undefined) throw new PharosError('BadRequest', 'Missing "limit" argument');
  return { since, limit: limit || undefined };
}

function listRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}`,
    summary: `All ${levelSegments[level]}: identifiers, or what is asked for`,
    tag: levelTags[level],
    query: {
      ...tagsQuery,
      expand: query.boolean('Full information instead of identifiers', false),
      'response-content': query.list('What to show of each; wins over expand', ';'),
      since: query.integer('How many to pass over; goes with limit'),
      limit: query.integer('At most so many, 0 for all; goes with since'),
    },
    reply: idsOrExpanded,
    handler({ query: asked }, services) {
      const named = asked['response-content'];
      const content = named ? contentOf(named) : asked.expand ? expandedContent : undefined;
      const list = { level, ...pagingOf(asked.since, asked.limit) };
      return jsonArray(listed(services, list, { content, ...tagsAsked(services, asked) }));
    },
  });
}

async function expandedReply(services: Services, { level, id }: ResourceRef, asked: TagsAsked): Promise<Reply> {
  const content = expandedContent;
  const view = await viewResource(services, id, { level, content, requestedTags: asked.requestedTags });
  return view ? json(createResourceJson(services, { content, format: asked.format })(view)) : unanswered;
}

function singleRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id`,
    summary: `Full information about a ${levelWords[level]}`,
    tag: levelTags[level],
    query: tagsQuery,
    reply: resourceShape,
    handler({ params: { id }, query: asked }, services) {
      const shown = tagsAsked(services, asked);
      return isOrthancId(id) ? expandedReply(services, { level, id }, shown) : unanswered;
    },
  });
}

function childrenRoute(level: Level, child: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/${levelSegments[child]}`,
    summary: `The ${levelSegments[child]} of a ${levelWords[level]}: full information, or identifiers`,
    tag: levelTags[level],
    query: { ...tagsQuery, expand: query.boolean('Full information; false for identifiers', true) },
    reply: idsOrExpanded,
    async handler({ params, query: asked }, services) {
      const content = asked.expand ? expandedContent : undefined;
      const shown = { content, ...tagsAsked(services, asked) };
      const { id: within } = await resourceOf(services, level, params.id, {});
      return jsonArray(listed(services, { level: child, within }, shown));
    },
  });
}

function parentRoute(level: Level, parent: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/${levelWords[parent]}`,
    summary: `The ${levelWords[parent]} of a ${levelWords[level]}`,
    tag: levelTags[level],
    query: tagsQuery,
    reply: resourceShape,
    async handler({ params, query: asked }, services) {
      // Requested tags are checked, and not shown: nobody ever got them here.
      const { format } = tagsAsked(services, asked);
      const { ancestors } = await resourceOf(services, level, params.id, { ancestors: true });
      const above = ancestors[parent];
      if (!above) throw new PharosError('UnknownResource');
      return expandedReply(services, { level: parent, id: above.id }, { requestedTags: [], format });
    },
  });
}

const isProtected = route({
  method: 'GET',
  path: '/patients/:id/protected',
  summary: 'Whether a patient is protected from recycling: 1 or 0',
  tag: levelTags.Patient,
  reply: 'text/plain',
  async handler({ params }, services) {
    const patient = await findResource(services, 'Patient', params.id, {});
    if (!patient) throw new PharosError('ParameterOutOfRange', 'There is no such patient');
    return text(patient.isProtected ? '1' : '0');
  },
});

const setProtected = route({
  method: 'PUT',
  path: '/patients/:id/protected',
  summary: 'Protects a patient from recycling (1, true), or no longer (0, false)',
  tag: levelTags.Patient,
  reply: 'text/plain',
  writes: true,
  async handler({ params, body }, services) {
    const value = await booleanBody(body);
    const done = isOrthancId(params.id) && (await services.index.setProtected(params.id, value));
    if (!done) throw new PharosError('ParameterOutOfRange', 'There is no such patient');
    await services.index.sync();
    return empty();
  },
});

/** Pairs of a level and another one that stands below it. */
const hierarchy: readonly (readonly [Level, Level])[] = levels.flatMap((level) =>
  levels.filter((other) => isAbove(level, other)).map((other) => [level, other] as const),
);

export const resourceRoutes: readonly Route<Services>[] = [
  ...levels.map(listRoute),
  ...levels.map(singleRoute),
  ...hierarchy.map(([level, child]) => childrenRoute(level, child)),
  ...hierarchy.map(([parent, level]) => parentRoute(level, parent)),
  isProtected,
  setProtected,
];
