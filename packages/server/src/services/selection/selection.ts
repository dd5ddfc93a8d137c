// The instances of what a client names, in the order in which they are sent.
import { Tag } from '@pharos/dicom';
import { isOrthancId, type OrthancId, PharosError } from '../../model/index.ts';
import type { IndexQuery, IndexStore, ResourceRef } from '../../ports/index.ts';
import { inTurns } from '../read/index.ts';

export interface Selection {
  /** What was named, in that order. */
  readonly resources: readonly ResourceRef[];
  /** Below these, each once: resource by resource, series by series, by InstanceNumber. */
  readonly instances: readonly OrthancId[];
}

const inOrder: IndexQuery['orderBy'] = [
  { key: { tag: Tag.StudyInstanceUID, level: 'Study' }, as: 'text', descending: false },
  { key: { tag: Tag.SeriesInstanceUID, level: 'Series' }, as: 'text', descending: false },
  { key: { tag: Tag.InstanceNumber, level: 'Instance' }, as: 'integer', descending: false },
];

/** Instances of a resource: series by series, by InstanceNumber. */
export async function* instancesBelow(
  { index }: { readonly index: Pick<IndexStore, 'find'> },
  { level, id }: ResourceRef,
): AsyncGenerator<OrthancId, void, undefined> {
  if (level === 'Instance') {
    yield id;
    return;
  }
  for await (const batch of index.find({ level: 'Instance', within: id, orderBy: inOrder }, {})) {
    for (const instance of batch) yield instance.id;
  }
}

/** @param names identifiers of resources of any level. @throws PharosError UnknownResource */
export async function selectInstances(
  { index }: { readonly index: Pick<IndexStore, 'get' | 'find'> },
  names: readonly string[],
): Promise<Selection> {
  const resources: ResourceRef[] = [];
  const instances = new Set<OrthancId>();
  const seen = new Set<string>();
  for await (const name of inTurns(names)) {
    const resource = isOrthancId(name) ? await index.get(name, {}) : undefined;
    if (!resource) throw new PharosError('UnknownResource');
    resources.push({ level: resource.level, id: resource.id });
    if (seen.has(name)) continue;
    seen.add(name);
    for await (const instance of instancesBelow({ index }, resource)) instances.add(instance);
  }
  return { resources, instances: [...instances] };
}
