// Runs jobs: a bounded number at a time, those of higher priority first, and of the same priority in the order of submission.
import { randomUUID } from 'node:crypto';
import { PharosError, type Settings } from '../../model/index.ts';
import type { Clock, Log, Logger } from '../../ports/index.ts';
import type { Job, JobOutput, JobType } from './job.ts';
import { createJobKeeper, type JobIndex, type JobKeeper } from './job-keeper.ts';
import { createJobOutputs, type JobOutputs } from './job-outputs.ts';
import { enter, failureOf, isCompleted, type JobFailure, type JobRecord, type JobView, viewOf } from './job-record.ts';
import { createJobRegistry, isRunnable, type JobRegistry, type Runnable } from './job-registry.ts';
import { type Outcome, runJob, settledWithin, type Wish } from './job-run.ts';
import { createJobWaiters } from './job-waiters.ts';
import type { JobCounts, JobOptions, Jobs } from './jobs.ts';
import { newRecord } from './kept-job.ts';

export interface JobsDependencies {
  readonly index: JobIndex;
  readonly settings: Pick<Settings, 'SaveJobs' | 'JobsHistorySize' | 'MediaArchiveSize'>;
  /** How many run at a time. */
  readonly concurrency: number;
  readonly types: readonly JobType[];
  /** What the last run left does not go on: it is removed. */
  readonly forgets?: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds between two steps of a job that are kept; default 1000. After a crash, those since then are done again. */
  readonly stepInterval?: number;
  /** Milliseconds that `stop` gives a step before it is aborted, and then once more to end; default 5000. */
  readonly patience?: number;
  /** Who wants to know what becomes of jobs; must not throw. */
  readonly observers?: ReadonlySet<JobObserver>;
}

/** `Failure` also where a job was cancelled. */
export type JobEvent = 'Submitted' | 'Success' | 'Failure';
export type JobObserver = (event: JobEvent, id: string) => void;

/** Jobs that are not over; each may hold a long list. */
const maximumUnfinished = 10_000;

interface Run {
  readonly controller: AbortController;
  wish: Wish | undefined;
  ended: Promise<void>;
  /** It takes no place of those that wait. */
  readonly isAttended: boolean;
}

interface Parts extends JobsDependencies {
  readonly keeper: JobKeeper;
  readonly registry: JobRegistry;
  readonly logger: Logger;
}

function serverEnds(): PharosError {
  return new PharosError('DatabaseUnavailable', 'The server ends; jobs go on when it runs again');
}

/** Reads what the last run left; nothing runs before `start`. */
export async function createJobs(dependencies: JobsDependencies): Promise<Jobs> {
  const { index, settings, types, forgets = false, clock, log, stepInterval = 1000 } = dependencies;
  const logger = log.of('jobs');
  const keeper = createJobKeeper(settings.SaveJobs ? index : undefined, logger, { stepInterval });
  if (forgets) await forgetKept(index, logger);
  const kept = await keeper.load(types, clock.now().getTime());
  return new JobEngine({ ...dependencies, keeper, logger, registry: createJobRegistry(kept) });
}

async function forgetKept(index: JobIndex, logger: Logger): Promise<void> {
  const kept = await index.savedJobs();
  for (const { id } of kept) await index.removeJob(id);
  if (kept.length > 0) logger.warn('Jobs of the last run were forgotten, as was asked for', { jobs: kept.length });
}

