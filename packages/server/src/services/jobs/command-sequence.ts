// A job made of many commands, one a step, and perhaps a trailing step.
import type { JobContext, JobStep } from './job.ts';

export interface CommandSequence {
  /** How many commands. */
  readonly count: number;
  /** Goes on after a command that failed. */
  readonly permissive: boolean;
  /** @param position of the command, from 0. @throws what makes it fail */
  execute(position: number, context: JobContext): Promise<void>;
  /** Told of a command that failed where the job goes on. */
  passOver?(position: number, error: unknown): void;
  /** After all commands; where it fails, so does the job. */
  trailingStep?(context: JobContext): Promise<void>;
}

/** Part of the state of the job. */
export interface SequencePlace {
  /** Of the next command; the trailing step counts as the last one. */
  position: number;
}

async function executeNext(sequence: CommandSequence, position: number, context: JobContext): Promise<void> {
  try {
    await sequence.execute(position, context);
  } catch (error) {
    if (!sequence.permissive || context.signal.aborted) throw error;
    context.log.warn('A command of a job has failed; the job goes on', { id: context.id, position, error });
    sequence.passOver?.(position, error);
  }
}

/** Runs what is left from `place` on, and moves it. */
export async function* runSequence(
  sequence: CommandSequence,
  place: SequencePlace,
  context: JobContext,
): AsyncGenerator<JobStep> {
  const { count } = sequence;
  const total = sequence.trailingStep ? count + 1 : count;
  while (place.position < total) {
    if (place.position < count) await executeNext(sequence, place.position, context);
    else await sequence.trailingStep?.(context);
    place.position += 1;
    // The trailing step may remove what the commands need.
    yield { progress: place.position / total, isFinal: place.position === count && total > count };
  }
}
