// Group commit: instances whose files are on disk wait here; one transaction and one sync serve all that wait. Files that became
// durable together are committed together, and while one group is synced the next one gathers.
import type { AddedInstances, AddOutcome, IndexStore, Logger, NewInstance, StorageLimits } from '../../ports/index.ts';

export interface CommitQueueDependencies {
  readonly index: Pick<IndexStore, 'addInstances' | 'sync'>;
  /** False: what was committed may be lost in a power cut (SyncStorageArea). */
  readonly sync: boolean;
  readonly limits: StorageLimits;
  /** Called when the rows of these instances are durable, before their answers. Must not throw. */
  readonly committed: (instances: readonly NewInstance[]) => Promise<void>;
  /** Called for instances that the index did not take, before their answers. Must not throw. */
  readonly refused: (instances: readonly NewInstance[]) => Promise<void>;
  readonly log: Logger;
}

export interface CommitQueue {
  /** Resolves when the row is durable. @throws what the index threw for this instance */
  add(instance: NewInstance): Promise<AddOutcome>;
}

interface Waiting {
  readonly instance: NewInstance;
  resolve(outcome: AddOutcome): void;
  reject(error: unknown): void;
}

const largestGroup = 200;
/** Groups between their transaction and their answer at any time. */
const groupsAtOnce = 2;

export function createCommitQueue(dependencies: CommitQueueDependencies): CommitQueue {
  const { index, sync, limits, committed, refused, log } = dependencies;
  let waiting: Waiting[] = [];
  let groups = 0;
  let adding = false;

  const settle = async (group: readonly Waiting[], outcomes: readonly AddOutcome[]): Promise<void> => {
    const stored = group.filter((_, n) => outcomes[n]?.status === 'Stored');
    const others = group.filter((_, n) => outcomes[n]?.status !== 'Stored');
    // What is there already may have been stored a moment ago, by a group whose sync is under way: it is acknowledged here, too.
    if (sync && outcomes.some(({ status }) => status !== 'Full')) await index.sync();
    if (stored.length > 0) await committed(stored.map(({ instance }) => instance));
    if (others.length > 0) await refused(others.map(({ instance }) => instance));
  };

  const answer = async (group: readonly Waiting[], outcomes: readonly AddOutcome[]): Promise<void> => {
    try {
      await settle(group, outcomes);
    } catch (error) {
      // Whether the rows survive a power cut is not known: the files stay, and the next start decides.
      for (const { reject } of group) reject(error);
      return;
    }
    for (const [n, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[n];
      if (outcome) resolve(outcome);
      else reject(new Error('The index gave no outcome for an instance'));
    }
  };

  const refuse = async (waiter: Waiting, error: unknown): Promise<void> => {
    await refused([waiter.instance]);
    waiter.reject(error);
  };

  /** One bad instance must not take the others with it. */
  const addOneByOne = async (group: readonly Waiting[]): Promise<void> => {
    for (const waiter of group) {
      try {
        const { outcomes } = await index.addInstances([waiter.instance], limits);
        await answer([waiter], outcomes);
      } catch (error) {
        await refuse(waiter, error);
      }
    }
  };

  const add = async (group: readonly Waiting[]): Promise<AddedInstances | undefined> => {
    adding = true;
    try {
      return await index.addInstances(
        group.map(({ instance }) => instance),
        limits,
      );
    } catch (error) {
      if (group.length === 1 && group[0]) await refuse(group[0], error);
      else await addOneByOne(group);
      return undefined;
    } finally {
      adding = false;
    }
  };

  const commit = async (group: readonly Waiting[]): Promise<void> => {
    const added = await add(group);
    if (added) {
      next();
      if (added.recycled.length > 0)
        log.info('Recycled the oldest patients to make room', { patients: added.recycled });
      await answer(group, added.outcomes);
    }
    groups--;
    next();
  };

  const next = (): void => {
    if (adding || groups >= groupsAtOnce || waiting.length === 0) return;
    const group = waiting.slice(0, largestGroup);
    waiting = waiting.slice(largestGroup);
    groups++;
    void commit(group);
  };

  return {
    add: (instance) =>
      new Promise((resolve, reject) => {
        waiting.push({ instance, resolve, reject });
        if (waiting.length === 1) setImmediate(next);
      }),
  };
}
