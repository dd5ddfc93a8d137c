// Retrieval as a job: a command for each resource, one after the other. What was done is kept, and not asked for again.
import type { TagFormat } from '@pharos/dicom';
import { levels, PharosError } from '../../model/index.ts';
import {
  isCount,
  isId,
  isListOf,
  isMembers,
  isRemote,
  isText,
  type Job,
  type JobContent,
  type JobContext,
  type JobType,
  listOf,
  runSequence,
  unreadable,
} from '../jobs/index.ts';
import {
  type RetrieveDependencies,
  type RetrieveDetail,
  type RetrieveItem,
  type RetrieveRequest,
  retrieveOne,
} from './remote-retrieve.ts';

export interface RetrieveInput {
  readonly request: RetrieveRequest;
  /** Of the tags in Content. */
  readonly format: TagFormat;
}

/** What clients see of a retrieval. */
export interface RetrieveReport extends RetrieveInput {
  /** Of the commands so far, in the order of the items. */
  readonly details: readonly RetrieveDetail[];
}

export interface RetrieveJobDependencies extends RetrieveDependencies {
  /** Content in the form of the REST API. */
  show(report: RetrieveReport): JobContent;
}

interface Place {
  position: number;
  readonly details: RetrieveDetail[];
}

const names = { 'C-MOVE': 'DicomMoveScu', 'C-GET': 'DicomGetScu' } as const;
const version = 1;

/** @param kept the state to go on from; undefined: the beginning. @throws PharosError CorruptedFile */
export function createRetrieveJob(dependencies: RetrieveJobDependencies, input: RetrieveInput, kept?: unknown): Job {
  const { request } = input;
  const count = request.items.length;
  let place: Place = kept === undefined ? { position: 0, details: [] } : readPlace(kept, count);
  const content = (): JobContent => dependencies.show({ ...input, details: place.details });

  const execute = async (position: number, { signal, progress }: JobContext): Promise<void> => {
    const item = request.items[position];
    if (!item) return;
    if (signal.aborted) throw new PharosError('CanceledJob');
    const { detail, failure } = await retrieveOne(dependencies, request, item, {
      isCancelled: () => signal.aborted,
      progress({ remaining, completed, failed, warning }) {
        const done = completed + failed + warning;
        if (done > 0) progress((position + done / (done + remaining)) / count);
      },
    });
    // Where the step is done again, this is replaced.
    place.details[position] = detail;
    if (signal.aborted) throw new PharosError('CanceledJob');
    if (failure) throw failureOfJob(failure, content());
  };

  return {
    type: names[request.method],
    version,
    input,
    state: () => place,
    content,
    run: (context) => runSequence({ count, permissive: request.permissive, execute }, place, context),
    reset() {
      place = { position: 0, details: [] };
    },
  };
}

/** Whatever the network says of a command, the job as a whole failed in the network protocol. */
function failureOfJob(cause: PharosError, content: JobContent): PharosError {
  const { details } = cause;
  return new PharosError('NetworkProtocol', { details, cause, payload: { type: 'RetrieveJob', content } });
}

export function retrieveJobTypes(dependencies: RetrieveJobDependencies): readonly JobType[] {
  return Object.values(names).map((name) => ({
    name,
    version,
    restore: (input, state) => createRetrieveJob(dependencies, readInput(input), state),
  }));
}

/* ---- what was kept ---- */

const formats: readonly TagFormat[] = ['simplify', 'short', 'full'];

function isItem(value: unknown): value is RetrieveItem {
  return isMembers(value) && Object.values(value).every(isText);
}

function isDetail(value: unknown): value is RetrieveDetail {
  if (!isMembers(value)) return false;
  return (value.status === undefined || isCount(value.status)) && isListOf(value.received, isId);
}

function readRequest(kept: unknown): RetrieveRequest {
  if (!isMembers(kept)) throw unreadable();
  const { method, remote, target, level, items, permissive } = kept;
  const known = levels.find((each) => each === level);
  if ((method !== 'C-MOVE' && method !== 'C-GET') || !isRemote(remote) || !isText(target) || !known) throw unreadable();
  if (typeof permissive !== 'boolean') throw unreadable();
  return { method, remote, target, level: known, items: listOf(items, isItem), permissive };
}

function readInput(kept: unknown): RetrieveInput {
  if (!isMembers(kept)) throw unreadable();
  const format = formats.find((each) => each === kept.format);
  if (!format) throw unreadable();
  return { request: readRequest(kept.request), format };
}

function readPlace(kept: unknown, count: number): Place {
  if (!isMembers(kept) || !isCount(kept.position) || kept.position > count) throw unreadable();
  return { position: kept.position, details: [...listOf(kept.details, isDetail)] };
}
