// Keeps jobs in the index, one write after the other, so that an older state never follows a newer one.
import type { JobStore, Logger } from '../../ports/index.ts';
import type { JobType } from './job.ts';
import type { JobRecord } from './job-record.ts';
import { printRecord, readRecord } from './kept-job.ts';

export type JobIndex = JobStore & { sync(): Promise<void> };

export interface JobKeeper {
  /** In the order of their submission. */
  load(types: readonly JobType[], now: number): Promise<readonly JobRecord[]>;
  /** Durable when it resolves. @throws PharosError where the index cannot take it */
  add(record: JobRecord): Promise<void>;
  /** Keeps it as it is now. Never throws: a job goes on where its state cannot be kept, and is done again from its last kept
   * step after a restart. */
  save(record: JobRecord): Promise<void>;
  /** Never throws. */
  remove(id: string): Promise<void>;
  /** Finishes what is under way; nothing is kept any more. */
  close(): Promise<void>;
}

/** @param index undefined where jobs are not kept */
export function createJobKeeper(index: JobIndex | undefined, log: Logger): JobKeeper {
  let store = index;
  let last: Promise<void> = Promise.resolve();

  const inTurn = (work: (store: JobIndex) => Promise<void>): Promise<void> => {
    const done = last.then(() => store && work(store));
    last = done.catch(() => undefined);
    return done;
  };

  return {
    load: async (types, now) => ((await store?.savedJobs()) ?? []).map((saved) => readRecord(saved, types, now)),
    async add(record) {
      const saved = printRecord(record);
      await inTurn(async (to) => {
        await to.saveJob(saved);
        await to.sync();
      });
    },
    async save(record) {
      try {
        const saved = printRecord(record);
        await inTurn((to) => to.saveJob(saved));
      } catch (error) {
        log.error('The state of a job could not be kept', { id: record.id, error });
      }
    },
    async remove(id) {
      try {
        await inTurn((to) => to.removeJob(id));
      } catch (error) {
        log.error('A job that is over could not be removed from the index', { id, error });
      }
    },
    async close() {
      await last;
      store = undefined;
    },
  };
}
