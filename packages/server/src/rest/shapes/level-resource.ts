// The resource that a path such as /studies/{id}/... names, and the words of its level.
import { isOrthancId, type Level, type OrthancId, PharosError } from '../../model/index.ts';
import type { Resource, ResourceFields, ResourceRef } from '../../ports/index.ts';
import type { Services } from '../../services/index.ts';

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

type Deps = Pick<Services, 'settings' | 'index'>;

/** @throws PharosError UnknownResource where the text is no identifier, or the server has no such level (PatientLevelEnabled) */
export function refOf({ settings }: Pick<Deps, 'settings'>, level: Level, id: string): ResourceRef {
  if (!isOrthancId(id) || (level === 'Patient' && !settings.PatientLevelEnabled))
    throw new PharosError('UnknownResource');
  return { level, id };
}

/** @throws PharosError UnknownResource */
export async function resourceOf(deps: Deps, level: Level, id: string, fields: ResourceFields): Promise<Resource> {
  const ref = refOf(deps, level, id);
  const resource = await deps.index.get(ref.id, fields);
  if (resource?.level !== level) throw new PharosError('UnknownResource');
  return resource;
}

/** @throws PharosError UnknownResource */
export function instanceIdOf(id: string): OrthancId {
  if (!isOrthancId(id)) throw new PharosError('UnknownResource');
  return id;
}
