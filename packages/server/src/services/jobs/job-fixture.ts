// For the tests of this folder: jobs whose steps end when the test says so, and an index in memory that tells of each write.
import { silentLog } from '@pharos/testkit';
import { PharosError } from '../../model/index.ts';
import type { SavedJob } from '../../ports/index.ts';
import {
  createJobs,
  type Job,
  type JobContext,
  type JobStep,
  type Jobs,
  type JobsDependencies,
  type JobType,
} from './index.ts';

export interface FakeJob extends Job {
  /** Resolves when this step, from 0, is under way. */
  begun(step: number): Promise<void>;
  /** Lets steps end, now or once they are under way. */
  finish(...steps: number[]): void;
  fail(step: number, error: unknown): void;
  /** How often a run was left or came to its end. */
  runsLeft(): number;
}

export interface FakeJobOptions {
  readonly steps?: number;
  /** Milliseconds to wait after a step. */
  readonly retryAfter?: Readonly<Record<number, number>>;
  /** Waits on, whatever is aborted. */
  readonly isDeaf?: boolean;
  readonly onStep?: (step: number, context: JobContext) => void;
  readonly name?: string;
}

/** One promise for each step, made when first asked for. */
function promises() {
  const made = new Map<number, PromiseWithResolvers<void>>();
  return (step: number): PromiseWithResolvers<void> => {
    const known = made.get(step) ?? Promise.withResolvers<void>();
    made.set(step, known);
    known.promise.catch(() => undefined);
    return known;
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}

export function fakeJob(options: FakeJobOptions = {}, kept: { readonly done: number } = { done: 0 }): FakeJob {
  const { steps = 1, retryAfter = {}, isDeaf = false, onStep, name = 'fake' } = options;
  const [beginnings, ends] = [promises(), promises()];
  let done = kept.done;
  let left = 0;

  async function* run(context: JobContext): AsyncGenerator<JobStep> {
    try {
      while (done < steps) {
        beginnings(done).resolve();
        onStep?.(done, context);
        await (isDeaf ? ends(done).promise : Promise.race([ends(done).promise, aborted(context.signal)]));
        done += 1;
        yield { progress: done / steps, retryAfter: retryAfter[done - 1] };
      }
    } finally {
      left += 1;
    }
  }

  return {
    type: 'Fake',
    version: 1,
    input: { name, steps },
    state: () => ({ done }),
    content: () => ({ Name: name, Done: done }),
    run,
    reset() {
      done = 0;
    },
    begun: (step) => beginnings(step).promise,
    finish(...which) {
      for (const step of which) ends(step).resolve();
    },
    fail: (step, error) => ends(step).reject(error),
    runsLeft: () => left,
  };
}

/** Gives the jobs that it makes of what was kept to the test. */
export function fakeType(restored: FakeJob[] = [], version = 1): JobType {
  const has = (value: unknown, name: string): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return {
    name: 'Fake',
    version,
    restore(input, state) {
      if (!has(input, 'steps') || !has(state, 'done')) throw new PharosError('CorruptedFile', 'It has no steps');
      const job = fakeJob({ steps: Number(input.steps), name: String(input.name) }, { done: Number(state.done) });
      restored.push(job);
      return job;
    },
  };
}

export interface MemoryIndex {
  readonly saved: Map<string, SavedJob>;
  /** Writes and syncs, in order. */
  readonly told: string[];
  /** While it is set, writes fail with it. */
  failure: Error | undefined;
  saveJob(job: SavedJob): Promise<void>;
  removeJob(id: string): Promise<void>;
  savedJobs(): Promise<readonly SavedJob[]>;
  sync(): Promise<void>;
  /** Resolves when the condition holds; looked at after each write. */
  until(holds: () => boolean): Promise<void>;
}

export function memoryIndex(kept: readonly SavedJob[] = []): MemoryIndex {
  const saved = new Map(kept.map((job) => [job.id, job]));
  let written = Promise.withResolvers<void>();
  const tell = (what: string): void => {
    index.told.push(what);
    written.resolve();
    written = Promise.withResolvers();
  };
  const index: MemoryIndex = {
    saved,
    told: [],
    failure: undefined,
    async saveJob(job) {
      tell(index.failure ? 'failed' : 'save');
      if (index.failure) throw index.failure;
      saved.set(job.id, { ...job, request: saved.get(job.id)?.request ?? job.request });
    },
    async removeJob(id) {
      saved.delete(id);
      tell('remove');
    },
    savedJobs: async () => [...saved.values()],
    sync: async () => tell('sync'),
    async until(holds) {
      while (!holds()) await written.promise;
    },
  };
  return index;
}

export interface JobsFixture {
  readonly jobs: Jobs;
  readonly index: MemoryIndex;
  /** Milliseconds since 1970, which the test moves. */
  readonly clock: { time: number };
  /** Until the job is in this state. */
  becomes(id: string, state: string): Promise<void>;
}

export interface JobsFixtureOptions
  extends Partial<Pick<JobsDependencies, 'concurrency' | 'types' | 'patience' | 'stepInterval'>> {
  readonly settings?: Partial<JobsDependencies['settings']>;
  readonly forgets?: boolean;
  readonly index?: MemoryIndex;
}

/** Started, with Orthanc's defaults, one job at a time, and each step kept, unless told otherwise. */
export async function openJobs(options: JobsFixtureOptions = {}): Promise<JobsFixture> {
  const { index = memoryIndex(), concurrency = 1, types = [fakeType()], patience, settings, forgets } = options;
  const { stepInterval = 0 } = options;
  const clock = { time: Date.UTC(2026, 0, 1, 12) };
  const jobs = await createJobs({
    index,
    settings: { SaveJobs: true, JobsHistorySize: 10, MediaArchiveSize: 1, ...settings },
    concurrency,
    types,
    clock: { now: () => new Date(clock.time) },
    log: silentLog,
    patience,
    stepInterval,
    forgets,
  });
  jobs.start();
  return { jobs, index, clock, becomes: (id, state) => index.until(() => jobs.get(id)?.state === state) };
}
