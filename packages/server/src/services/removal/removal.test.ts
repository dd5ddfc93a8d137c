// Files of what was deleted go in the background, never before their rows are gone for good.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '@pharos/testkit';
import type { BlobRows } from '../../ports/index.ts';
import { createRemoval } from './index.ts';

function openStore(
  keys: readonly string[],
  { removeFails = 0, bad = (_key: string): boolean => false, fragmented = false } = {},
) {
  const told: string[] = [];
  let listed = [...keys];
  let failures = removeFails;
  return {
    told,
    index: {
      removedBlobs: async (limit: number, after?: string) =>
        listed.filter((key) => after === undefined || keys.indexOf(key) > keys.indexOf(after)).slice(0, limit),
      sync: async () => void told.push('sync'),
      yieldRoom: async () => {},
      forgetRemovedBlobs: async (forgotten: readonly string[]) => {
        told.push(`forget ${forgotten.length}`);
        listed = listed.filter((key) => !forgotten.includes(key));
      },
      blobsWithRow: async (keys: readonly string[]) => new Set(keys),
      lastBlobBetween: async () => undefined,
      moveBlobs: async (newKeys: ReadonlyMap<string, string>) => {
        told.push(`move ${newKeys.size}`);
        return new Set(newKeys.keys());
      },
    },
    blobs: {
      remove: async (removed: readonly string[]) => {
        if (failures-- > 0 || removed.some(bad)) throw new Error('the disk failed');
        told.push(`remove ${removed.length}`);
      },
      compact: async (rows: BlobRows) => {
        told.push('compact');
        if (fragmented) await rows.move(new Map([['old', 'new']]));
      },
    },
  };
}

test('rows are durable before files go, and are forgotten last', async () => {
  const store = openStore(['a', 'b', 'c']);
  const removal = createRemoval({ ...store, log: silentLog });
  await removal.drain();
  await removal.stop();
  assert.deepEqual(store.told.slice(0, 4), ['sync', 'remove 3', 'forget 3', 'compact']);
});

test('many files go in bounded batches', async () => {
  const store = openStore(Array.from({ length: 250 }, (_, n) => String(n)));
  const removal = createRemoval({ ...store, log: silentLog });
  await removal.drain();
  await removal.stop();
  assert.deepEqual(
    store.told.filter((line) => line.startsWith('remove')),
    ['remove 100', 'remove 100', 'remove 50'],
  );
});

test('a file that cannot be removed keeps neither the others nor room from going', async () => {
  const store = openStore([...Array.from({ length: 150 }, (_, n) => String(n)), 'last'], { bad: (key) => key === '7' });
  const removal = createRemoval({ ...store, log: silentLog });
  await removal.drain();
  await removal.stop();
  assert.deepEqual(await store.index.removedBlobs(10), ['7']);
  assert.ok(store.told.includes('compact'));
});

test('nor do many of them', async () => {
  const keys = Array.from({ length: 450 }, (_, n) => String(n));
  const store = openStore(keys, { bad: (key) => Number(key) < 250 });
  const removal = createRemoval({ ...store, log: silentLog });
  await removal.drain();
  await removal.stop();
  assert.deepEqual(await store.index.removedBlobs(1000), keys.slice(0, 250));
});

test('what could not be removed stays listed and is tried again', async () => {
  const store = openStore(['a'], { removeFails: 2 });
  const removal = createRemoval({ ...store, log: silentLog });
  await removal.drain();
  await removal.stop();
  assert.deepEqual(
    store.told.filter((line) => line.startsWith('remove') || line === 'forget 1'),
    ['remove 1', 'forget 1'],
  );
});

test('moved files have durable rows before their old places may go', async () => {
  const store = openStore([], { fragmented: true });
  const removal = createRemoval({ ...store, log: silentLog });
  await removal.drain();
  await removal.stop();
  assert.deepEqual(store.told.slice(0, 3), ['compact', 'move 1', 'sync']);
});
