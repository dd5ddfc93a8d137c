// Archives and media of stored instances.
export { type ArchiveJobDependencies, type ArchiveJobInput, archiveJobTypes, createArchiveJob } from './archive-job.ts';
export { type ArchiveKind, type ArchivePlan, planArchive } from './archive-plan.ts';
export { type ArchiveDependencies, type ArchiveOptions, archiveStream } from './archive-stream.ts';
