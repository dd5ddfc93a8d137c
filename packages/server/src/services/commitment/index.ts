// Storage commitment (PS3.4 J): asking others whether they keep what was sent to them, and answering those who ask.
export {
  type CommitmentReference,
  type CommitmentRequest,
  commitmentInstance,
  readCommitmentReport,
  readCommitmentRequest,
} from './commitment-data.ts';
export {
  type CommitmentJobDependencies,
  commitmentJobType,
  createCommitmentJob,
} from './commitment-job.ts';
export { type CommitmentReport, type CommitmentReports, createCommitmentReports } from './commitment-reports.ts';
export { requestCommitment } from './request-commitment.ts';
