export { type Association, type AssociationOptions, openAssociation } from './association.ts';
export { AssociationError, type AssociationFailure, describeRejection } from './association-error.ts';
export { type BoundedQueue, createBoundedQueue } from './bounded-queue.ts';
export type { FindResponse } from './find.ts';
export type {
  ActionOptions,
  EventReportOptions,
  MoveOptions,
  QueryOptions,
  RetrieveOptions,
  RetrieveOutcome,
  StoreOptions,
} from './operations.ts';
