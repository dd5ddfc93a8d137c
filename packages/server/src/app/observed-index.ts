// The index, with those who want to know what is removed and changed in it.
import { firstUserNumber } from '../model/index.ts';
import type { IndexStore, ResourceRef, RevisionOutcome } from '../ports/index.ts';

export interface IndexObservers {
  /** Told of each resource, those below before those above. Must not throw. */
  readonly deleted: (resource: ResourceRef) => void;
  /** Its metadata or attachments of the user have changed. Must not throw. */
  readonly updated: (resource: ResourceRef) => void;
}

export function observedIndex(index: IndexStore, { deleted, updated }: IndexObservers): IndexStore {
  const tellDeleted = (resources: readonly ResourceRef[]): void => {
    for (const resource of resources.toReversed()) deleted(resource);
  };
  const told = async (ref: ResourceRef, type: number, outcome: Promise<RevisionOutcome>): Promise<RevisionOutcome> => {
    const settled = await outcome;
    if (settled.status === 'Done' && type >= firstUserNumber) updated(ref);
    return settled;
  };
  return {
    ...index,
    async addInstances(batch, limits) {
      const added = await index.addInstances(batch, limits);
      if (added.removed.length > 0) tellDeleted(added.removed);
      return added;
    },
    async deleteResource(ref, now) {
      const outcome = await index.deleteResource(ref, now);
      if (outcome) tellDeleted(outcome.deleted);
      return outcome;
    },
    setMetadata: (ref, type, ...rest) => told(ref, type, index.setMetadata(ref, type, ...rest)),
    deleteMetadata: (ref, type, ...rest) => told(ref, type, index.deleteMetadata(ref, type, ...rest)),
    setAttachment: (ref, attachment, ...rest) =>
      told(ref, attachment.type, index.setAttachment(ref, attachment, ...rest)),
    deleteAttachment: (ref, type, ...rest) => told(ref, type, index.deleteAttachment(ref, type, ...rest)),
  };
}
