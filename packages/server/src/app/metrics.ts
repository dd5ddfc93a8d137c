// Figures in Orthanc's text layout: `name value milliseconds`, one a line, sorted by name.
import type { Metrics } from '../ports/index.ts';

/** A level shows its highest value of this time. */
const window = 10_000;

interface Sample {
  readonly value: number;
  readonly time: number;
}

/** Adds to samples of which each is higher than the next: what a later one is as high as can never be the highest again. */
function addSample(samples: Sample[], sample: Sample): void {
  while ((samples.at(-1)?.value ?? Number.POSITIVE_INFINITY) <= sample.value) samples.pop();
  samples.push(sample);
  const first = samples.findIndex(({ time }) => sample.time - time < window);
  if (first > 0) samples.splice(0, first);
}

interface Line {
  readonly name: string;
  readonly value: number;
  readonly time: number;
}

/** @param now milliseconds since 1970 */
export function createMetrics(isEnabled: boolean, now: () => number = Date.now): Metrics {
  let enabled = isEnabled;
  const counters = new Map<string, Sample>();
  const levels = new Map<string, Sample[]>();
  const gauges = new Map<string, () => number | Promise<number>>();

  const highest = (samples: readonly Sample[]): Sample | undefined =>
    samples.find(({ time }) => now() - time < window) ?? samples.at(-1);

  return {
    isEnabled: () => enabled,
    setEnabled(wanted) {
      enabled = wanted;
      if (wanted) return;
      counters.clear();
      levels.clear();
    },
    add(name, amount) {
      if (enabled) counters.set(name, { value: (counters.get(name)?.value ?? 0) + amount, time: now() });
    },
    observe(name, value) {
      if (!enabled) return;
      const samples = levels.get(name);
      if (samples) addSample(samples, { value, time: now() });
      else levels.set(name, [{ value, time: now() }]);
    },
    gauge(name, compute) {
      gauges.set(name, compute);
    },
    async text() {
      if (!enabled) return '';
      const lines: Line[] = [...counters].map(([name, sample]) => ({ name, ...sample }));
      for (const [name, samples] of levels) {
        const sample = highest(samples);
        if (sample) lines.push({ name, ...sample });
      }
      for (const [name, compute] of gauges) lines.push({ name, value: await compute(), time: now() });
      lines.sort((a, b) => (a.name < b.name ? -1 : 1));
      return lines.map(({ name, value, time }) => `${name} ${value} ${time}\n`).join('');
    },
  };
}
