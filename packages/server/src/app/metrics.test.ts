// Figures in the text layout of Prometheus, with Orthanc's meaning.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics } from './metrics.ts';

test('counters add up, levels show the highest of the last ten seconds, all sorted by name', async () => {
  let now = 1000;
  const metrics = createMetrics(true, () => now);
  metrics.observe('b_level', 7);
  now = 5000;
  metrics.observe('b_level', 3);
  metrics.add('c_counter', 2);
  metrics.add('c_counter', 3);
  metrics.gauge('a_gauge', () => 1.5);
  assert.equal(await metrics.text(), 'a_gauge 1.5 5000\nb_level 7 1000\nc_counter 5 5000\n');
  now = 12_000;
  assert.match(await metrics.text(), /b_level 3 5000\n/);
});

test('nothing is collected or shown when it is switched off', async () => {
  const metrics = createMetrics(false);
  metrics.add('a', 1);
  assert.equal(await metrics.text(), '');
  metrics.setEnabled(true);
  assert.equal(await metrics.text(), '');
});
