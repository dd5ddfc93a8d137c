// Runs of jobs that keep a connection from one step to the next.
import type { JobContext, JobStep } from './job.ts';

export interface RunSession {
  /** What is under way fails, and all that follows. */
  abort(): void;
  close(): void | Promise<void>;
}

/** Steps while the session is open. It is aborted with the job, and closed when the run is left. */
export async function* runOver(
  session: RunSession,
  { signal }: JobContext,
  steps: AsyncIterable<JobStep>,
): AsyncGenerator<JobStep> {
  const abort = (): void => session.abort();
  signal.addEventListener('abort', abort);
  try {
    yield* steps;
  } finally {
    signal.removeEventListener('abort', abort);
    await session.close();
  }
}
