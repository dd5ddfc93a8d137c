// One run of a job: step after step, until it is done, fails, or is to be left.
import type { Job, JobContext, JobStep } from './job.ts';

/** Why a run is to be left. */
export type Wish = 'pause' | 'cancel' | 'stop';

export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: Wish }
  | { readonly kind: 'retry'; readonly after: number }
  | { readonly kind: 'failure'; readonly error: unknown };

export interface RunHooks {
  /** After each step; awaited, so that nothing changes while the state is kept. */
  stepped(step: JobStep): Promise<void>;
  wish(): Wish | undefined;
}

/** Never throws. The job has let go of everything when it resolves. */
export async function runJob(job: Job, context: JobContext, hooks: RunHooks): Promise<Outcome> {
  try {
    for await (const step of job.run(context)) {
      await hooks.stepped(step);
      const wish = hooks.wish();
      if (wish) return { kind: wish };
      if (step.retryAfter !== undefined) return { kind: 'retry', after: step.retryAfter };
    }
    return { kind: 'done' };
  } catch (error) {
    const wish = hooks.wish();
    if (wish && context.signal.aborted) return { kind: wish };
    return { kind: 'failure', error };
  }
}

/** Resolves when all have, or after so many milliseconds; tells whether all have. */
export async function settledWithin(promises: readonly Promise<void>[], milliseconds: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), milliseconds);
  const isInTime = await Promise.race([Promise.all(promises).then(() => true), late.promise]);
  clearTimeout(timer);
  return isInTime;
}
