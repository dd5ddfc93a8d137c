// /worklists: the entries of the modality worklist, where it is switched on.
import type { TagFormat } from '@pharos/dicom';
import { type Json, json, query, type RequestBody, routeFor, Type, unanswered } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { Services } from '../services/index.ts';
import type { Worklist, Worklists } from '../services/worklists/index.ts';
import { answerJson } from './query-json.ts';
import { worklistElements } from './query-worklist.ts';
import { isMembers } from './shapes/json-body.ts';

const route = routeFor<Services>();
const tag = 'Worklists';

/** As many as are listed. */
const mostListed = 10_000;

const tagsBody = Type.Object({ Tags: Type.Record(Type.String(), Type.Unknown()) });
const reference = Type.Object({ ID: Type.String(), Path: Type.String() });
const formatQuery = { format: query.text('Simplify (unless given), Short or Full') };

const formats: Readonly<Record<string, TagFormat>> = { simplify: 'simplify', short: 'short', full: 'full' };

/** @throws PharosError ParameterOutOfRange */
function formatOf(word: string | undefined): TagFormat {
  const name = word?.toLowerCase() || 'simplify';
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format) return format;
  throw new PharosError('ParameterOutOfRange', 'Argument "format" must be Simplify, Short or Full');
}

/** @throws PharosError BadSequenceOfCalls where worklists are off */
function worklistsOf({ worklists }: Services): Worklists {
  if (worklists) return worklists;
  throw new PharosError('UnknownResource', 'Worklists are switched off: set option Worklists.Enable to true');
}

function shown({ id, dataSet }: Worklist, format: TagFormat, { dictionary }: Services): Json {
  return { ID: id, Tags: answerJson(dataSet, format, dictionary) };
}

async function elementsOf(body: RequestBody, { dictionary }: Services) {
  const value = await body.json();
  if (!isMembers(value) || !isMembers(value.Tags)) {
    throw new PharosError('BadFileFormat', 'The body must be a JSON object with an object "Tags"');
  }
  return worklistElements(value.Tags, dictionary);
}

const referenceTo = (id: string): Json => ({ ID: id, Path: `/worklists/${id}` });

export const worklistRoutes = [
  route({
    method: 'GET',
    path: '/worklists',
    summary: 'All entries of the worklist, with their tags',
    tag,
    query: formatQuery,
    reply: Type.Array(Type.Object({ ID: Type.String(), Tags: Type.Record(Type.String(), Type.Unknown()) })),
    async handler({ query: { format } }, services) {
      const all: Json[] = [];
      for await (const worklist of worklistsOf(services).all()) {
        all.push(shown(worklist, formatOf(format), services));
        if (all.length === mostListed) break;
      }
      return json(all);
    },
  }),
  route({
    method: 'POST',
    path: '/worklists/create',
    summary: 'Makes an entry of the worklist; sequences are arrays of objects',
    tag,
    body: tagsBody,
    reply: reference,
    handler: async ({ body }, services) =>
      json(referenceTo(await worklistsOf(services).create(await elementsOf(body, services)))),
  }),
  route({
    method: 'GET',
    path: '/worklists/:id',
    summary: 'The tags of an entry',
    tag,
    query: formatQuery,
    reply: Type.Record(Type.String(), Type.Unknown()),
    async handler({ params, query: { format } }, services) {
      const worklist = await worklistsOf(services).get(params.id);
      return worklist ? json(answerJson(worklist.dataSet, formatOf(format), services.dictionary)) : unanswered;
    },
  }),
  route({
    method: 'PUT',
    path: '/worklists/:id',
    summary: 'Replaces the tags of an entry',
    tag,
    body: tagsBody,
    reply: reference,
    async handler({ params, body }, services) {
      const worklists = worklistsOf(services);
      const elements = await elementsOf(body, services);
      return (await worklists.replace(params.id, elements)) ? json(referenceTo(params.id)) : unanswered;
    },
  }),
  route({
    method: 'DELETE',
    path: '/worklists/:id',
    summary: 'Removes an entry',
    tag,
    reply: 'application/json',
    handler: async ({ params }, services) => ((await worklistsOf(services).remove(params.id)) ? json({}) : unanswered),
  }),
];
