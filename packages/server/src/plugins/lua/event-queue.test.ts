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
  const queue = createEventQueue({
    engine: {
      isDefined: () => true,
      async call(callback) {
        const ending = Promise.withResolvers<void>();
        calls.push(ending);
        await ending.promise;
        told.push(callback);
        return { ok: true, value: 'null', operations: '[]', output: '' };
      },
    },
    submit: async () => undefined,
    log: { error: (line) => void lines.push(line), warn: ignore, info: ignore, trace: ignore },
  });
  const release = async (): Promise<void> => {
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    calls.shift()?.resolve();
  };
  return { queue, told, lines, release };
}

test('all is told before the end where there is time', async () => {
  const { queue, told, lines, release } = openQueue();
  queue.push({ callback: 'OnHeartBeat', args: () => [] });
  queue.push({ callback: 'Finalize', args: () => [] });
  const drained = queue.drain(60_000);
  await release();
  await release();
  await drained;
  assert.deepEqual([told, lines], [['OnHeartBeat', 'Finalize'], []]);
});

test('a callback that does not end is not waited for, and what it has kept from being told is counted', async () => {
  const { queue, told, lines, release } = openQueue();
  let over = 0;
  for (const callback of ['OnHeartBeat', 'OnJobSuccess', 'Finalize'] as const) {
    queue.push({ callback, args: () => [], over: () => void over++ });
  }
  await queue.drain(1);
  assert.deepEqual([told, over], [[], 2]);
  assert.match(lines.join('\n'), /dropped: 2/);
  await release();
  await queue.drain(60_000);
  assert.deepEqual([told, over], [['OnHeartBeat'], 3]);
});
