// A job as text, for the index: written from a record, and read again, whatever is in it.
import type { Json } from '@pharos/dicom';
import { type ErrorCode, type ErrorPayload, errorKinds, PharosError } from '../../model/index.ts';
import type { SavedJob } from '../../ports/index.ts';
import { type Job, type JobState, type JobType, jobStates } from './job.ts';
import { failureOf, isCompleted, type JobFailure, type JobRecord } from './job-record.ts';
import type { JobOptions } from './jobs.ts';

type Members = Readonly<Record<string, unknown>>;

/** The record of a job that was just submitted. @param now milliseconds since 1970 */
export function newRecord(id: string, job: Job, { priority = 0, userData }: JobOptions, now: number): JobRecord {
  const { type, version, input } = job;
  return {
    id,
    type,
    priority,
    userData,
    createdAt: now,
    request: JSON.stringify({ type, version, priority, userData, createdAt: now, input }),
    job,
    unread: undefined,
    state: 'Pending',
    progress: 0,
    completedAt: undefined,
    runtime: 0,
    runningSince: undefined,
    failure: undefined,
  };
}

export function printRecord(record: JobRecord): SavedJob {
  const { id, request, state, progress, completedAt, runtime, failure, job, unread } = record;
  const kept = { state, progress, completedAt, runtime, failure, job: job ? job.state() : unread };
  return { id, request, state: JSON.stringify(kept) };
}

/** @returns {} where the text is no JSON object */
function membersOf(text: string): Members {
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) ? value : {};
  } catch {
    return {};
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of what JSON.parse gave. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorKinds, value);

function payloadOf(value: unknown): ErrorPayload | undefined {
  if (!isMembers(value) || typeof value.type !== 'string' || !isJson(value.content)) return undefined;
  return { type: value.type, content: value.content };
}

function keptFailure(value: unknown): JobFailure | undefined {
  if (!isMembers(value)) return undefined;
  const code = isErrorCode(value.code) ? value.code : 'InternalError';
  return { code, details: textOf(value.details), payload: payloadOf(value.payload) };
}

/** What was under way is to be done, again from the last step that was kept. */
function keptState(value: unknown): JobState | undefined {
  const state = jobStates.find((known) => known === value);
  return state === 'Running' || state === 'Retry' ? 'Pending' : state;
}

function typeOf(request: Members, types: readonly JobType[]): JobType {
  const { type, version } = request;
  if (typeof type !== 'string' || typeof version !== 'number') {
    throw new PharosError('CorruptedFile', 'What was kept of this job cannot be read');
  }
  const known = types.find(({ name, version: its }) => name === type && its === version);
  if (known) return known;
  throw new PharosError('NotImplemented', `Jobs of type ${type}, version ${version}, are not known to this server`);
}

function restored(request: Members, state: Members, types: readonly JobType[]): Job | JobFailure {
  try {
    return typeOf(request, types).restore(request.input, state.job);
  } catch (error) {
    const { code, details } = failureOf(error);
    return { code, details: details || 'What was kept of this job cannot be read', payload: undefined };
  }
}

/** Why a job that is not complete cannot go on; undefined where it can. */
function obstacle(job: Job | JobFailure, state: JobState | undefined): JobFailure | undefined {
  if ('code' in job) return job;
  return state ? undefined : failureOf(new PharosError('CorruptedFile', 'The state of this job was lost'));
}

/** The record of a kept job. One that cannot go on has failed and says why; one that was complete stays as it was. */
export function readRecord(saved: SavedJob, types: readonly JobType[], now: number): JobRecord {
  const [request, kept] = [membersOf(saved.request), membersOf(saved.state)];
  const job = restored(request, kept, types);
  const keptAs = keptState(kept.state);
  const failure = keptAs && isCompleted(keptAs) ? undefined : obstacle(job, keptAs);
  const state = failure || !keptAs ? 'Failure' : keptAs;
  return {
    id: saved.id,
    type: textOf(request.type),
    priority: numberOf(request.priority) ?? 0,
    userData: isJson(request.userData) ? request.userData : undefined,
    createdAt: numberOf(request.createdAt) ?? now,
    request: saved.request,
    job: 'code' in job ? undefined : job,
    unread: kept.job,
    state,
    progress: Math.min(1, Math.max(0, numberOf(kept.progress) ?? 0)),
    completedAt: isCompleted(state) ? (numberOf(kept.completedAt) ?? now) : undefined,
    runtime: numberOf(kept.runtime) ?? 0,
    runningSince: undefined,
    failure: failure ?? keptFailure(kept.failure),
  };
}
