// Operations as a job, which takes more of them while it runs. What fails is logged, and the job goes on.
import { isOrthancId, type OrthancId, PharosError, type Settings } from '../../model/index.ts';
import type { ModalityNetwork } from '../../ports/index.ts';
import {
  isCount,
  isId,
  isMembers,
  type Job,
  type JobContext,
  type JobStep,
  type JobType,
  unreadable,
} from '../jobs/index.ts';
import { type Operation, readOperation } from './operation.ts';
import { leftAfterFailure, type PerformDependencies, perform } from './perform.ts';
import { createSharedSession, type SharedSession } from './shared-session.ts';

export type OperationJobDependencies = PerformDependencies & {
  readonly network: Pick<ModalityNetwork, 'openStore'>;
  readonly settings: Pick<Settings, 'DicomAssociationCloseDelay'>;
};

interface Place {
  readonly operations: Operation[];
  /** Of the next operation. */
  position: number;
  /** What the last one has given. */
  given: OrthancId | undefined;
}

export interface OperationJob extends Job {
  /** False where the job takes no more. */
  add(operations: readonly Operation[]): boolean;
  /** It ends as soon as all that it has is done. */
  hurry(): void;
}

const type = 'SequenceOfOperations';
const version = 1;
/** Operations of one job. */
const most = 1000;

function readPlace(kept: unknown): Place {
  if (!isMembers(kept) || !isCount(kept.position) || !Array.isArray(kept.operations)) throw unreadable();
  const operations = kept.operations.map(readOperation);
  return { operations, position: kept.position, given: isId(kept.given) ? kept.given : undefined };
}

/** @param patience milliseconds that it waits for more operations once all are done */
export function createOperationJob(deps: OperationJobDependencies, place: Place, patience: number): OperationJob {
  let isOver = false;
  let running: AbortSignal | undefined;
  let isHurried = patience === 0;
  let wake = (): void => undefined;

  /** Resolves when there is more to do, or when it is not to be waited for any more. */
  const wait = async (signal: AbortSignal): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = () => resolve();
    const end = wake;
    signal.addEventListener('abort', end);
    const timer = setTimeout(end, patience);
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  };

  const work = async (
    { resource, action }: Operation,
    session: SharedSession,
    { signal, log }: JobContext,
  ): Promise<OrthancId | undefined> => {
    const id = resource === '' ? place.given : resource;
    if (id === undefined) return undefined;
    try {
      if (!isOrthancId(id)) throw new PharosError('UnknownResource');
      return await perform(deps, action, { id, session, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      log.error(`Operation ${action.kind} on instance ${id.slice(0, 64)} has failed`, { error });
      return isOrthancId(id) ? leftAfterFailure(action, id) : undefined;
    }
  };

  async function* run(context: JobContext): AsyncGenerator<JobStep> {
    isOver = false;
    running = context.signal;
    // Of this run alone: several jobs may run at a time.
    const session = createSharedSession(deps.network, deps.settings.DicomAssociationCloseDelay * 1000);
    try {
      for (;;) {
        const next = place.operations[place.position];
        if (!next && isHurried) return;
        if (!next) {
          await wait(context.signal);
          if (context.signal.aborted) throw new PharosError('CanceledJob');
          if (place.position >= place.operations.length) return;
          continue;
        }
        place.given = await work(next, session, context);
        place.position += 1;
        yield { progress: place.position / (place.operations.length + 1) };
      }
    } finally {
      isOver = true;
      await session.close();
    }
  }

  return {
    type,
    version,
    input: { description: 'Lua' },
    state: () => place,
    content: () => ({ CountOperations: place.operations.length, Description: 'Lua' }),
    run,
    reset() {
      place.position = 0;
      place.given = undefined;
    },
    add(operations) {
      if (isOver || running?.aborted || place.operations.length + operations.length > most) return false;
      place.operations.push(...operations);
      wake();
      return true;
    },
    hurry() {
      isHurried = true;
      wake();
    },
  };
}

/** So that such jobs go on after a restart. */
export function operationJobType(deps: OperationJobDependencies): JobType {
  return { name: type, version, restore: (_input, state) => createOperationJob(deps, readPlace(state), 0) };
}
