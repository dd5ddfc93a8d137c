// Jobs: work that takes its time, can be paused, cancelled and submitted again, and survives a restart.
export { type CommandSequence, runSequence, type SequencePlace } from './command-sequence.ts';
export { createInstanceSetJob, type InstanceSet, type InstanceSetJob, readInstanceSet } from './instance-set-job.ts';
export type { Job, JobContent, JobContext, JobOutput, JobState, JobStep, JobType } from './job.ts';
export { createJobs, type JobEvent, type JobObserver, type JobsDependencies } from './job-engine.ts';
export type { JobFailure, JobView } from './job-record.ts';
export type { JobCounts, JobOptions, Jobs } from './jobs.ts';
export { isCount, isId, isListOf, isMembers, isRemote, isText, listOf, unreadable } from './kept-values.ts';
export { type RunSession, runOver } from './session-run.ts';
