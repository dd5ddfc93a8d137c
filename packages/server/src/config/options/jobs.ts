// Options of jobs, in the order of the printed default file.
import { bool, map, whole } from '../option.ts';
import { isCount } from '../shapes.ts';

export const jobsOptions = {
  ConcurrentJobs: whole(2, 'How many jobs run at the same time; 0 is one for each processor core.'),
  JobsHistorySize: whole(10, 'How many completed jobs are remembered.'),
  SaveJobs: bool(true, 'Whether jobs survive a restart.'),
  MediaArchiveSize: whole(1, 'How many archives made by jobs are kept.'),
  JobsEngineThreadsCount: map(
    'a whole number',
    'whole numbers',
    isCount,
  )({ ResourceModification: 1 }, 'Threads of a job, by type of job; 0 is one for each processor core.'),
} as const;
