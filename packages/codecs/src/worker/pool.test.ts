// Work in threads: what hangs, dies or takes too much fails by itself and leaves the rest alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodecError } from '../frame/index.ts';
import { createPool, type Pool, type PoolOptions } from './pool.ts';

const script = new URL('./pool-fixture.ts', import.meta.url);

async function withPool(options: Partial<PoolOptions>, use: (pool: Pool) => Promise<void>): Promise<void> {
  const pool = createPool({ script, threads: 2, memoryBytes: 1000, deadline: 20_000, ...options });
  try {
    await use(pool);
  } finally {
    await pool.close();
  }
}

const ask = (pool: Pool, request: unknown, bytes = 1): Promise<unknown> => pool.run(bytes, () => ({ request }));

const isCode = (code: string) => (error: unknown) => error instanceof CodecError && error.code === code;

test('answers come back to those who asked, with what the threads were given at their start', async () => {
  await withPool({ data: async () => 'given' }, async (pool) => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, number) => ask(pool, { number })));
    assert.deepEqual(
      answers,
      Array.from({ length: 20 }, (_, number) => ({ number })),
    );
    assert.equal(await ask(pool, 'data'), 'given');
  });
});

test('what hangs is ended at its deadline, and others are served', async () => {
  await withPool({ deadline: 2500 }, async (pool) => {
    const hanging = assert.rejects(ask(pool, 'hang'), isCode('OverBudget'));
    assert.equal(await ask(pool, 'beside'), 'beside');
    await hanging;
    assert.equal(await ask(pool, 'after'), 'after');
  });
});

test('a thread that dies or runs out of memory fails its own work alone', async () => {
  await withPool({ threads: 1, limits: { heapMegabytes: 32 } }, async (pool) => {
    const others = [ask(pool, 'exit'), ask(pool, 1), ask(pool, 'eat'), ask(pool, 2)];
    const outcomes = await Promise.allSettled(others);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed')),
      ['failed', 1, 'failed', 2],
    );
  });
});

test('nobody waits for help, and what becomes of it harms nobody', async () => {
  await withPool({}, async (pool) => {
    for (const help of ['refuse', 'exit', 'hang']) {
      assert.equal(await pool.run(1, () => ({ request: `beside ${help}`, help })), `beside ${help}`);
      assert.equal(await ask(pool, 'after'), 'after');
    }
  });
});

test('errors keep their kind', async () => {
  await withPool({}, async (pool) => {
    await assert.rejects(ask(pool, 'refuse'), isCode('Unsupported'));
    await assert.rejects(ask(pool, 'fault'), isCode('Damaged'));
    await assert.rejects(
      pool.run(1, () => {
        throw new Error('nothing to do');
      }),
      /nothing to do/,
    );
    assert.equal(await ask(pool, 'after'), 'after');
  });
});

test('what would take more memory than is left waits, without being prepared', async () => {
  await withPool({ memoryBytes: 100, deadline: 2500 }, async (pool) => {
    const started = performance.now();
    let waited = 0;
    const first = assert.rejects(
      pool.run(60, () => ({ request: 'hang' })),
      isCode('OverBudget'),
    );
    const second = pool.run(60, () => {
      waited = performance.now() - started;
      return { request: 2 };
    });
    await Promise.all([first, second]);
    assert.ok(waited >= 2490, `prepared after ${waited} ms`);
  });
});

test('what is larger than all memory set aside runs alone', async () => {
  await withPool({ memoryBytes: 100 }, async (pool) => {
    assert.deepEqual(await Promise.all([ask(pool, 'large', 500), ask(pool, 'small')]), ['large', 'small']);
  });
});

test('a closed pool fails what is under way', async () => {
  const pool = createPool({ script, threads: 1, memoryBytes: 100, deadline: 20_000 });
  await ask(pool, 'warm');
  const hanging = assert.rejects(ask(pool, 'hang'), isCode('OverBudget'));
  await pool.close();
  await hanging;
});
