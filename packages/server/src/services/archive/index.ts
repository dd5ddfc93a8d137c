// Archives and media of stored instances.
export {
  type ArchiveJobDependencies,
  type ArchiveJobInput,
  archiveOutput,
  createArchiveJob,
  createStreamedArchiveJob,
  type StreamedArchiveDependencies,
} from './archive-job.ts';
export { type ArchiveKind, type ArchivePlan, planArchive } from './archive-plan.ts';
export { type ArchiveRoom, createArchiveRoom } from './archive-room.ts';
export type { ArchiveDependencies, ArchiveOptions } from './archive-stream.ts';
