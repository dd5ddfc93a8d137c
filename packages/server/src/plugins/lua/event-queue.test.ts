// Events for scripts: what is left of them when the server ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventQueue } from './event-queue.ts';

/** A queue whose callbacks end when they are released; what is told, logged and over. */
function openQueue() {
  const told: string[] = [];
  const lines: string[] = [];
  const calls: PromiseWithResolvers<void>[] = [];
  const ignore = () => undefined;
  const called = async (callback: string): Promise<void> => {
    const ending = Promise.withResolvers<void>();
    calls.push(ending);
    await ending.promise;
    told.push(callback);
  };
  const queue = createEventQueue({
    engine: {
      isDefined: () => true,
      async call(callback) {
        await called(callback);
        return { ok: true, value: 'null', operations: '[]', output: '' };
      },
      ask: called,
    },
    submit: async () => undefined,
    log: { error: (line) => void lines.push(line), warn: ignore, info: ignore, trace: ignore },
  });
  const release = async (): Promise<void> => {
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    calls.shift()?.resolve();
  };
  /** Leaves the oldest call without an end. */
  const dismiss = async (): Promise<void> => {
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    calls.shift();
  };
  return { queue, told, lines, release, dismiss };
}

test('all is told before the end where there is time', async () => {
  const { queue, told, lines, release } = openQueue();
  queue.push({ callback: 'OnHeartBeat', args: () => [] });
  queue.push({ callback: 'OnJobSuccess', args: () => [] });
  const drained = queue.drain(60_000);
  await release();
  await release();
  await drained;
  assert.deepEqual([told, lines], [['OnHeartBeat', 'OnJobSuccess'], []]);
});

test('Finalize() is called also where a callback before it does not end', async () => {
  const { queue, told, lines, release, dismiss } = openQueue();
  queue.push({ callback: 'OnHeartBeat', args: () => [] });
  queue.push({ callback: 'OnJobSuccess', args: () => [] });
  await queue.drain(1);
  await dismiss();
  const finalized = queue.finalize(60_000);
  await release();
  await finalized;
  assert.deepEqual(told, ['Finalize']);
  assert.equal(lines.length, 1);
});

test('a Finalize() that does not end is not waited for, and the log says so', async () => {
  const { queue, told, lines } = openQueue();
  await queue.finalize(1);
  assert.deepEqual(told, []);
  assert.match(lines.join('\n'), /Finalize\(\) takes too long/);
});

test('a callback that does not end is not waited for, and what it has kept from being told is counted', async () => {
  const { queue, told, lines, release } = openQueue();
  let over = 0;
  for (const callback of ['OnHeartBeat', 'OnJobSuccess', 'OnJobFailure'] as const) {
    queue.push({ callback, args: () => [], over: () => void over++ });
  }
  await queue.drain(1);
  assert.deepEqual([told, over], [[], 2]);
  assert.match(lines.join('\n'), /dropped: 2/);
  await release();
  await queue.drain(60_000);
  assert.deepEqual([told, over], [['OnHeartBeat'], 3]);
});
