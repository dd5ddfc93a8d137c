// Metadata of patients, studies, series and instances: the server's own are read only, those from number 1024 on are the user's.
import { empty, json, query, type Route, routeFor, Type, text, unanswered } from '../http/index.ts';
import { type Level, levels, Metadata, type MetadataType } from '../model/index.ts';
import type { Resource } from '../ports/index.ts';
import type { Services } from '../services/index.ts';
import { timestamp } from '../services/ingest/index.ts';
import { textBody } from './plain-body.ts';
import { bareReply } from './shapes/content-reply.ts';
import { levelSegments, levelTags, levelWords, refOf, resourceOf } from './shapes/level-resource.ts';
import {
  etagOf,
  expectedByDelete,
  expectedBySet,
  isSameRevision,
  md5Of,
  revisionAfter,
  revisionOf,
} from './shapes/revision.ts';

const route = routeFor<Services>();

const notModified = 304;
/** Of one value: it is held in memory, and shown among all metadata of its resource. */
const maximumBytes = 64 * 1024 * 1024;
const forbidden = bareReply(403);

/** PatientRecyclingOrder is internal to the index. */
function shownMetadata({ metadata }: Resource) {
  return metadata.filter(({ type }) => type !== Metadata.PatientRecyclingOrder);
}

function listRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/metadata`,
    summary: `Metadata of a ${levelWords[level]}: names, or values by name`,
    tag: levelTags[level],
    query: {
      expand: query.boolean('Values by name instead of names', false),
      numeric: query.flag('Numbers instead of names'),
    },
    reply: Type.Union([
      Type.Array(Type.Union([Type.String(), Type.Integer()])),
      Type.Record(Type.String(), Type.String()),
    ]),
    async handler({ params, query: { expand, numeric } }, services) {
      const resource = await resourceOf(services, level, params.id, { metadata: true });
      const name = (type: MetadataType): string => (numeric ? String(type) : services.metadataTypes.nameOf(type));
      const entries = shownMetadata(resource);
      if (expand) return json(Object.fromEntries(entries.map(({ type, value }) => [name(type), value])));
      return json(entries.map(({ type }) => (numeric ? type : name(type))));
    },
  });
}

function getRoute(level: Level): Route<Services> {
  return route({
    method: 'GET',
    path: `/${levelSegments[level]}/:id/metadata/:name`,
    summary: `Value of a metadata of a ${levelWords[level]}`,
    tag: levelTags[level],
    reply: 'text/plain',
    async handler({ params, headers }, services) {
      const type = services.metadataTypes.numberOf(params.name);
      const resource = await resourceOf(services, level, params.id, { metadata: true });
      const entry = shownMetadata(resource).find((candidate) => candidate.type === type);
      if (!entry) return unanswered;
      const current = { revision: entry.revision, md5: md5Of(entry.value) };
      const etag = etagOf(current);
      if (isSameRevision(revisionOf(headers['if-none-match'], etag), current)) return bareReply(notModified, etag);
      return text(entry.value, etag);
    },
  });
}

function putRoute(level: Level): Route<Services> {
  return route({
    method: 'PUT',
    path: `/${levelSegments[level]}/:id/metadata/:name`,
    summary: `Set a metadata of a ${levelWords[level]} to the body`,
    tag: levelTags[level],
    reply: 'text/plain',
    async handler({ params, headers, body }, services) {
      const { metadataTypes, index, clock, settings } = services;
      const type = metadataTypes.numberOf(params.name);
      const value = await textBody(body, maximumBytes);
      if (!metadataTypes.isUser(type)) return forbidden;
      const { id, metadata } = await resourceOf(services, level, params.id, { metadata: true });
      const change = { ifMatch: headers['if-match'], isMandatory: settings.CheckRevisions };
      const expected = expectedBySet(
        change,
        metadata.some((entry) => entry.type === type),
      );
      const outcome = await index.setMetadata({ level, id }, type, value, timestamp(clock.now()), expected);
      return empty(etagOf({ revision: revisionAfter(outcome), md5: md5Of(value) }));
    },
  });
}

function deleteRoute(level: Level): Route<Services> {
  return route({
    method: 'DELETE',
    path: `/${levelSegments[level]}/:id/metadata/:name`,
    summary: `Delete a metadata of a ${levelWords[level]}`,
    tag: levelTags[level],
    reply: 'text/plain',
    async handler({ params, headers }, services) {
      const { metadataTypes, index, clock, settings } = services;
      const type = metadataTypes.numberOf(params.name);
      if (!metadataTypes.isUser(type)) return forbidden;
      const expected = expectedByDelete({ ifMatch: headers['if-match'], isMandatory: settings.CheckRevisions });
      const ref = refOf(level, params.id);
      revisionAfter(await index.deleteMetadata(ref, type, timestamp(clock.now()), expected));
      return empty();
    },
  });
}

export const metadataRoutes: readonly Route<Services>[] = levels.flatMap((level) => [
  listRoute(level),
  getRoute(level),
  putRoute(level),
  deleteRoute(level),
]);
