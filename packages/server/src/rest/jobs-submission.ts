// Submitting a job: the options that the bodies of all such routes share, and the answer.
import type { Json } from '@pharos/dicom';
import { json, type Reply, Type } from '../http/index.ts';
import { PharosError } from '../model/index.ts';
import type { Job, JobOptions, Jobs } from '../services/jobs/index.ts';
import { type JsonMembers, memberReader } from './shapes/json-body.ts';

/** Of the body of a route that submits a job. */
export const jobFields = {
  Synchronous: Type.Optional(Type.Boolean({ description: 'Whether the answer waits for the end of the job' })),
  Asynchronous: Type.Optional(Type.Boolean({ description: 'The contrary of Synchronous, which outranks it' })),
  Priority: Type.Optional(Type.Integer({ description: 'Higher goes first' })),
  Permissive: Type.Optional(Type.Boolean({ description: 'Whether the job goes on after a step that failed' })),
  UserData: Type.Optional(Type.Unknown()),
};

export interface RequestedJob extends JobOptions {
  readonly isSynchronous: boolean;
  readonly permissive: boolean;
}

const longestUserData = 1024 * 1024;
const priorities = { lowest: -(2 ** 31), highest: 2 ** 31 - 1 };

/** Of what a JSON body gave. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

/** The length as JSON; no number where the value cannot be written again, such as one nested too deeply. */
function lengthOf(value: Json): number {
  try {
    return JSON.stringify(value).length;
  } catch {
    return Number.NaN;
  }
}

function userDataOf({ UserData: value }: JsonMembers): JobOptions['userData'] {
  if (!isJson(value)) return undefined;
  if (lengthOf(value) <= longestUserData) return value;
  throw new PharosError('BadRequest', 'Field "UserData" must be JSON of at most 1 MiB, without very deep nesting');
}

/** @throws PharosError BadFileFormat where a member has another type, BadRequest where UserData is too much */
export function jobOptionsOf(members: JsonMembers): RequestedJob {
  const member = memberReader(members, 'BadFileFormat');
  const synchronous = member.boolean('Synchronous');
  const asynchronous = member.boolean('Asynchronous');
  const priority = member.integer('Priority') ?? 0;
  if (priority < priorities.lowest || priority > priorities.highest) {
    throw new PharosError('BadFileFormat', 'Field "Priority" must be an integer of 32 bits');
  }
  return {
    isSynchronous: synchronous ?? !asynchronous,
    permissive: member.boolean('Permissive') ?? false,
    priority,
    userData: userDataOf(members),
  };
}

/** Content of the job once it has succeeded, or at once where it is to be found. @throws PharosError what made it fail */
export async function submissionReply(
  { jobs }: { readonly jobs: Jobs },
  job: Job,
  { isSynchronous, priority, userData }: RequestedJob,
): Promise<Reply> {
  if (isSynchronous) return json((await jobs.run(job, { priority, userData })).content);
  const id = await jobs.submit(job, { priority, userData });
  return json({ ID: id, Path: `/jobs/${id}` });
}
