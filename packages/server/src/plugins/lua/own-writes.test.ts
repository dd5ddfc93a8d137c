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
  await writes.aside(0, () => writes.settled('a'));
});

test('nobody waits long while a script runs a program, which may be asking this server', async () => {
  const writes = createOwnWrites(60_000);
  const end = writes.begin('a');
  let isSettled = false;
  const settled = writes.aside(30_000, async () => {
    await writes.settled('a');
    isSettled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isSettled, false);
  end();
  await settled;
  writes.begin('a');
  await writes.aside(1, () => writes.settled('a'));
});
