// Waiting for the end of a job.
import { PharosJobError } from './errors.ts';
import { pause } from './pause.ts';
import type { Job } from './shapes.ts';

export interface WaitForJobOptions {
  /** Told of the job when its state or its progress has changed. */
  readonly onProgress?: (job: Job) => void;
  /** Ends the waiting; the job goes on. */
  readonly signal?: AbortSignal;
  /** Milliseconds before the second look; each further pause is half as long again, up to `longestPauseMs`. */
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
}

/** The job once it has succeeded. @throws PharosJobError where it failed */
export async function endOfJob(look: () => Promise<Job>, options: WaitForJobOptions = {}): Promise<Job> {
  const { onProgress, signal, firstPauseMs = 20, longestPauseMs = 2_000 } = options;
  let told = '';
  for (let wait = firstPauseMs; ; wait = Math.min(wait * 1.5, longestPauseMs)) {
    const job = await look();
    const news = `${job.State} ${job.Progress}`;
    if (news !== told) onProgress?.(job);
    told = news;
    if (job.State === 'Success') return job;
    if (job.State === 'Failure') throw new PharosJobError(job);
    await pause(wait, signal);
  }
}