class JobEngine implements Jobs {
  readonly #parts: Parts;
  readonly #outputs: JobOutputs;
  readonly #runs = new Map<string, Run>();
  readonly #retries = new Map<string, NodeJS.Timeout>();
  readonly #waiters = createJobWaiters();
  readonly #totals = { succeeded: 0, failed: 0 };
  #isStarted = false;
  #isHalted = false;
  #isStopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#outputs = createJobOutputs(parts.settings.MediaArchiveSize, parts.logger);
  }

  start(): void {
    this.#isStarted = true;
    void this.#trimHistory();
    this.#dispatch();
  }

  async submit(job: Job, options: JobOptions = {}): Promise<string> {
    if (this.#isHalted && !this.#isKept(job)) throw serverEnds();
    const record = this.#recordOf(job, options);
    await this.#parts.keeper.add(record);
    this.#add(record);
    this.#dispatch();
    return record.id;
  }

  async run(job: Job, options: JobOptions = {}): Promise<JobView> {
    if (this.#isHalted) throw serverEnds();
    const record = this.#recordOf(job, options);
    this.#add(record);
    const ended = this.#waiters.wait(record.id);
    void this.#change(record, 'Pending');
    return ended;
  }

  attend(job: Job, options: JobOptions = {}): string {
    if (this.#isHalted) throw serverEnds();
    const record = this.#recordOf(job, options);
    this.#add(record);
    if (isRunnable(record)) this.#begin(record, true);
    return record.id;
  }

  ids(): readonly string[] {
    return this.#parts.registry.ids();
  }

  get(id: string): JobView | undefined {
    const record = this.#parts.registry.get(id);
    return record && viewOf(record, this.#now());
  }

  pause(id: string): boolean {
    const record = this.#parts.registry.get(id);
    const run = this.#runs.get(id);
    if (run) run.wish ??= 'pause';
    else if (record && !isCompleted(record.state)) void this.#change(record, 'Paused');
    return record !== undefined;
  }

  cancel(id: string): boolean {
    const record = this.#parts.registry.get(id);
    const run = this.#runs.get(id);
    const reason = new PharosError('CanceledJob');
    if (run) {
      run.wish = 'cancel';
      run.controller.abort(reason);
    } else if (record && !isCompleted(record.state)) {
      void this.#complete(record, failureOf(reason));
    }
    return record !== undefined;
  }

  resume(id: string): boolean {
    const record = this.#parts.registry.get(id);
    if (record?.state !== 'Paused') return false;
    void this.#change(record, 'Pending');
    return true;
  }

  resubmit(id: string): boolean {
    const record = this.#parts.registry.get(id);
    if (record?.state !== 'Failure' || !record.job) return false;
    record.job.reset();
    record.progress = 0;
    record.runtime = 0;
    record.failure = undefined;
    void this.#change(record, 'Pending');
    return true;
  }

  async remove(id: string): Promise<boolean> {
    const record = this.#parts.registry.get(id);
    if (!record || !isCompleted(record.state)) return false;
    await this.#forget(record);
    return true;
  }

  output(id: string, key: string): JobOutput | undefined {
    return this.#parts.registry.get(id)?.state === 'Success' ? this.#outputs.get(id, key) : undefined;
  }

  async removeOutput(id: string, key: string): Promise<boolean> {
    return this.output(id, key) !== undefined && this.#outputs.remove(id, key);
  }

  counts(): JobCounts {
    return { pending: this.#parts.registry.pending(), running: this.#runs.size, ...this.#totals };
  }

  dismiss(): void {
    this.#waiters.dismiss(serverEnds());
  }

  async halt(): Promise<void> {
    const { logger, patience = 5000 } = this.#parts;
    this.#isHalted = true;
    for (const timer of this.#retries.values()) clearTimeout(timer);
    for (const run of this.#runs.values()) run.wish ??= 'stop';
    const ends = [...this.#runs.values()].map(({ ended }) => ended);
    if (!(await settledWithin(ends, patience))) {
      for (const { controller } of this.#runs.values()) controller.abort(serverEnds());
      const haveEnded = await settledWithin(ends, patience);
      if (!haveEnded) logger.error('Jobs that do not end are left behind', { count: this.#runs.size });
    }
    this.dismiss();
  }

  async stop(): Promise<void> {
    const { keeper, registry } = this.#parts;
    await this.halt();
    this.#isStopped = true;
    await this.#outputs.clear();
    // Jobs that wait may have been given more to do since they were kept.
    for (const record of registry.waiting()) void keeper.save(record);
    await keeper.close();
  }

  /** A job of which a next run of the server knows, if it is submitted now. */
  #isKept({ isTransient = false }: Job): boolean {
    return this.#parts.settings.SaveJobs && !isTransient && !this.#isStopped;
  }

  #add(record: JobRecord): void {
    this.#parts.registry.add(record);
    this.#report('A job was submitted', record);
    this.#tell('Submitted', record);
  }

  #tell(event: JobEvent, { id }: JobRecord): void {
    for (const observe of this.#parts.observers ?? []) observe(event, id);
  }

  #now(): number {
    return this.#parts.clock.now().getTime();
  }

  #report(message: string, { id, type }: JobRecord): void {
    this.#parts.logger.info(message, { id, type });
  }

  /** @throws PharosError NotEnoughMemory */
  #recordOf(job: Job, options: JobOptions): JobRecord {
    if (this.#parts.registry.unfinished() >= maximumUnfinished) {
      throw new PharosError('NotEnoughMemory', `${maximumUnfinished} jobs are waiting already`);
    }
    return newRecord(randomUUID(), job, options, this.#now());
  }

  /** Starts what waits, as far as there is room. */
  #dispatch(): void {
    while (this.#isStarted && !this.#isHalted && this.#running() < this.#parts.concurrency) {
      const record = this.#parts.registry.next();
      if (!record) return;
      this.#begin(record, false);
    }
  }

  /** Those that take a place. */
  #running(): number {
    let running = 0;
    for (const { isAttended } of this.#runs.values()) if (!isAttended) running++;
    return running;
  }

  #begin(record: Runnable, isAttended: boolean): void {
    enter(record, 'Running', this.#now());
    this.#report('A job runs', record);
    const run: Run = { controller: new AbortController(), wish: undefined, ended: Promise.resolve(), isAttended };
    this.#runs.set(record.id, run);
    run.ended = this.#work(record, run);
  }

  async #work(record: Runnable, run: Run): Promise<void> {
    const { keeper, logger } = this.#parts;
    const { id, job } = record;
    const progress = (fraction: number): void => {
      record.progress = Math.min(1, Math.max(0, fraction));
    };
    const offer = (key: string, output: JobOutput): void => this.#outputs.add(id, key, output);
    const context = { id, signal: run.controller.signal, log: logger, progress, offer };
    const outcome = await runJob(job, context, {
      wish: () => run.wish,
      stepped(step) {
        progress(step.progress);
        return step.isFinal ? keeper.saveFinalStep(record) : keeper.saveStep(record);
      },
    });
    this.#runs.delete(id);
    await this.#settle(record, outcome);
  }

  async #settle(record: JobRecord, outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case 'done':
        return this.#complete(record);
      case 'cancel':
        this.#report('A job was cancelled', record);
        return this.#complete(record, failureOf(new PharosError('CanceledJob')));
      case 'failure':
        this.#explain(record, outcome.error);
        return this.#complete(record, failureOf(outcome.error));
      case 'pause':
        return this.#change(record, 'Paused');
      case 'stop':
        return this.#change(record, 'Pending');
      case 'retry':
        return this.#retry(record, outcome.after);
    }
  }

  #explain(record: JobRecord, error: unknown): void {
    const { logger } = this.#parts;
    const { id, type } = record;
    if (error instanceof PharosError) logger.warn(`A job has failed: ${error.message}`, { id, type });
    else logger.error('A job has failed', { id, type, error });
  }

  #retry(record: JobRecord, after: number): Promise<void> {
    const kept = this.#change(record, 'Retry');
    const timer = setTimeout(() => void this.#change(record, 'Pending'), after);
    timer.unref();
    this.#retries.set(record.id, timer);
    return kept;
  }

  #forgetRetry({ id }: JobRecord): void {
    clearTimeout(this.#retries.get(id));
    this.#retries.delete(id);
  }

  /** Enters a state in which the job is not over, and keeps it so. */
  async #change(record: JobRecord, state: 'Pending' | 'Paused' | 'Retry'): Promise<void> {
    this.#forgetRetry(record);
    enter(record, state, this.#now());
    this.#parts.registry.moved(record);
    const kept = this.#parts.keeper.save(record);
    this.#dispatch();
    await kept;
  }

  async #complete(record: JobRecord, failure?: JobFailure): Promise<void> {
    this.#forgetRetry(record);
    enter(record, failure ? 'Failure' : 'Success', this.#now());
    record.failure = failure;
    if (!failure) record.progress = 1;
    this.#totals[failure ? 'failed' : 'succeeded'] += 1;
    if (!failure) this.#report('A job has succeeded', record);
    this.#parts.registry.moved(record);
    const ended = viewOf(record, this.#now());
    const kept = this.#parts.keeper.save(record);
    const discarded = failure && this.#outputs.removeOf(record.id);
    const trimmed = this.#trimHistory();
    this.#dispatch();
    await Promise.all([kept, discarded, trimmed]);
    this.#tell(failure ? 'Failure' : 'Success', record);
    this.#waiters.tell(ended);
  }

  async #trimHistory(): Promise<void> {
    const { registry, settings } = this.#parts;
    await Promise.all(registry.beyond(settings.JobsHistorySize).map((record) => this.#forget(record)));
  }

  async #forget(record: JobRecord): Promise<void> {
    this.#parts.registry.delete(record);
    await Promise.all([this.#parts.keeper.remove(record.id), this.#outputs.removeOf(record.id)]);
  }
}
