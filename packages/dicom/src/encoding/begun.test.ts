// A stream whose beginning was read is the same stream, and is left as one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begun } from './begun.ts';

interface Source {
  readonly stream: AsyncIterable<number>;
  isOpen(): boolean;
}

function source(length: number, failsAt = length): Source {
  let isOpen = false;
  async function* numbers(): AsyncGenerator<number> {
    isOpen = true;
    try {
      for (let at = 0; at < length; at++) {
        if (at === failsAt) throw new Error(`at ${at}`);
        yield at;
      }
    } finally {
      isOpen = false;
    }
  }
  return { stream: numbers(), isOpen: () => isOpen };
}

test('all comes, once, in order', async () => {
  for (const length of [0, 1, 5]) {
    const { stream, isOpen } = source(length);
    assert.deepEqual(
      await Array.fromAsync(await begun(stream)),
      Array.from({ length }, (_, at) => at),
    );
    assert.equal(isOpen(), false);
  }
});

test('what fails at the beginning fails at once, what fails later in its place', async () => {
  await assert.rejects(begun(source(3, 0).stream), /at 0/);
  const later = await begun(source(3, 1).stream);
  assert.deepEqual(await later.next(), { done: false, value: 0 });
  await assert.rejects(later.next(), /at 1/);
});

test('a stream that is left before anything was asked for leaves its source', async () => {
  const { stream, isOpen } = source(3);
  const left = await begun(stream);
  assert.equal(isOpen(), true);
  await left.return?.();
  assert.equal(isOpen(), false);
  assert.deepEqual(await Array.fromAsync(left), []);
});
