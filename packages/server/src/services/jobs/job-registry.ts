// The jobs that are known: in the order of submission, and those that are over in the order of their end.
import type { Job } from './job.ts';
import { isCompleted, type JobRecord } from './job-record.ts';

/** A record whose job this server knows. */
export type Runnable = JobRecord & { readonly job: Job };

export const isRunnable = (record: JobRecord): record is Runnable => record.job !== undefined;

export interface JobRegistry {
  get(id: string): JobRecord | undefined;
  /** Sorted. */
  ids(): readonly string[];
  add(record: JobRecord): void;
  delete(record: JobRecord): void;
  /** The record has entered or left a state in which it is over. */
  moved(record: JobRecord): void;
  /** Completed jobs beyond so many, oldest first. */
  beyond(historySize: number): readonly JobRecord[];
  /** How many are not over. */
  unfinished(): number;
  /** Pending jobs that this server knows how to run. */
  waiting(): readonly Runnable[];
  pending(): number;
  /** Which pending job goes next: that of the highest priority, of these the one that came first. */
  next(): Runnable | undefined;
}

export function createJobRegistry(kept: readonly JobRecord[]): JobRegistry {
  const records = new Map(kept.map((record) => [record.id, record]));
  /** Oldest first. */
  let completed = kept
    .filter(({ state }) => isCompleted(state))
    .sort((a, b) => (a.completedAt ?? 0) - (b.completedAt ?? 0));

  const uncomplete = (record: JobRecord): void => {
    completed = completed.filter((other) => other !== record);
  };

  return {
    get: (id) => records.get(id),
    ids: () => [...records.keys()].sort(),
    add: (record) => void records.set(record.id, record),
    delete(record) {
      records.delete(record.id);
      uncomplete(record);
    },
    moved(record) {
      uncomplete(record);
      if (isCompleted(record.state)) completed.push(record);
    },
    beyond: (historySize) => completed.slice(0, Math.max(0, completed.length - historySize)),
    unfinished: () => records.size - completed.length,
    waiting: () => [...records.values()].filter(isRunnable).filter(({ state }) => state === 'Pending'),
    pending: () => [...records.values()].filter(({ state }) => state === 'Pending').length,
    next() {
      let best: Runnable | undefined;
      for (const record of records.values()) {
        const isBetter = record.state === 'Pending' && (!best || record.priority > best.priority);
        if (isBetter && isRunnable(record)) best = record;
      }
      return best;
    },
  };
}
