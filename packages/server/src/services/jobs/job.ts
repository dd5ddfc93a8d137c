// What a job is to the engine that runs it, and what the engine gives to a job.
import type { Json } from '@pharos/dicom';
import type { Logger } from '../../ports/index.ts';

export const jobStates = ['Pending', 'Running', 'Success', 'Failure', 'Paused', 'Retry'] as const;
export type JobState = (typeof jobStates)[number];

/** The end of a step: what came before it is not done again, unless the server crashes within a second or so. */
export interface JobStep {
  /** What came before cannot be done again: the job goes on when its state is durable. */
  readonly isFinal?: boolean;
  /** 0 to 1, of the whole job. */
  readonly progress: number;
  /** Goes on after so many milliseconds at the earliest, and leaves its place to other jobs meanwhile. */
  readonly retryAfter?: number;
}

/** A file that a job made, at `/jobs/{id}/{key}` once the job has succeeded; gone after a restart. */
export interface JobOutput {
  readonly fileName: string;
  readonly mime: string;
  /** Bytes. */
  readonly length: number;
  open(): AsyncIterable<Uint8Array>;
  /** Nobody will open it any more; who reads it at this time reads it to the end. */
  remove(): Promise<void>;
}

export interface JobContext {
  readonly id: string;
  /** Aborted when the job is cancelled, or when the server ends and cannot wait for the step: to be given to all that waits. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Tells how far a long step has come. @param fraction 0 to 1, of the whole job */
  progress(fraction: number): void;
  offer(key: string, output: JobOutput): void;
}

/** Members of a JSON object that clients see, under Orthanc's names. */
export type JobContent = Readonly<Record<string, Json>>;

/** One piece of work. It may be begun in one process and go on in another, hence `input` and `state`: plain JSON, no secrets. */
export interface Job {
  /** Orthanc's name of its kind, such as DicomModalityStore. */
  readonly type: string;
  /** Of the shapes of `input` and `state`. */
  readonly version: number;
  /** It is not kept: after a restart there is no such job. */
  readonly isTransient?: boolean;
  /** What it was asked for; does not change. */
  readonly input: object;
  /** From where `run` goes on. It changes only where a step ends: one that is broken off is done again. It is kept when the job is left,
   * and from time to time while it runs: what a step does may be done twice. */
  state(): object;
  /** What clients see as Content: at any time. */
  content(): JobContent;
  /**
   * Does what `state` says is left. It is left after a step where the job pauses or the server ends, and run again later.
   * @throws PharosError what makes the job fail
   */
  run(context: JobContext): AsyncIterable<JobStep>;
  /** Back to the first step. */
  reset(): void;
}

/** How to make a job again of what was kept of it. */
export interface JobType {
  readonly name: string;
  readonly version: number;
  /** @throws PharosError where input or state are not of this version */
  restore(input: unknown, state: unknown): Job;
}
