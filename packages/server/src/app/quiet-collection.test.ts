// When memory is given back, and when it had better not be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createQuietCollection, exposedCollector } from './quiet-collection.ts';

const mebibyte = 1024 * 1024;

/** A process whose load and memory the test sets; collecting leaves 100 MB. */
function observed() {
  const state = { load: 0, memory: 100 * mebibyte, took: 50, collections: 0 };
  const check = createQuietCollection({
    load: () => state.load,
    memory: () => state.memory,
    collect() {
      state.collections += 1;
      state.memory = 100 * mebibyte;
      return state.took;
    },
  });
  const checkTimes = (times: number): void => {
    for (let n = 0; n < times; n++) check();
  };
  return { state, checkTimes };
}

test('what a burst left is collected once it is quiet, and no more until there is more', () => {
  const { state, checkTimes } = observed();
  state.memory = 300 * mebibyte;
  state.load = 0.6;
  checkTimes(10);
  assert.equal(state.collections, 0, 'nobody stops a busy server');
  state.load = 0.01;
  checkTimes(1);
  assert.equal(state.collections, 0, 'a short pause is no quiet time');
  checkTimes(10);
  assert.equal(state.collections, 1);
  state.memory = 120 * mebibyte;
  checkTimes(10);
  assert.equal(state.collections, 1, 'little is not worth it');
  state.memory = 200 * mebibyte;
  checkTimes(10);
  assert.equal(state.collections, 2);
});

test('memory that stays in use is not collected again and again', () => {
  const state = { memory: 100 * mebibyte, collections: 0 };
  const check = createQuietCollection({
    load: () => 0,
    memory: () => state.memory,
    collect: () => ++state.collections,
  });
  state.memory = 500 * mebibyte;
  for (let n = 0; n < 10; n++) check();
  assert.equal(state.collections, 1);
});

test('where memory has fallen by itself the next burst is collected, too', () => {
  const { state, checkTimes } = observed();
  state.memory = 80 * mebibyte;
  checkTimes(1);
  state.memory = 125 * mebibyte;
  checkTimes(2);
  assert.equal(state.collections, 1);
});

test('where collecting takes long it is left to V8 for an hour', () => {
  const { state, checkTimes } = observed();
  state.took = 400;
  state.memory = 300 * mebibyte;
  checkTimes(3);
  state.memory = 300 * mebibyte;
  checkTimes(700);
  assert.equal(state.collections, 1);
  checkTimes(30);
  assert.equal(state.collections, 2);
});

test('the pages of what was collected are given back to the system', () => {
  const collect = exposedCollector();
  assert.ok(collect);
  const kept: { text: string }[][] = [];
  for (let n = 0; n < 100; n++) kept.push(Array.from({ length: 20_000 }, (_, at) => ({ text: `${n} ${at}` })));
  const full = process.memoryUsage.rss();
  kept.length = 0;
  collect();
  const given = (full - process.memoryUsage.rss()) / mebibyte;
  assert.ok(given > 60, `${given.toFixed(0)} MB of some 120 were given back`);
});
