// Files that jobs made: a bounded number of them, of which the one that was used longest ago goes first.
import type { Logger } from '../../ports/index.ts';
import type { JobOutput } from './job.ts';

export interface JobOutputs {
  add(job: string, key: string, output: JobOutput): void;
  get(job: string, key: string): JobOutput | undefined;
  /** False where there is none. */
  remove(job: string, key: string): Promise<boolean>;
  removeOf(job: string): Promise<void>;
  clear(): Promise<void>;
}

interface Entry {
  readonly job: string;
  readonly key: string;
  readonly output: JobOutput;
}

/** @param capacity how many are kept; the newest always is */
export function createJobOutputs(capacity: number, log: Logger): JobOutputs {
  /** Used longest ago first. */
  let entries: readonly Entry[] = [];

  const find = (job: string, key: string) => entries.find((entry) => entry.job === job && entry.key === key);
  const discard = async (discarded: readonly Entry[]): Promise<void> => {
    entries = entries.filter((entry) => !discarded.includes(entry));
    for (const { job, key, output } of discarded) {
      await output
        .remove()
        .catch((error: unknown) => log.error('The output of a job could not be removed', { id: job, key, error }));
    }
  };

  return {
    add(job, key, output) {
      const former = find(job, key);
      const kept = entries.filter((entry) => entry !== former);
      const excess = kept.slice(0, Math.max(0, kept.length + 1 - Math.max(1, capacity)));
      entries = [...entries, { job, key, output }];
      void discard(former ? [former, ...excess] : excess);
    },
    get(job, key) {
      const found = find(job, key);
      if (found) entries = [...entries.filter((entry) => entry !== found), found];
      return found?.output;
    },
    async remove(job, key) {
      const found = find(job, key);
      if (found) await discard([found]);
      return found !== undefined;
    },
    removeOf: (job) => discard(entries.filter((entry) => entry.job === job)),
    clear: () => discard(entries),
  };
}
