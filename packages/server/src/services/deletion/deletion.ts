// Deletes resources: the answer comes when it is durable. Files go afterwards, in the background (see removal).
import { type Level, type OrthancId, PharosError } from '../../model/index.ts';
import type { BlobStore, Clock, ResourceReader, ResourceRef, ResourceWriter } from '../../ports/index.ts';
import { timestamp } from '../ingest/index.ts';

export interface DeletionDependencies {
  readonly index: Pick<ResourceWriter, 'deleteResource' | 'sync'> & Pick<ResourceReader, 'get'>;
  readonly blobs: Pick<BlobStore, 'yieldRoom'>;
  readonly clock: Clock;
}

/** What is to be deleted; without a level, whatever has that identifier. */
export interface DeletionTarget {
  readonly id: OrthancId;
  readonly level?: Level;
}

/** The closest ancestor that is left, where there is one. */
export interface Deleted {
  readonly remaining: ResourceRef | undefined;
}

async function deleteRows(
  { index, blobs, clock }: DeletionDependencies,
  target: DeletionTarget,
): Promise<Deleted | undefined> {
  const found = await index.get(target.id, {});
  if (!found || (target.level !== undefined && target.level !== found.level)) return undefined;
  const remove = () => index.deleteResource({ level: found.level, id: found.id }, timestamp(clock.now()));
  try {
    return await remove();
  } catch (error) {
    // What is removed has to be written down first, also where nothing is left to write on.
    const isFull = error instanceof PharosError && error.code === 'FullStorage';
    if (!isFull || !(await blobs.yieldRoom())) throw error;
    return remove();
  }
}

/** Deletes a resource with all below it, and ancestors left empty. Undefined: there is no such resource of that level. */
export async function deleteResource(deps: DeletionDependencies, target: DeletionTarget): Promise<Deleted | undefined> {
  const deleted = await deleteRows(deps, target);
  if (deleted) await deps.index.sync();
  return deleted;
}

/** Deletes many; those that are not there (any more) are passed over. */
export async function deleteResources(deps: DeletionDependencies, targets: Iterable<DeletionTarget>): Promise<void> {
  for (const target of targets) await deleteRows(deps, target);
  await deps.index.sync();
}
