// Figures that are computed when somebody asks for them.
import type { Clock, IndexStore, Metrics } from '../ports/index.ts';
import type { Jobs } from '../services/jobs/index.ts';

const mebibyte = 1024 * 1024;
const freshFor = 1000;

/** Asks again only after a second: several figures come from one answer. */
function sharedForASecond<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: { readonly value: Promise<T>; readonly at: number } | undefined;
  return () => {
    const at = performance.now();
    if (!answer || at - answer.at > freshFor) answer = { value: ask(), at };
    return answer.value;
  };
}

export interface GaugeDependencies {
  readonly metrics: Metrics;
  readonly index: Pick<IndexStore, 'counts' | 'diskUsage' | 'lastSeq'>;
  readonly clock: Clock;
  readonly jobs: Pick<Jobs, 'counts'>;
}

/** Registers them under Orthanc's names. */
export function registerGauges({ metrics, index, clock, jobs }: GaugeDependencies): void {
  const started = clock.now().getTime();
  const counts = sharedForASecond(() => index.counts());
  const usage = sharedForASecond(() => index.diskUsage());
  metrics.gauge('orthanc_count_patients', async () => (await counts()).patients);
  metrics.gauge('orthanc_count_studies', async () => (await counts()).studies);
  metrics.gauge('orthanc_count_series', async () => (await counts()).series);
  metrics.gauge('orthanc_count_instances', async () => (await counts()).instances);
  metrics.gauge('orthanc_disk_size_mb', async () => (await usage()).diskSize / mebibyte);
  metrics.gauge('orthanc_uncompressed_size_mb', async () => (await usage()).uncompressedSize / mebibyte);
  metrics.gauge('orthanc_last_change', () => index.lastSeq());
  metrics.gauge('orthanc_up_time_s', () => Math.floor((clock.now().getTime() - started) / 1000));
  metrics.gauge('orthanc_memory_usage_mb', () => Math.round(process.memoryUsage.rss() / mebibyte));
  metrics.gauge('orthanc_jobs_pending', () => jobs.counts().pending);
  metrics.gauge('orthanc_jobs_running', () => jobs.counts().running);
  metrics.gauge('orthanc_jobs_total_success', () => jobs.counts().succeeded);
  metrics.gauge('orthanc_jobs_total_failed', () => jobs.counts().failed);
  metrics.gauge('orthanc_jobs_total_completed', () => jobs.counts().succeeded + jobs.counts().failed);
}
