// What the engine knows of a job: its state, times and failure.
import type { Json } from '@pharos/dicom';
import { type ErrorCode, type ErrorPayload, errorKindOf } from '../../model/index.ts';
import type { Job, JobContent, JobState } from './job.ts';

export interface JobFailure {
  readonly code: ErrorCode;
  readonly details: string;
  readonly payload: ErrorPayload | undefined;
}

/** Times are milliseconds since 1970, durations milliseconds. */
export interface JobRecord {
  readonly id: string;
  readonly type: string;
  readonly priority: number;
  readonly userData: Json | undefined;
  readonly createdAt: number;
  /** The text that is kept of what does not change. */
  readonly request: string;
  /** undefined: of a type or version that this server does not know; then `unread` is what was kept of its state. */
  readonly job: Job | undefined;
  readonly unread: unknown;
  state: JobState;
  /** 0 to 1. */
  progress: number;
  completedAt: number | undefined;
  /** Of the runs that have ended. */
  runtime: number;
  runningSince: number | undefined;
  failure: JobFailure | undefined;
}

/** A job as others see it. */
export interface JobView {
  readonly id: string;
  readonly type: string;
  readonly state: JobState;
  /** Higher goes first. */
  readonly priority: number;
  readonly userData: Json | undefined;
  /** 0 to 1. */
  readonly progress: number;
  readonly createdAt: Date;
  readonly completedAt: Date | undefined;
  /** When a running job may be done, judged by the progress so far. */
  readonly expectedAt: Date | undefined;
  /** When this was seen. */
  readonly seenAt: Date;
  /** Milliseconds. */
  readonly runtime: number;
  readonly failure: JobFailure | undefined;
  readonly content: JobContent;
}

/** Below this progress nothing is said of the end. */
const tellingProgress = 0.01;

export function isCompleted(state: JobState): boolean {
  return state === 'Success' || state === 'Failure';
}

/** Changes the state, with the times that go with it. */
export function enter(record: JobRecord, state: JobState, now: number): void {
  if (record.runningSince !== undefined) record.runtime += Math.max(0, now - record.runningSince);
  record.runningSince = state === 'Running' ? now : undefined;
  record.completedAt = isCompleted(state) ? now : undefined;
  record.state = state;
}

export function failureOf(error: unknown): JobFailure {
  const { code, details = '', payload } = errorKindOf(error);
  return { code, details, payload };
}

const dateOf = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time));

export function viewOf(record: JobRecord, now: number): JobView {
  const { id, type, state, priority, userData, progress, failure, createdAt, completedAt, runningSince } = record;
  const runtime = record.runtime + (runningSince === undefined ? 0 : Math.max(0, now - runningSince));
  const left = runtime / progress - runtime;
  return {
    id,
    type,
    state,
    priority,
    userData,
    progress,
    createdAt: new Date(createdAt),
    completedAt: dateOf(completedAt),
    expectedAt: state === 'Running' && progress >= tellingProgress ? new Date(now + left) : undefined,
    seenAt: new Date(now),
    runtime,
    failure,
    content: record.job?.content() ?? {},
  };
}
