// Resources become stable when nothing was added to them for StableAge seconds, once, and who listens is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openIngest, silentLog, syntheticInstance } from '@pharos/testkit';
import type { ResourceRef } from '../../ports/index.ts';
import { createStability } from './index.ts';

test('a study, its patient and series become stable after StableAge, not before, and once', async () => {
  const fixture = await openIngest();
  try {
    const { ids } = await fixture.store(
      syntheticInstance({ kind: 'header', patient: 0, study: 0, series: 0, instance: 0 }),
    );
    let now = new Date();
    const heard: string[] = [];
    const stability = createStability({
      index: fixture.index,
      settings: { StableAge: 60 },
      clock: { now: () => now },
      log: silentLog,
      onStable: new Set([({ level, id }: ResourceRef) => heard.push(`${level} ${id}`)]),
      interval: 100_000,
    });
    await stability.check();
    assert.deepEqual(heard, []);
    assert.equal((await fixture.index.get(ids.study, {}))?.isStable, false);
    now = new Date(now.getTime() + 62_000);
    await stability.check();
    await stability.check();
    await stability.stop();
    assert.deepEqual(heard.sort(), [`Patient ${ids.patient}`, `Series ${ids.series}`, `Study ${ids.study}`]);
    assert.equal((await fixture.index.get(ids.study, {}))?.isStable, true);
    const { changes } = await fixture.index.changes({ limit: 100 });
    assert.equal(changes.filter(({ type }) => type.startsWith('Stable')).length, 3);
  } finally {
    await fixture.discard();
  }
});
