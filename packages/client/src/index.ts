// A typed client of Pharos, and of Orthanc where the two agree. Runs wherever there is fetch: Node, browsers, workers.
export type { ChangesOptions } from './changes.ts';
export {
  createPharosClient,
  type PharosClient,
  type PharosClientOptions,
  type RequestOptions,
  type SubmittedJob,
} from './client.ts';
export { PharosClientError, PharosJobError } from './errors.ts';
export type { Routes } from './generated/routes.ts';
export type { WaitForJobOptions } from './jobs.ts';
export { pause } from './pause.ts';
export type { RawBody } from './request.ts';
export type { Arguments, BodyOf, Method, PathParams, PathWith, QueryOf, ReplyOf } from './route-types.ts';
export type { Change, Job, Resource, StoredInstance } from './shapes.ts';
