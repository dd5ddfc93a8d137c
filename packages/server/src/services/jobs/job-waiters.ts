// Who waits for the end of a job.
import { PharosError } from '../../model/index.ts';
import type { JobView } from './job-record.ts';

export interface JobWaiters {
  /** Resolves when the job has succeeded. @throws PharosError what made it fail */
  wait(id: string): Promise<JobView>;
  /** A job is over. */
  tell(ended: JobView): void;
  /** Nobody is to wait any longer. */
  dismiss(reason: PharosError): void;
}

export function createJobWaiters(): JobWaiters {
  const waiters = new Map<string, PromiseWithResolvers<JobView>>();
  return {
    wait(id) {
      const waiter = Promise.withResolvers<JobView>();
      waiters.set(id, waiter);
      return waiter.promise;
    },
    tell(ended) {
      const waiter = waiters.get(ended.id);
      waiters.delete(ended.id);
      const { failure } = ended;
      if (failure) waiter?.reject(new PharosError(failure.code, { ...failure, details: failure.details || undefined }));
      else waiter?.resolve(ended);
    },
    dismiss(reason) {
      for (const waiter of waiters.values()) waiter.reject(reason);
      waiters.clear();
    },
  };
}
