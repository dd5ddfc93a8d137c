// The resource that a path such as /studies/{id}/... names, and the words of its level.
import { isOrthancId, type Level, type OrthancId, PharosError } from '../../model/index.ts';
import type { Resource, ResourceFields, ResourceReader, ResourceRef } from '../../ports/index.ts';

/** First segment of a path. */
export const levelSegments = {
  Patient: 'patients',
  Study: 'studies',
  Series: 'series',
  Instance: 'instances',
} as const;

/** As in a sentence. */
export const levelWords = { Patient: 'patient', Study: 'study', Series: 'series', Instance: 'instance' } as const;

/** Group in the documentation. */
export const levelTags = { Patient: 'Patients', Study: 'Studies', Series: 'Series', Instance: 'Instances' } as const;

interface Deps {
  readonly index: Pick<ResourceReader, 'get'>;
}

/** @throws PharosError UnknownResource where the text is no identifier */
export function identifierOf(id: string): OrthancId {
  if (!isOrthancId(id)) throw new PharosError('UnknownResource');
  return id;
}

/** @throws PharosError UnknownResource where the text is no identifier */
export function refOf(level: Level, id: string): ResourceRef {
  return { level, id: identifierOf(id) };
}

/** undefined: there is none of that level. */
export async function findResource(
  { index }: Deps,
  level: Level,
  id: string,
  fields: ResourceFields,
): Promise<Resource | undefined> {
  const resource = isOrthancId(id) ? await index.get(id, fields) : undefined;
  return resource?.level === level ? resource : undefined;
}

/** @throws PharosError UnknownResource */
export async function resourceOf(deps: Deps, level: Level, id: string, fields: ResourceFields): Promise<Resource> {
  const resource = await findResource(deps, level, id, fields);
  if (!resource) throw new PharosError('UnknownResource');
  return resource;
}
