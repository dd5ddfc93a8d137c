// A job as clients see it.
import { type Json, Type } from '../http/index.ts';
import { errorKinds } from '../model/index.ts';
import type { JobFailure, JobView } from '../services/jobs/index.ts';

/** UTC, `YYYYMMDDTHHMMSS.ffffff`. */
function timeText(date: Date): string {
  return `${date.toISOString().slice(0, -1).replace(/[-:]/g, '')}000`;
}

const optionalTime = (date: Date | undefined): string | undefined => date && timeText(date);

function errorMembers(failure: JobFailure | undefined): { readonly [member: string]: Json | undefined } {
  if (!failure) return { ErrorCode: 0, ErrorDescription: 'Success', ErrorDetails: '' };
  const { orthancStatus, message } = errorKinds[failure.code];
  const { details, payload } = failure;
  return {
    ErrorCode: orthancStatus,
    ErrorDescription: message,
    ErrorDetails: details,
    ErrorPayload: payload && { Type: payload.type, Content: payload.content },
  };
}

export function jobJson(job: JobView): Json {
  return {
    CompletionTime: optionalTime(job.completedAt),
    Content: job.content,
    CreationTime: timeText(job.createdAt),
    EffectiveRuntime: job.runtime / 1000,
    ...errorMembers(job.failure),
    EstimatedTimeOfArrival: optionalTime(job.expectedAt),
    ID: job.id,
    Priority: job.priority,
    Progress: Math.round(job.progress * 100),
    State: job.state,
    Timestamp: timeText(job.seenAt),
    Type: job.type,
    UserData: job.userData ?? undefined,
  };
}

export const jobShape = Type.Object({
  ID: Type.String(),
  Type: Type.String(),
  State: Type.String({ enum: ['Pending', 'Running', 'Success', 'Failure', 'Paused', 'Retry'] }),
  Priority: Type.Integer(),
  Progress: Type.Integer({ minimum: 0, maximum: 100 }),
  CreationTime: Type.String(),
  CompletionTime: Type.Optional(Type.String()),
  EstimatedTimeOfArrival: Type.Optional(Type.String()),
  Timestamp: Type.String(),
  EffectiveRuntime: Type.Number({ description: 'Seconds' }),
  ErrorCode: Type.Integer(),
  ErrorDescription: Type.String(),
  ErrorDetails: Type.String(),
  ErrorPayload: Type.Optional(Type.Unknown()),
  UserData: Type.Optional(Type.Unknown()),
  Content: Type.Record(Type.String(), Type.Unknown()),
});
