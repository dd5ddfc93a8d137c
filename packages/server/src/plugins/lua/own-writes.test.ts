// Waiting for scripts: for one's own instances, once, and not for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOwnWrites } from './own-writes.ts';

test('who has sent instances waits until scripts know of all of them, nobody else does', async () => {
  const writes = createOwnWrites(60_000);
  const [first, second] = [writes.begin('a'), writes.begin('a')];
  await writes.settled('b');
  let isSettled = false;
  const settled = writes.settled('a').then(() => {
    isSettled = true;
  });
  first();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isSettled, false);
  second();
  await settled;
  assert.ok(writes.isEmpty);
});

test('nobody waits again for what has taken too long, until scripts have caught up', async () => {
  const writes = createOwnWrites(1);
  const end = writes.begin('a');
  await writes.settled('a');
  const later = writes.begin('a');
  await writes.settled('a');
  end();
  later();
  assert.ok(writes.isEmpty);
});

test('nobody waits while a script asks another server, which may be asking this one', async () => {
  const writes = createOwnWrites(60_000);
  writes.begin('a');
  await writes.aside(() => writes.settled('a'));
});
