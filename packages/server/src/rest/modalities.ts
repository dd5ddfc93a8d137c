// /modalities: remote DICOM application entities, and what can be asked of them.
import { createDataSet, generateUid, Tag } from '@pharos/dicom';
import {
  empty,
  json,
  parseJson,
  query,
  type Reply,
  type RequestBody,
  routeFor,
  Type,
  unanswered,
} from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { NetworkQuery, RemoteModality } from '../ports/index.ts';
import type { Services } from '../services/index.ts';
import { parseModality, printModality } from '../services/modalities/index.ts';
import { modalityNamed, remoteOf } from './remote-modality.ts';
import { isMembers, type JsonMembers, memberReader } from './shapes/json-body.ts';
import { nothingToSay } from './tools.ts';

const route = routeFor<Services>();
const tag = 'Modalities';
const names = Type.Array(Type.String());

/** What clients find below a modality: they look here for what they may ask. */
const operations: readonly string[] = [
  'configuration',
  'echo',
  'find',
  'find-instance',
  'find-patient',
  'find-series',
  'find-study',
  'find-worklist',
  'get',
  'move',
  'query',
  'storage-commitment',
  'store',
  'store-straight',
];
const modalityShape = Type.Object({
  AET: Type.String(),
  Host: Type.String(),
  Port: Type.Integer(),
  Manufacturer: Type.Optional(Type.String()),
});

const membersOf = (value: unknown): JsonMembers => (isMembers(value) ? value : {});

const nobodysStudy: NetworkQuery = {
  model: 'study-root',
  identifier: createDataSet([
    { tag: Tag.QueryRetrieveLevel, value: 'STUDY' },
    { tag: Tag.StudyInstanceUID, value: generateUid() },
  ]),
};

/** The members of a JSON body; an empty body has none. @throws PharosError BadFileFormat */
async function optionsOf(body: RequestBody): Promise<JsonMembers> {
  const content = await body.bytes();
  return content.length === 0 ? {} : membersOf(parseJson(content.toString('utf8')));
}

async function echo({ network, settings }: Services, remote: RemoteModality, options: JsonMembers): Promise<Reply> {
  const checkFind = memberReader(options, 'BadFileFormat').boolean('CheckFind') ?? settings.DicomEchoChecksFind;
  await network.echo(remote);
  // Whether the modality can be searched at all: a study that nobody has.
  if (checkFind) for await (const _answer of network.find(remote, nobodysStudy)) break;
  return nothingToSay();
}

const registryRoutes = [
  route({
    method: 'GET',
    path: '/modalities',
    summary: 'Names of the modalities',
    tag,
    query: { expand: query.boolean('With their configurations', false) },
    reply: names,
    handler: ({ query: { expand } }, { modalities }) => {
      if (!expand) return json(modalities.names());
      const entries = modalities.names().map((name) => {
        const modality = modalities.get(name);
        return [name, modality ? printModality(modality) : undefined] as const;
      });
      return json(Object.fromEntries(entries));
    },
  }),
  route({
    method: 'GET',
    path: '/modalities/:id',
    summary: 'What can be asked of a modality',
    tag,
    reply: names,
    handler: ({ params }, { modalities }) => (modalities.get(params.id) ? json(operations) : unanswered),
  }),
  route({
    method: 'PUT',
    path: '/modalities/:id',
    summary: 'Registers a modality: [AET, host, port, manufacturer] or an object',
    tag,
    body: modalityShape,
    reply: 'text/plain',
    handler: async ({ params, body }, { modalities }) => {
      await modalities.set(params.id, parseModality(await body.json()));
      return empty();
    },
  }),
  route({
    method: 'DELETE',
    path: '/modalities/:id',
    summary: 'Forgets a modality',
    tag,
    reply: 'text/plain',
    handler: async ({ params }, { modalities }) => {
      if (await modalities.remove(params.id)) return empty();
      throw new PharosError('InexistentItem', `Unknown DICOM modality with symbolic name: ${params.id.slice(0, 64)}`);
    },
  }),
  route({
    method: 'GET',
    path: '/modalities/:id/configuration',
    summary: 'The configuration of a modality',
    tag,
    reply: modalityShape,
    handler: ({ params }, services) => json(printModality(modalityNamed(services, params.id))),
  }),
];

const networkRoutes = [
  route({
    method: 'POST',
    path: '/modalities/:id/echo',
    summary: 'C-ECHO',
    tag,
    body: Type.Object({ CheckFind: Type.Optional(Type.Boolean()), Timeout: Type.Optional(Type.Integer()) }),
    reply: 'application/json',
    handler: async ({ params, body }, services) => {
      const options = await optionsOf(body);
      return echo(services, remoteOf(modalityNamed(services, params.id), options, services.settings), options);
    },
  }),
  route({
    method: 'POST',
    path: '/tools/dicom-echo',
    summary: 'C-ECHO to a modality that the body describes',
    tag,
    body: modalityShape,
    reply: 'application/json',
    handler: async ({ body }, services) => {
      const described = await body.json();
      return echo(services, remoteOf(parseModality(described), {}, services.settings), membersOf(described));
    },
  }),
];

export const modalityRoutes = [...registryRoutes, ...networkRoutes];
