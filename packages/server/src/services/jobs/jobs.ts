// Jobs as the rest of the server sees them.
import type { Json } from '@pharos/dicom';
import type { Job, JobOutput } from './job.ts';
import type { JobView } from './job-record.ts';

export interface JobOptions {
  /** Higher goes first; 0 unless given. */
  readonly priority?: number;
  /** Shown with the job as it is. */
  readonly userData?: Json;
}

/** Pending and running are of this moment, the others since the server started. */
export interface JobCounts {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
}

export interface Jobs {
  /** Begins with what waits. */
  start(): void;
  /**
   * Takes a job, which is durable when this resolves to its identifier.
   * @throws PharosError NotEnoughMemory (too many wait), DatabaseUnavailable (the server ends, and the job cannot be kept)
   */
  submit(job: Job, options?: JobOptions): Promise<string>;
  /** Takes a job and resolves when it has succeeded. @throws PharosError what made it fail; as `submit` */
  run(job: Job, options?: JobOptions): Promise<JobView>;
  /** Runs a job at once, beside those that wait for their turn: for somebody who is connected and waits. It is not kept over a restart.
   * @returns its identifier. @throws PharosError as `submit` */
  attend(job: Job, options?: JobOptions): string;
  /** Identifiers, sorted. */
  ids(): readonly string[];
  get(id: string): JobView | undefined;
  /** At once, or after the step under way; nothing happens to a completed job. False where there is no such job. */
  pause(id: string): boolean;
  /** As `pause`. What a running job waits for is aborted. */
  cancel(id: string): boolean;
  /** False unless the job is paused. */
  resume(id: string): boolean;
  /** From the first step. False unless the job has failed. */
  resubmit(id: string): boolean;
  /** Forgets a completed job with its outputs. False where there is no such job, or it is not completed. */
  remove(id: string): Promise<boolean>;
  /** undefined unless the job has succeeded and has this output. */
  output(id: string, key: string): JobOutput | undefined;
  /** False where `output` gives none. */
  removeOutput(id: string, key: string): Promise<boolean>;
  counts(): JobCounts;
  /** Those who wait for the end of a job wait no longer; the jobs go on. */
  dismiss(): void;
  /** Running jobs stop after the step under way, or in the middle of one that takes long, and nothing begins any more. They go on after a
   * restart, and so does what is still submitted. */
  halt(): Promise<void>;
  /** As `halt`, and then nothing is taken any more. */
  stop(): Promise<void>;
}
