// Who asks for a sync is covered by one that started later than the question, and shares it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedSync } from './write-ahead-log.ts';

test('calls during a sync share the next one', async () => {
  const syncs: PromiseWithResolvers<void>[] = [];
  const sync = createSharedSync(() => {
    const next = Promise.withResolvers<void>();
    syncs.push(next);
    return next.promise;
  });
  const first = sync();
  const [second, third] = [sync(), sync()];
  assert.equal(syncs.length, 1);
  syncs[0]?.resolve();
  await first;
  await new Promise(setImmediate);
  assert.equal(syncs.length, 2);
  syncs[1]?.resolve();
  await Promise.all([second, third]);
  assert.equal(syncs.length, 2);
});

test('a failed sync fails those who waited for it, not the next', async () => {
  let isFirst = true;
  const sync = createSharedSync(async () => {
    if (!isFirst) return;
    isFirst = false;
    throw new Error('no disk');
  });
  const [first, second] = [sync(), sync()];
  await assert.rejects(first, /no disk/);
  await second;
});
