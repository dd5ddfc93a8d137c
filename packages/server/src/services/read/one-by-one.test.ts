// A queue of work that goes on whatever becomes of what is in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOneByOne } from './one-by-one.ts';

test('work begins when the work before it has ended, also when that failed', async () => {
  const oneByOne = createOneByOne();
  const events: string[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const first = oneByOne(async () => {
    events.push('first begins');
    await gate;
    events.push('first fails');
    throw new Error('first');
  });
  const second = oneByOne(async () => {
    events.push('second begins');
    return 2;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(events, ['first begins']);
  open();
  await assert.rejects(first, /first/);
  assert.equal(await second, 2);
  assert.deepEqual(events, ['first begins', 'first fails', 'second begins']);
});
