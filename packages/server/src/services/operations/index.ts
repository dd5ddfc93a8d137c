// Work on instances that scripts ask for.
export type { Action, Operation } from './operation.ts';
export { type OperationJobDependencies, operationJobType } from './operation-job.ts';
export { createOperations, type Operations } from './operations.ts';
export type { PerformDependencies } from './perform.ts';
