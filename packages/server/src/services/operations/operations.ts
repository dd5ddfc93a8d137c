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

export function createOperations(deps: OperationJobDependencies, jobs: Pick<Jobs, 'submit'>): Operations {
  let current: OperationJob | undefined;
  return {
    async submit(operations) {
      if (operations.length === 0 || current?.add(operations)) return;
      // What has become full, or is over, need not wait for more.
      current?.hurry();
      current = createOperationJob(deps, { operations: [...operations], position: 0, given: undefined }, patience);
      await jobs.submit(current);
    },
    hurry: () => current?.hurry(),
  };
}
