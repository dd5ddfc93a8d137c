// Tags of the files below a resource: those of its module, those that all have in common, those of each.
import type { Json as DicomJson } from '@pharos/dicom';
import { json, type Reply, type Route, routeFor, stream, Type, unanswered, writeJson } from '../http/index.ts';
import { type Level, moduleTags, type OrthancId, PharosError } from '../model/index.ts';
import type { ResourceRef } from '../ports/index.ts';
import type { Services } from '../services/index.ts';
import {
  briefTags,
  type InstanceTagsOptions,
  instanceTags,
  inTurns,
  pickTags,
  sharedTags,
  type TagsJson,
} from '../services/read/index.ts';
import { levelSegments, levelTags, levelWords, refOf, resourceOf } from './shapes/level-resource.ts';
import { formatQuery, fullFormatOf, ignoreLengthOf, ignoreLengthQuery, mayWantXml } from './shapes/tag-arguments.ts';

const route = routeFor<Services>();

const shownTags = Type.Record(Type.String(), Type.Unknown());
/** Up to so many instances are answered in one piece, more as they are read. */
const inOnePieceInstances = 64;

/** Identifiers of the instances of a resource, sorted. @throws PharosError UnknownResource */
async function instancesOf(services: Services, { level, id }: ResourceRef): Promise<readonly OrthancId[]> {
  await resourceOf(services, level, id, {});
  const ids: OrthancId[] = [];
  const found = services.index.find({ level: 'Instance', within: id }, {});
  for await (const batch of found) for (const instance of batch) ids.push(instance.id);
  return ids.sort();
}

/** undefined where the instance went away meanwhile. */
async function tagsOf(
  services: Services,
  id: OrthancId,
  options: Omit<InstanceTagsOptions, 'dictionary'>,
): Promise<TagsJson | undefined> {
  const file = await services.reader.header(id);
  return file && instanceTags(file, { ...options, dictionary: services.dictionary });
}

/** As in Orthanc, the instance with the least identifier stands for all. */
async function leastInstanceOf({ index }: Services, { level, id }: ResourceRef): Promise<OrthancId | undefined> {
  if (level === 'Instance') return id;
  let least: OrthancId | undefined;
  for await (const batch of index.find({ level: 'Instance', within: id }, {})) {
    for (const instance of batch) if (least === undefined || instance.id < least) least = instance.id;
  }
  return least;
}

function moduleRoute(level: Level, segment: 'module' | 'module-patient', module: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/${segment}`,
    summary: `Tags of the ${levelWords[module]} module of a ${levelWords[level]}`,
    tag: levelTags[level],
    query: { ...formatQuery, ...ignoreLengthQuery },
    reply: shownTags,
    async handler({ params, query }, services) {
      const ignoreLength = ignoreLengthOf(services.dictionary, query);
      const ref = await resourceOf(services, level, params.id, {});
      const instance = await leastInstanceOf(services, ref);
      if (!instance) return unanswered;
      const full = await tagsOf(services, instance, { format: 'full', ignoreLength });
      if (!full) throw new PharosError('UnknownResource');
      return json(briefTags(pickTags(full, moduleTags[module]), fullFormatOf(query)));
    },
  });
}

function sharedTagsRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/shared-tags`,
    summary: `Tags that have the same value in all instances of a ${levelWords[level]}`,
    tag: levelTags[level],
    query: formatQuery,
    reply: shownTags,
    async handler({ params, query }, services) {
      let shared: TagsJson | undefined;
      for await (const id of inTurns(await instancesOf(services, refOf(level, params.id)))) {
        const full = await tagsOf(services, id, { format: 'full' });
        if (full) shared = sharedTags(shared, full);
      }
      return json(briefTags(shared ?? {}, fullFormatOf(query)));
    },
  });
}

type Entry = readonly [OrthancId, TagsJson];

async function* tagsOfEach(
  services: Services,
  ids: readonly OrthancId[],
  options: Omit<InstanceTagsOptions, 'dictionary'>,
): AsyncGenerator<Entry> {
  for await (const id of inTurns(ids)) {
    const tags = await tagsOf(services, id, options);
    if (tags) yield [id, tags];
  }
}

/** The text of a JSON object, in pieces, in the layout of all JSON answers. */
async function* objectText(entries: AsyncIterable<Entry>): AsyncGenerator<Uint8Array> {
  let separator = '{\n';
  for await (const [id, tags] of entries) {
    const nested = writeJson(tags).replaceAll('\n', '\n   ');
    yield Buffer.from(`${separator}   "${id}" : \n   ${nested}`, 'utf8');
    separator = ',\n';
  }
  yield Buffer.from(separator === ',\n' ? '\n}' : '{}', 'utf8');
}

async function eachReply(entries: AsyncIterable<Entry>, isInOnePiece: boolean): Promise<Reply> {
  if (!isInOnePiece) return stream(objectText(entries), 'application/json; charset=utf-8');
  const all: Record<string, DicomJson> = {};
  for await (const [id, tags] of entries) all[id] = tags;
  return json(all);
}

function instancesTagsRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/instances-tags`,
    summary: `Tags of each instance of a ${levelWords[level]}, by its identifier`,
    tag: levelTags[level],
    query: { ...formatQuery, ...ignoreLengthQuery },
    reply: Type.Record(Type.String(), shownTags),
    async handler({ params, query, headers }, services) {
      const options = { format: fullFormatOf(query), ignoreLength: ignoreLengthOf(services.dictionary, query) };
      const ids = await instancesOf(services, refOf(level, params.id));
      const isInOnePiece = ids.length <= inOnePieceInstances || mayWantXml(headers.accept);
      return eachReply(tagsOfEach(services, ids, options), isInOnePiece);
    },
  });
}

const parents = ['Patient', 'Study', 'Series'] as const;

export const moduleRoutes: readonly Route<Services>[] = [
  moduleRoute('Patient', 'module', 'Patient'),
  moduleRoute('Study', 'module', 'Study'),
  moduleRoute('Study', 'module-patient', 'Patient'),
  moduleRoute('Series', 'module', 'Series'),
  moduleRoute('Instance', 'module', 'Instance'),
  ...parents.map(sharedTagsRoute),
  ...parents.map(instancesTagsRoute),
];
