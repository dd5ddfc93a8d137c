// /tools/create-dicom: new instances from tags and a content.
import { json, type RouteRequest, routeFor, Type } from '../http/index.ts';
import { isOrthancId, type Origin, type OrthancId, PharosError } from '../model/index.ts';
import {
  createFlatInstance,
  createInstance,
  createSeries,
  type NewContent,
  type NewInstance,
} from '../services/create/index.ts';
import type { Services } from '../services/index.ts';
import { bodyMembers, isMembers, type JsonMembers, memberReader } from './shapes/json-body.ts';
import { requestOrigin, storedInstanceJson } from './shapes/stored-instance.ts';

const route = routeFor<Services>();

/** @throws PharosError CreateDicomBadParent */
function parentOf(members: JsonMembers): OrthancId | undefined {
  if (!Object.hasOwn(members, 'Parent')) return undefined;
  const { Parent: parent } = members;
  if (typeof parent === 'string' && isOrthancId(parent)) return parent;
  throw new PharosError('CreateDicomBadParent');
}

function newInstanceOf(members: JsonMembers, tags: object, { settings }: Services): NewInstance {
  const member = memberReader(members);
  return {
    tags,
    interpretsBinary: member.boolean('InterpretBinaryTags') ?? true,
    privateCreator: member.text('PrivateCreator') ?? settings.DefaultPrivateCreator,
    isForced: member.boolean('Force') ?? false,
    parent: parentOf(members),
  };
}

/** @throws PharosError CreateDicomNoPayload, CreateDicomUseDataUriScheme */
function newContentOf(item: unknown): NewContent {
  if (typeof item === 'string') return { content: item };
  if (!isMembers(item)) throw new PharosError('CreateDicomUseDataUriScheme');
  if (!Object.hasOwn(item, 'Content')) throw new PharosError('CreateDicomNoPayload');
  const { Content: content, Tags: tags } = item;
  if (typeof content !== 'string') throw new PharosError('CreateDicomUseDataUriScheme');
  if (tags !== undefined && !isMembers(tags)) throw new PharosError('BadRequest', 'Field "Tags" must be a JSON object');
  return { content, tags };
}

async function createReply(members: JsonMembers, tags: object, origin: Origin, services: Services) {
  const instance = newInstanceOf(members, tags, services);
  const { Content: content } = members;
  const isEncapsulated = memberReader(members).lenientBoolean('Encapsulate');
  if (content === undefined || (Array.isArray(content) && content.length === 0)) {
    return json(storedInstanceJson(await createInstance(services, instance, origin)));
  }
  if (typeof content === 'string') {
    return json(storedInstanceJson(await createInstance(services, instance, origin, { content, isEncapsulated })));
  }
  if (!Array.isArray(content)) throw new PharosError('CreateDicomUseDataUriScheme');
  if (isEncapsulated) throw new PharosError('NotImplemented', 'A series of compressed pictures is not made');
  const { ids } = await createSeries(services, instance, origin, content.map(newContentOf));
  return json({ ID: ids.series, Path: `/series/${ids.series}`, Status: 'Success' });
}

async function create(request: RouteRequest<unknown, unknown>, services: Services) {
  const members = bodyMembers(await request.body.json());
  const origin = requestOrigin(request);
  if (!Object.hasOwn(members, 'Tags')) {
    return json(storedInstanceJson(await createFlatInstance(services, members, origin)));
  }
  if (!isMembers(members.Tags)) throw new PharosError('BadRequest', 'Field "Tags" must be a JSON object');
  return createReply(members, members.Tags, origin, services);
}

export const createDicomRoutes = [
  route({
    method: 'POST',
    path: '/tools/create-dicom',
    summary: 'Makes an instance of tags and of a picture, document or model; or a series of several pictures',
    tag: 'Tools',
    body: Type.Object({
      Tags: Type.Record(Type.String(), Type.Unknown()),
      Content: Type.Optional(Type.Union([Type.String(), Type.Array(Type.Unknown())])),
      Parent: Type.Optional(Type.String()),
      InterpretBinaryTags: Type.Optional(Type.Boolean()),
      PrivateCreator: Type.Optional(Type.String()),
      Force: Type.Optional(Type.Boolean()),
      Encapsulate: Type.Optional(Type.Boolean()),
    }),
    reply: Type.Object({ ID: Type.String(), Path: Type.String(), Status: Type.String() }),
    writes: true,
    handler: create,
  }),
];
