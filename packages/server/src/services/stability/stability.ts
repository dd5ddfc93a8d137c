// Declares patients, studies and series stable when nothing was added for StableAge seconds. What is not yet stable is kept in the
// index, so a restart neither forgets nor repeats it.
import type { OrthancId, Settings } from '../../model/index.ts';
import type { Clock, IndexStore, Log, ResourceRef } from '../../ports/index.ts';
import { timestamp } from '../ingest/index.ts';
import { createRecurringError } from '../recurring-error.ts';

export interface StabilityDependencies {
  readonly index: Pick<IndexStore, 'stabilise' | 'setStable'>;
  readonly settings: Pick<Settings, 'StableAge'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Who wants to know; must not throw. */
  readonly onStable?: ReadonlySet<(resource: ResourceRef) => void>;
  /** Milliseconds between two looks; default 500. */
  readonly interval?: number;
}

export interface Stability {
  /** Looks now, and from then on. */
  start(): void;
  /** As `start`; resolves when all is told that is stable now. */
  check(): Promise<void>;
  /** Declares a patient, study or series stable at once, or begins its wait anew. Tells whether that is a change; undefined: there is no
   * such resource. */
  set(id: OrthancId, isStable: boolean): Promise<boolean | undefined>;
  stop(): Promise<void>;
}

const batch = 200;

export function createStability(dependencies: StabilityDependencies): Stability {
  const { index, settings, clock, log, onStable, interval = 500 } = dependencies;
  const logger = log.of('generic');
  const failure = createRecurringError(logger, 'Stable resources could not be found; this is tried again');
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let stopped = false;

  const tell = (resource: ResourceRef): void => {
    logger.info(`The ${resource.level.toLowerCase()} is stable`, { id: resource.id });
    if (onStable) for (const notify of onStable) notify(resource);
  };

  const stabiliseBatch = async (): Promise<boolean> => {
    const now = clock.now();
    const before = new Date(now.getTime() - settings.StableAge * 1000);
    const stable = await index.stabilise(timestamp(before), timestamp(now), batch);
    for (const resource of stable) tell(resource);
    return stable.length === batch;
  };

  const work = async (): Promise<void> => {
    try {
      while (!stopped && (await stabiliseBatch()));
      failure.over();
    } catch (error) {
      failure.tell(error);
    }
  };

  const check = (): Promise<void> => {
    clearTimeout(timer);
    working ??= work().finally(() => {
      working = undefined;
      if (stopped) return;
      timer = setTimeout(check, interval);
      timer.unref();
    });
    return working;
  };

  return {
    start: () => void check(),
    check,
    async set(id, isStable) {
      const outcome = await index.setStable(id, isStable, timestamp(clock.now()));
      if (outcome?.isChanged && isStable) tell(outcome.resource);
      return outcome?.isChanged;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
