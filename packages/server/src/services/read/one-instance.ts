// The instance whose file stands for a resource: the one that was stored first of those below it.
import type { OrthancId } from '../../model/index.ts';
import type { ResourceReader, ResourceRef } from '../../ports/index.ts';

/** undefined: there is none below it. */
export async function oneInstanceOf(
  index: Pick<ResourceReader, 'find'>,
  { level, id }: ResourceRef,
): Promise<OrthancId | undefined> {
  if (level === 'Instance') return id;
  for await (const batch of index.find({ level: 'Instance', within: id, limit: 1 }, {})) return batch[0]?.id;
  return undefined;
}
