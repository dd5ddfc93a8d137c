// What may be asked of a peer on an association, whoever opened it.
export { AssociationError, type AssociationFailure, describeRejection } from './association-error.ts';
export { type BoundedQueue, createBoundedQueue } from './bounded-queue.ts';
export type { FindResponse } from './find.ts';
export {
  type ActionOptions,
  createOperations,
  type EventReportOptions,
  type MoveOptions,
  type Operations,
  type PeerOperations,
  type QueryOptions,
  type RetrieveOptions,
  type RetrieveOutcome,
  type StoreOptions,
} from './operations.ts';
export { createRequests, type Requests, type RequestsOptions } from './requests.ts';
