// Queries of modalities whose answers are kept (/queries), and retrieval of resources that the client names itself.
import { json, type Reply, Type } from '../http/index.ts';
import { type Level, PharosError, parseLevel } from '../model/index.ts';
import { findRemote, type RemoteAnswers, type RemoteQuery, retrieveItem } from '../services/query/index.ts';
import { queryKeysOf, scalarKeysOf } from './query-json.ts';
import { retrievalFields, retrievalReply } from './query-retrieval.ts';
import { type QueryServices, queryRoute as route } from './query-services.ts';
import { modalityNamed, remoteOf } from './remote-modality.ts';
import { isMembers, type JsonMembers, jsonOrNothing, memberReader } from './shapes/json-body.ts';

const tag = 'Modalities';

export const addedQuery = Type.Object({ ID: Type.String(), Path: Type.String() });

const objectNeeded = 'The body must contain a JSON object';

/** @throws PharosError ParameterOutOfRange */
function levelNamed(name: string): Level {
  const level = parseLevel(name);
  if (level) return level;
  throw new PharosError('ParameterOutOfRange', `Unknown level: ${name.slice(0, 64)}`);
}

/** Asks the modality, keeps what it answers, tells where. @throws PharosError InexistentItem, BadFileFormat, NetworkProtocol */
export async function askModality(
  services: QueryServices,
  query: Omit<RemoteQuery, keyof RemoteAnswers>,
): Promise<Reply> {
  const modality = modalityNamed(services, query.modality);
  const { level, keys, normalize } = query;
  const remote = remoteOf(modality, { LocalAet: query.localAet, Timeout: query.timeout }, services.settings);
  const { manufacturer, aet } = modality;
  const sent = (await services.filters?.sentFind?.(keys, aet)) ?? keys;
  const found = await findRemote(services, { remote, manufacturer, level, keys: sent, normalize });
  const id = services.queries.add({ ...query, ...found });
  return json({ ID: id, Path: `/queries/${id}` });
}

const query = route({
  method: 'POST',
  path: '/modalities/:id/query',
  summary: 'C-FIND whose answers are kept: see /queries',
  tag,
  body: Type.Object({
    Level: Type.String({ description: 'Patient, Study, Series or Instance' }),
    Query: Type.Optional(Type.Record(Type.String(), Type.String())),
    Normalize: Type.Optional(Type.Boolean({ description: 'Leave out keys that do not belong to the level (true)' })),
    LocalAet: Type.Optional(Type.String()),
    Timeout: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  reply: addedQuery,
  async handler({ params, body }, services) {
    const members = await jsonOrNothing(body);
    if (!isMembers(members)) throw new PharosError('BadFileFormat', objectNeeded);
    const member = memberReader(members, 'BadFileFormat');
    const level = member.text('Level');
    if (level === undefined) throw new PharosError('BadFileFormat', 'The body must have a field "Level"');
    return askModality(services, {
      modality: params.id,
      level: levelNamed(level),
      keys: member.has('Query') ? queryKeysOf(members.Query, services.dictionary) : new Map(),
      normalize: member.boolean('Normalize') ?? true,
      localAet: member.text('LocalAet') ?? '',
      timeout: member.count('Timeout') ?? 0,
    });
  },
});

const fieldsNeeded = 'The body must be a JSON object with fields "Level" and "Resources"';

interface NamedResources {
  readonly members: JsonMembers;
  readonly level: Level;
  readonly resources: readonly unknown[];
}

/** @throws PharosError BadFileFormat, ParameterOutOfRange */
function namedResources(members: unknown): NamedResources {
  if (!isMembers(members)) throw new PharosError('BadFileFormat', fieldsNeeded);
  const { Level: level, Resources: resources } = members;
  if (typeof level !== 'string' || !Array.isArray(resources)) throw new PharosError('BadFileFormat', fieldsNeeded);
  return { members, level: levelNamed(level), resources };
}

/** @throws PharosError BadFileFormat, UnknownDicomTag, BadRequest where an identifier is missing */
function itemOf(level: Level, resource: unknown, { dictionary }: QueryServices) {
  if (!isMembers(resource) || !Object.values(resource).every((text) => typeof text === 'string')) {
    throw new PharosError('BadFileFormat', 'Each of "Resources" must map DICOM tags to strings');
  }
  const keys = scalarKeysOf(resource, dictionary);
  return retrieveItem(level, (key) => keys.get(key));
}

function retrieveRoute(path: '/modalities/:id/move' | '/modalities/:id/get', method: 'C-MOVE' | 'C-GET') {
  return route({
    method: 'POST',
    path,
    summary: `${method} of resources that are named by their identifiers`,
    tag,
    body: Type.Object({
      Level: Type.String(),
      Resources: Type.Array(Type.Record(Type.String(), Type.String())),
      ...(method === 'C-MOVE' && { TargetAet: Type.Optional(Type.String()) }),
      LocalAet: Type.Optional(Type.String()),
      Timeout: Type.Optional(Type.Integer({ minimum: 0 })),
      ...retrievalFields,
    }),
    reply: Type.Record(Type.String(), Type.Unknown()),
    async handler({ params, body }, services) {
      const { members, level, resources } = namedResources(await jsonOrNothing(body));
      const member = memberReader(members, 'BadParameterType');
      return retrievalReply(services, {
        modality: modalityNamed(services, params.id),
        method,
        level,
        items: resources.map((resource) => itemOf(level, resource, services)),
        targetAet: member.text('TargetAet'),
        localAet: member.text('LocalAet') ?? '',
        timeout: memberReader(members, 'BadFileFormat').count('Timeout') ?? 0,
        members,
      });
    },
  });
}

export const modalityQueryRoutes = [
  query,
  retrieveRoute('/modalities/:id/move', 'C-MOVE'),
  retrieveRoute('/modalities/:id/get', 'C-GET'),
];
