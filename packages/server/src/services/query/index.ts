// Queries of the DICOM network on what is stored here.
export { answerQuery, type Query, type QueryAnswers, type QueryDependencies } from './answer-query.ts';
export { copiedElement } from './answer-values.ts';
export { filteredIdentifier } from './filtered-identifier.ts';
export { createMoveArrivals, type ExpectedMove, type MoveArrivals } from './move-arrivals.ts';
export {
  answerLimits,
  collectAnswers,
  findByTemplate,
  findRemote,
  type RemoteAnswers,
  type RemoteFind,
  readAnswer,
} from './remote-find.ts';
export { dataSetOf, type QueryKeys } from './remote-identifier.ts';
export { createRemoteQueries, type RemoteQueries, type RemoteQuery } from './remote-queries.ts';
export {
  type RetrieveDetail,
  type RetrieveItem,
  type RetrieveRequest,
  retrieveItem,
} from './remote-retrieve.ts';
export {
  createRetrieveJob,
  type RetrieveJobDependencies,
  type RetrieveReport,
  retrieveJobTypes,
} from './retrieve-job.ts';
