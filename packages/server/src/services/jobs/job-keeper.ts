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
  /** As `save`, after a step: but where the last step that was kept is not long ago, nothing is done. */
  saveStep(record: JobRecord): Promise<void>;
  /** As `save`, and durable when it resolves. */
  saveFinalStep(record: JobRecord): Promise<void>;
  /** Never throws. */
  remove(id: string): Promise<void>;
  /** Finishes what is under way; nothing is kept any more. */
  close(): Promise<void>;
}

export interface JobKeeperOptions {
  /** Milliseconds between two steps of a job that are kept; longer where keeping takes long. */
  readonly stepInterval: number;
}

/** Keeping a step may take so many milliseconds of each interval; where it takes more, the interval becomes longer. */
const costPerInterval = 50;

/** @param index undefined where jobs are not kept */
export function createJobKeeper(
  index: JobIndex | undefined,
  log: Logger,
  { stepInterval }: JobKeeperOptions,
): JobKeeper {
  let store = index;
  let last: Promise<void> = Promise.resolve();
  /** When the next step of a job is to be kept, in milliseconds of the process. */
  const due = new WeakMap<JobRecord, number>();

  const inTurn = (work: (store: JobIndex) => Promise<void>): Promise<void> => {
    const done = last.then(() => store && work(store));
    last = done.catch(() => undefined);
    return done;
  };

  const save = async (record: JobRecord, isDurable = false): Promise<void> => {
    if (record.job?.isTransient) return;
    try {
      const saved = printRecord(record);
      await inTurn(async (to) => {
        await to.saveJob(saved);
        if (isDurable) await to.sync();
      });
    } catch (error) {
      log.error('The state of a job could not be kept', { id: record.id, error });
    }
  };

  return {
    load: async (types, now) => ((await store?.savedJobs()) ?? []).map((saved) => readRecord(saved, types, now)),
    async add(record) {
      if (record.job?.isTransient) return;
      const saved = printRecord(record);
      await inTurn(async (to) => {
        await to.saveJob(saved);
        await to.sync();
      });
    },
    save: (record) => save(record),
    saveFinalStep: (record) => save(record, true),
    async saveStep(record) {
      const began = performance.now();
      if (began < (due.get(record) ?? 0)) return;
      await save(record);
      const ended = performance.now();
      due.set(record, ended + stepInterval * Math.max(1, (ended - began) / costPerInterval));
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
