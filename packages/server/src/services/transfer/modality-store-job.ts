// C-STORE of stored instances to a modality, as a job: one association for all of it.
import { type OrthancId, PharosError } from '../../model/index.ts';
import type { ModalityNetwork, MoveOriginator, RemoteModality, StoreSession } from '../../ports/index.ts';
import {
  createInstanceSetJob,
  type InstanceSet,
  isCount,
  isMembers,
  isRemote,
  isText,
  type Job,
  type JobContent,
  type JobContext,
  type JobStep,
  type JobType,
  readInstanceSet,
  runOver,
  unreadable,
} from '../jobs/index.ts';
import { type OutgoingDependencies, type OutgoingSequence, outgoingSequence, sendPresent } from '../selection/index.ts';

/** SOP class and instance, as storage commitment names them (PS3.4 J.3). */
export interface SentInstance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

export interface ModalityStoreDependencies extends OutgoingDependencies {
  readonly network: Pick<ModalityNetwork, 'openStore'>;
  /** Asks the modality to take over the responsibility for what was sent to it (PS3.4 J). */
  requestCommitment(remote: RemoteModality, transactionUid: string, instances: readonly SentInstance[]): Promise<void>;
}

export interface ModalityStoreInput extends InstanceSet {
  readonly remote: RemoteModality;
  /** On whose behalf, where it is a C-MOVE or is to look like one. */
  readonly moveOriginator?: MoveOriginator;
  /** Transaction UID of the storage commitment that is asked for in the end. */
  readonly commitment?: string;
}

interface Run {
  readonly session: StoreSession;
  readonly outgoing: OutgoingSequence;
}

const type = 'DicomModalityStore';
const version = 1;

function contentOf({ remote, moveOriginator, commitment }: ModalityStoreInput): JobContent {
  return {
    LocalAet: remote.localAet,
    RemoteAet: remote.aet,
    ...(moveOriginator && { MoveOriginatorAET: moveOriginator.aet, MoveOriginatorID: moveOriginator.messageId }),
    ...(commitment !== undefined && { StorageCommitmentTransactionUID: commitment }),
  };
}

/** @param kept the state to go on from; undefined: the beginning. @throws PharosError CorruptedFile */
export function createModalityStoreJob(
  deps: ModalityStoreDependencies,
  input: ModalityStoreInput,
  kept?: unknown,
): Job {
  const { remote, moveOriginator, commitment } = input;
  let current: Run | undefined;

  const find = async (id: OrthancId) => {
    const instance = await current?.outgoing.find(id);
    if (instance) return instance;
    throw new PharosError('InexistentItem', `Instance ${id} was removed after it was asked to be sent`);
  };

  const requestCommitment = async (_context: JobContext, sent: readonly OrthancId[]): Promise<void> => {
    if (commitment === undefined) return;
    const instances: SentInstance[] = [];
    for (const id of sent) instances.push(await find(id));
    await deps.requestCommitment(remote, commitment, instances);
  };

  const job = createInstanceSetJob<ModalityStoreInput>(
    {
      type,
      version,
      input,
      content: () => contentOf(input),
      handle: (id) => sendPresent(find, id, async (instance) => current?.session.store(instance, moveOriginator)),
      ...(commitment !== undefined && { trailingStep: requestCommitment }),
    },
    kept,
  );

  const run = (context: JobContext): AsyncIterable<JobStep> => {
    const session = deps.network.openStore(remote);
    const sequence = outgoingSequence(deps, input.instances);
    current = { session, outgoing: sequence };
    const close = (): Promise<void> => {
      sequence.close();
      return session.close();
    };
    return runOver({ abort: session.abort, close }, context, job.run(context));
  };

  return { ...job, run };
}

/** So that such jobs go on after a restart. */
export function modalityStoreJobType(deps: ModalityStoreDependencies): JobType {
  return { name: type, version, restore: (input, state) => createModalityStoreJob(deps, readInput(input), state) };
}

function isOriginator(value: unknown): value is MoveOriginator {
  return isMembers(value) && isText(value.aet) && isCount(value.messageId);
}

function readInput(kept: unknown): ModalityStoreInput {
  if (!isMembers(kept) || !isRemote(kept.remote)) throw unreadable();
  const { remote, moveOriginator, commitment } = kept;
  if (moveOriginator !== undefined && !isOriginator(moveOriginator)) throw unreadable();
  if (commitment !== undefined && !isText(commitment)) throw unreadable();
  return { ...readInstanceSet(kept), remote, moveOriginator, commitment };
}
