// Archives and media of stored instances.
export {
  type ArchiveJobDependencies,
  type ArchiveJobInput,
  archiveOutput,
  createArchiveJob,
  createStreamedArchiveJob,
} from './archive-job.ts';
export { type ArchiveKind, type ArchivePlan, planArchive } from './archive-plan.ts';
export type { ArchiveDependencies, ArchiveOptions } from './archive-stream.ts';
