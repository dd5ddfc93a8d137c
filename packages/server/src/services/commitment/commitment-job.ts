// A storage commitment that others asked for, as a job: all instances are looked up, then the report is sent at once (PS3.4 J.3.3).
// One step: who is told that we keep an instance may delete its own, so that nothing that was found earlier may count later.
import { PharosError, SopClass } from '../../model/index.ts';
import type { ModalityNetwork, RemoteModality } from '../../ports/index.ts';
import {
  isMembers,
  isRemote,
  isText,
  type Job,
  type JobContext,
  type JobType,
  listOf,
  unreadable,
} from '../jobs/index.ts';
import { inTurns } from '../read/index.ts';
import {
  type CommitmentReference,
  type CommitmentRequest,
  commitmentInstance,
  commitmentReport,
  type FailedReference,
  ReportEvent,
} from './commitment-data.ts';
import { faultOf, type LookupDependencies } from './commitment-lookup.ts';

export interface CommitmentJobDependencies extends LookupDependencies {
  readonly network: Pick<ModalityNetwork, 'eventReport'>;
}

export interface CommitmentInput extends CommitmentRequest {
  /** Who asked. */
  readonly remote: RemoteModality;
  readonly remoteIp: string;
  readonly calledAet: string;
}

interface Found {
  readonly committed: readonly CommitmentReference[];
  readonly failed: readonly FailedReference[];
}

const type = 'StorageCommitmentScp';
const version = 1;

/** @throws PharosError CanceledJob */
async function lookUp(
  deps: LookupDependencies,
  references: readonly CommitmentReference[],
  { signal, progress }: JobContext,
): Promise<Found> {
  const committed: CommitmentReference[] = [];
  const failed: FailedReference[] = [];
  // Who names an instance a thousand times does not have its file read a thousand times.
  const faults = new Map<string, number | undefined>();
  for await (const reference of inTurns(references)) {
    if (signal.aborted) throw new PharosError('CanceledJob');
    const key = `${reference.sopClassUid}\\${reference.sopInstanceUid}`;
    const reason = faults.has(key) ? faults.get(key) : await faultOf(deps, reference);
    faults.set(key, reason);
    if (reason === undefined) committed.push(reference);
    else failed.push({ ...reference, reason });
    progress((committed.length + failed.length) / (references.length + 1));
  }
  return { committed, failed };
}

export function createCommitmentJob(deps: CommitmentJobDependencies, input: CommitmentInput): Job {
  const { references, remote, transactionUid } = input;
  return {
    type,
    version,
    input,
    state: () => ({}),
    content: () => ({
      Description: '',
      CalledAet: input.calledAet,
      RemoteAet: remote.aet,
      RemoteIp: input.remoteIp,
      TransactionUid: transactionUid,
    }),
    async *run(context) {
      const { committed, failed } = await lookUp(deps, references, context);
      await deps.network.eventReport(remote, {
        sopClassUid: SopClass.storageCommitmentPushModel,
        sopInstanceUid: commitmentInstance,
        typeId: failed.length > 0 ? ReportEvent.failuresExist : ReportEvent.allCommitted,
        information: commitmentReport({ transactionUid, committed, failed }),
      });
      yield { progress: 1 };
    },
    reset() {},
  };
}

/** So that such jobs go on after a restart. */
export function commitmentJobType(deps: CommitmentJobDependencies): JobType {
  return { name: type, version, restore: (input) => createCommitmentJob(deps, readInput(input)) };
}

function isReference(value: unknown): value is CommitmentReference {
  return isMembers(value) && isText(value.sopClassUid) && isText(value.sopInstanceUid);
}

/** @throws PharosError CorruptedFile */
function readInput(kept: unknown): CommitmentInput {
  if (!isMembers(kept) || !isRemote(kept.remote)) throw unreadable();
  const { remote, remoteIp, calledAet, transactionUid } = kept;
  if (!isText(remoteIp) || !isText(calledAet) || !isText(transactionUid)) throw unreadable();
  return { remote, remoteIp, calledAet, transactionUid, references: listOf(kept.references, isReference) };
}
