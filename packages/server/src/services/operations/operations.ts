// Operations of scripts: those that come close together go into one job.
import type { Jobs } from '../jobs/index.ts';
import type { Operation } from './operation.ts';
import { createOperationJob, type OperationJob, type OperationJobDependencies } from './operation-job.ts';

export interface Operations {
  /** @throws PharosError as `Jobs.submit` */
  submit(operations: readonly Operation[]): Promise<void>;
  /** The job at work does not wait for more. */
  hurry(): void;
}

/** Milliseconds that a job waits for more to do. */
const patience = 5000;

export function createOperations(deps: OperationJobDependencies, jobs: Pick<Jobs, 'submit' | 'get'>): Operations {
  let current: { readonly id: string; readonly job: OperationJob } | undefined;

  /** One that was cancelled or paused, even before it has begun, would do nothing of what it takes. */
  const isAtWork = (id: string): boolean => {
    const state = jobs.get(id)?.state;
    return state === 'Pending' || state === 'Running';
  };

  return {
    async submit(operations) {
      if (operations.length === 0) return;
      if (current && isAtWork(current.id) && current.job.add(operations)) return;
      // What has become full, or is over, need not wait for more.
      current?.job.hurry();
      current = undefined;
      const place = { operations: [...operations], position: 0, given: undefined };
      const job = createOperationJob(deps, place, patience);
      current = { id: await jobs.submit(job), job };
    },
    hurry: () => current?.job.hurry(),
  };
}
