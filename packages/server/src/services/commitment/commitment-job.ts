// A storage commitment that others asked for, as a job: each instance is looked up, then the report is sent (PS3.4 J.3.3).
import { Tag } from '@pharos/dicom';
import { Metadata, PharosError, SopClass } from '../../model/index.ts';
import type { IndexStore, ModalityNetwork, RemoteModality } from '../../ports/index.ts';
import {
  isCount,
  isMembers,
  isRemote,
  isText,
  type Job,
  type JobContext,
  type JobType,
  listOf,
  runSequence,
  unreadable,
} from '../jobs/index.ts';
import type { InstanceReader } from '../services.ts';
import {
  type CommitmentReference,
  type CommitmentRequest,
  commitmentInstance,
  commitmentReport,
  FailureReason,
} from './commitment-data.ts';

export interface CommitmentJobDependencies {
  readonly index: Pick<IndexStore, 'find'>;
  readonly reader: Pick<InstanceReader, 'header'>;
  readonly network: Pick<ModalityNetwork, 'eventReport'>;
}

export interface CommitmentInput extends CommitmentRequest {
  /** Who asked. */
  readonly remote: RemoteModality;
  readonly remoteIp: string;
  readonly calledAet: string;
}

interface Place {
  position: number;
  /** Of the references that were looked up, in order; 0 is committed. */
  reasons: number[];
}

const type = 'StorageCommitmentScp';
const version = 1;
/** References that are looked up in one step. */
const batch = 50;
const allCommitted = 1;
const someFailed = 2;

/** 0 where the instance is kept here. */
async function reasonOf(
  { index, reader }: CommitmentJobDependencies,
  { sopClassUid, sopInstanceUid }: CommitmentReference,
): Promise<number> {
  const match = { kind: 'equal', value: sopInstanceUid } as const;
  const term = { tag: Tag.SOPInstanceUID, level: 'Instance', match, caseSensitive: true } as const;
  let reason: number = FailureReason.noSuchInstance;
  for await (const found of index.find({ level: 'Instance', terms: [term] }, { metadata: true })) {
    for (const { id, metadata } of found) {
      const known = metadata.find((entry) => entry.type === Metadata.SopClassUid)?.value;
      if (known !== undefined && known !== sopClassUid) reason = FailureReason.classInstanceConflict;
      else if (await reader.header(id).catch(() => undefined)) return 0;
    }
  }
  return reason;
}

/** @param kept the state to go on from; undefined: the beginning. @throws PharosError CorruptedFile */
export function createCommitmentJob(deps: CommitmentJobDependencies, input: CommitmentInput, kept?: unknown): Job {
  const { references, remote, transactionUid } = input;
  let place: Place = kept === undefined ? { position: 0, reasons: [] } : readPlace(kept);

  const lookUp = async (position: number, { signal }: JobContext): Promise<void> => {
    const from = position * batch;
    const reasons: number[] = [];
    for (const reference of references.slice(from, from + batch)) {
      if (signal.aborted) throw new PharosError('CanceledJob');
      reasons.push(await reasonOf(deps, reference));
    }
    // Where the step is done again, this is replaced.
    place.reasons.splice(from, reasons.length, ...reasons);
  };

  const report = async (): Promise<void> => {
    const committed = references.filter((_, at) => place.reasons[at] === 0);
    const failed = references.flatMap((reference, at) => {
      const reason = place.reasons[at] ?? FailureReason.processingFailure;
      return reason === 0 ? [] : [{ ...reference, reason }];
    });
    await deps.network.eventReport(remote, {
      sopClassUid: SopClass.storageCommitmentPushModel,
      sopInstanceUid: commitmentInstance,
      typeId: failed.length > 0 ? someFailed : allCommitted,
      information: commitmentReport({ transactionUid, committed, failed }),
    });
  };

  const sequence = {
    count: Math.ceil(references.length / batch),
    permissive: false,
    execute: lookUp,
    trailingStep: report,
  };
  return {
    type,
    version,
    input,
    state: () => place,
    content: () => ({
      CalledAet: input.calledAet,
      RemoteAet: remote.aet,
      RemoteIp: input.remoteIp,
      TransactionUid: transactionUid,
    }),
    run: (context) => runSequence(sequence, place, context),
    reset() {
      place = { position: 0, reasons: [] };
    },
  };
}

/** So that such jobs go on after a restart. */
export function commitmentJobType(deps: CommitmentJobDependencies): JobType {
  return { name: type, version, restore: (input, state) => createCommitmentJob(deps, readInput(input), state) };
}

function readPlace(kept: unknown): Place {
  if (!isMembers(kept) || !isCount(kept.position)) throw unreadable();
  return { position: kept.position, reasons: [...listOf(kept.reasons, isCount)] };
}

function isReference(value: unknown): value is CommitmentReference {
  return isMembers(value) && isText(value.sopClassUid) && isText(value.sopInstanceUid);
}

function readInput(kept: unknown): CommitmentInput {
  if (!isMembers(kept) || !isRemote(kept.remote)) throw unreadable();
  const { remote, remoteIp, calledAet, transactionUid } = kept;
  if (!isText(remoteIp) || !isText(calledAet) || !isText(transactionUid)) throw unreadable();
  return { remote, remoteIp, calledAet, transactionUid, references: listOf(kept.references, isReference) };
}
