// What is tried again every second does not fill the log, which may be on the disk that is full.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '@pharos/testkit';
import type { Log } from '../ports/index.ts';
import { createRemoval } from './removal/index.ts';
import { createStability } from './stability/index.ts';

function listening() {
  const told: string[] = [];
  const logger = {
    ...silentLog.of('generic'),
    error: (message: string, facts?: object) => void told.push(`${message} ${JSON.stringify(facts)}`),
  };
  const log: Log = { ...silentLog, of: () => logger };
  return { told, log };
}

test('files that cannot be removed are told once, and again after that was over', async () => {
  const { told, log } = listening();
  let isBroken = true;
  const removal = createRemoval({
    index: {
      removedBlobs: async (_limit, after) => (after === undefined ? ['a', 'b'] : []),
      sync: async () => {},
      yieldRoom: async () => {},
      forgetRemovedBlobs: async () => {},
      blobsWithRow: async () => new Set(),
      lastBlobBetween: async () => undefined,
      moveBlobs: async () => new Set(),
    },
    blobs: {
      remove: () => (isBroken ? Promise.reject(new Error('the disk failed')) : Promise.resolve()),
      compact: async () => {},
    },
    log,
    interval: 1e6,
  });
  for (let n = 0; n < 5; n++) await removal.drain();
  assert.equal(told.length, 1);
  isBroken = false;
  await removal.drain();
  isBroken = true;
  await removal.drain();
  assert.equal(told.length, 2);
  await removal.stop();
});

test('an index that cannot be written is told once by those who wait for stable resources', async () => {
  const { told, log } = listening();
  const stability = createStability({
    index: { stabilise: () => Promise.reject(new Error('no room')), setStable: async () => undefined },
    settings: { StableAge: 60 },
    clock: { now: () => new Date() },
    log,
    interval: 1e6,
  });
  for (let n = 0; n < 5; n++) await stability.check();
  assert.equal(told.length, 1);
  await stability.stop();
});
