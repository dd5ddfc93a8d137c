// Instances that finish at the same time share one transaction and one sync, and do not share their misfortunes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AddOutcome, NewInstance } from '../../ports/index.ts';
import { createCommitQueue } from './commit-queue.ts';

const log = { error() {}, warn() {}, info() {}, trace() {} };
const stored: AddOutcome = { status: 'Stored', created: ['Instance'], completedSeries: false };

function instance(receivedAt: string): NewInstance {
  const none = { Patient: {}, Study: {}, Series: {}, Instance: {} };
  // Identifiers do not matter here.
  const ids: NewInstance['ids'] = JSON.parse('{"patient":"","study":"","series":"","instance":""}');
  return { ids, tags: none, metadata: none, attachments: [], receivedAt, overwrite: 'Never' };
}

interface Told {
  readonly committed: string[];
  readonly refused: string[];
  readonly groups: number[];
  syncs: number;
}

function openQueue(add: (instance: NewInstance) => AddOutcome, syncFails = false) {
  const told: Told = { committed: [], refused: [], groups: [], syncs: 0 };
  const queue = createCommitQueue({
    sync: true,
    limits: { maximumBytes: 0, maximumPatients: 0, mode: 'Recycle' },
    log,
    index: {
      async addInstances(batch) {
        told.groups.push(batch.length);
        return { outcomes: batch.map(add), recycled: [], removed: [] };
      },
      async sync() {
        told.syncs++;
        await new Promise((resolve) => setImmediate(resolve));
        if (syncFails) throw new Error('the disk failed');
      },
    },
    committed: async (instances) => void told.committed.push(...instances.map(({ receivedAt }) => receivedAt)),
    refused: async (instances) => void told.refused.push(...instances.map(({ receivedAt }) => receivedAt)),
  });
  return { queue, told };
}

test('what waits goes together', async () => {
  const { queue, told } = openQueue(() => stored);
  await Promise.all(Array.from({ length: 50 }, (_, n) => queue.add(instance(String(n)))));
  assert.equal(told.committed.length, 50);
  assert.ok(told.syncs <= 4, `${told.syncs} syncs for 50 instances`);
  assert.equal(
    told.groups.reduce((sum, size) => sum + size, 0),
    50,
  );
});

test('each gets its own outcome, and what was not stored is told', async () => {
  const { queue, told } = openQueue(({ receivedAt }) => (receivedAt === 'b' ? { status: 'AlreadyStored' } : stored));
  const outcomes = await Promise.all(['a', 'b', 'c'].map((name) => queue.add(instance(name))));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['Stored', 'AlreadyStored', 'Stored'],
  );
  assert.deepEqual(told.committed.sort(), ['a', 'c']);
  assert.deepEqual(told.refused, ['b']);
});

test('one that the index cannot take does not harm the others', async () => {
  const { queue, told } = openQueue(({ receivedAt }) => {
    if (receivedAt === 'bad') throw new Error('cannot be taken');
    return stored;
  });
  const names = ['a', 'b', 'bad', 'c', 'd'];
  const outcomes = await Promise.allSettled(names.map((name) => queue.add(instance(name))));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  );
  assert.deepEqual(told.refused, ['bad']);
  assert.deepEqual(told.committed.sort(), ['a', 'b', 'c', 'd']);
});

test('where the sync fails nothing is acknowledged, and no file is given up', async () => {
  const { queue, told } = openQueue(() => stored, true);
  await assert.rejects(queue.add(instance('a')), /the disk failed/);
  assert.deepEqual(told.committed, []);
  assert.deepEqual(told.refused, []);
});

test('what another one stored a moment ago is acknowledged when that is durable, not before', async () => {
  const syncs: PromiseWithResolvers<void>[] = [];
  const outcomes: AddOutcome[] = [stored, { status: 'AlreadyStored' }, { status: 'Full' }];
  const queue = createCommitQueue({
    sync: true,
    limits: { maximumBytes: 0, maximumPatients: 0, mode: 'Recycle' },
    log,
    index: {
      addInstances: async () => ({ outcomes: outcomes.splice(0, 1), recycled: [], removed: [] }),
      sync() {
        const next = Promise.withResolvers<void>();
        syncs.push(next);
        return next.promise;
      },
    },
    committed: async () => {},
    refused: async () => {},
  });
  const answered: string[] = [];
  const send = (name: string) => queue.add(instance(name)).then(({ status }) => answered.push(`${name} ${status}`));
  const immediate = () => new Promise((resolve) => setImmediate(resolve));
  const first = send('first');
  await immediate();
  const again = send('again');
  for (let n = 0; n < 5; n++) await immediate();
  assert.deepEqual(answered, []);
  for (const { resolve } of syncs) resolve();
  await Promise.all([first, again]);
  await send('no room, no sync');
  assert.deepEqual(answered.toSorted(), ['again AlreadyStored', 'first Stored', 'no room, no sync Full']);
});
