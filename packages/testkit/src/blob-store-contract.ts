// What every BlobStore must do (ports/blob-store.ts). Each implementation runs this suite from a test file of its own.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';

interface ByteRange {
  readonly start: number;
  readonly end: number;
}

interface Writer {
  write(chunk: Uint8Array): Promise<void> | undefined;
  finish(): Promise<{ readonly key: string; readonly size: number }>;
  abort(): Promise<void>;
}

type WithRow = (keys: readonly string[]) => Promise<ReadonlySet<string>>;

interface Rows {
  readonly withRow: WithRow;
  lastBetween(from: string, before: string): Promise<string | undefined>;
  move(newKeys: ReadonlyMap<string, string>): Promise<ReadonlySet<string>>;
}

interface Lent {
  readonly pieces: readonly Uint8Array[];
  giveBack(): void;
}

interface Sequence {
  read(key: string, following: readonly string[]): Promise<Lent | undefined>;
  close(): void;
}

/** The port, as far as the suite uses it. */
export interface BlobStoreUnderTest {
  create(purpose?: 'keep' | 'scratch'): Writer;
  publish(keys: readonly string[]): Promise<void>;
  read(key: string, range?: ByteRange): Promise<Uint8Array>;
  stream(key: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  lend(key: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  sequence(): Sequence;
  remove(keys: readonly string[]): Promise<void>;
  sweep(rows: Omit<Rows, 'move'>): Promise<{ readonly published: number; readonly removed: number }>;
  compact(rows: Rows): Promise<void>;
  close(): Promise<void>;
}

export interface BlobStoreFixture {
  /** Opens the store; each call opens the same place again, as after a restart. */
  open(): Promise<BlobStoreUnderTest>;
  discard(): Promise<void>;
}

const mebibyte = 1024 * 1024;

/** Rows of the blobs with these keys; moves change the set. */
export function rowsOf(keys: Set<string>): Rows {
  return {
    withRow: async (asked) => new Set(asked.filter((key) => keys.has(key))),
    lastBetween: async (from, before) =>
      [...keys]
        .filter((key) => key >= from && key < before)
        .sort()
        .at(-1),
    async move(newKeys) {
      const moved = new Set<string>();
      for (const [from, to] of newKeys) {
        if (!keys.delete(from)) continue;
        keys.add(to);
        moved.add(from);
      }
      return moved;
    },
  };
}

function inChunks(bytes: Uint8Array, size: number): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

async function write(store: BlobStoreUnderTest, bytes: Uint8Array, chunkSize = 65536): Promise<string> {
  const writer = store.create();
  for (const chunk of inChunks(bytes, chunkSize)) await writer.write(chunk);
  const { key, size } = await writer.finish();
  assert.equal(size, bytes.byteLength);
  return key;
}

async function gather(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** As `gather` for pieces that are only lent. */
async function copy(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const hasCode = (code: string) => (error: unknown) => error instanceof Error && 'code' in error && error.code === code;

/** Registers the tests of the suite under the name of the implementation. */
export function blobStoreContract(name: string, newFixture: () => Promise<BlobStoreFixture>): void {
  const check = (behaviour: string, body: (store: BlobStoreUnderTest, fixture: BlobStoreFixture) => Promise<void>) =>
    test(`${name}: ${behaviour}`, async () => {
      const fixture = await newFixture();
      const store = await fixture.open();
      try {
        await body(store, fixture);
      } finally {
        await store.close();
        await fixture.discard();
      }
    });

  for (const [what, size, chunk] of [
    ['nothing', 0, 1],
    ['a small blob', 100, 7],
    ['a blob of several pieces', mebibyte / 2 + 13, 65536],
    ['a blob larger than what is gathered', 3 * mebibyte + 1, 65536],
    ['a blob in one large piece', 5 * mebibyte, 5 * mebibyte],
    ['a blob in single bytes', 20_000, 1],
    ['a blob that ends with a page', 4096 - 64, 4096],
    ['a blob that ends with a block', 2 * 65536 - 64, 65536],
    ['a blob of one byte more', 2 * 65536 - 63, 65536],
  ] as const) {
    check(`gives back ${what}, before and after it is published`, async (store) => {
      const bytes = randomBytes(size);
      const key = await write(store, bytes, chunk);
      assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-[48][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.deepEqual(Buffer.from(await store.read(key)), bytes);
      assert.deepEqual(await gather(store.stream(key)), bytes);
      await store.publish([key]);
      assert.deepEqual(Buffer.from(await store.read(key)), bytes);
      assert.deepEqual(await gather(store.stream(key)), bytes);
      assert.deepEqual(await copy(store.lend(key)), bytes);
    });
  }

  check('reads ranges and refuses those beyond the end', async (store) => {
    const bytes = randomBytes(700_000);
    const key = await write(store, bytes);
    for (const range of [
      { start: 0, end: 0 },
      { start: 10, end: 20 },
      { start: 0, end: 700_000 },
      { start: 5, end: 600_000 },
      { start: 4031, end: 4033 },
      { start: 65471, end: 131_008 },
      { start: 699_999, end: 700_000 },
      { start: 700_000, end: 700_000 },
    ]) {
      assert.deepEqual(Buffer.from(await store.read(key, range)), bytes.subarray(range.start, range.end));
      assert.deepEqual(await gather(store.stream(key, range)), bytes.subarray(range.start, range.end));
      assert.deepEqual(await copy(store.lend(key, range)), bytes.subarray(range.start, range.end));
    }
    for (const range of [
      { start: 0, end: 700_001 },
      { start: 20, end: 10 },
      { start: -1, end: 10 },
    ]) {
      await assert.rejects(store.read(key, range), hasCode('BadRange'));
    }
  });

  /** Reads blobs in this order, each with all that follow it. */
  const inSequence = async (store: BlobStoreUnderTest, keys: readonly string[]): Promise<readonly Buffer[]> => {
    const sequence = store.sequence();
    const read: Buffer[] = [];
    for (const [at, key] of keys.entries()) {
      const lent = await sequence.read(key, keys.slice(at + 1));
      read.push(lent ? Buffer.concat(lent.pieces) : await copy(store.lend(key)));
      lent?.giveBack();
    }
    sequence.close();
    return read;
  };

  check('gives blobs one after the other, in whatever order they are wanted', async (store) => {
    const sizes = [0, 1, 100_000, 4032, 4033, 525_000, 65_472, 131_000, 700_000, 2 * mebibyte, 300, 130_000];
    const blobs: { readonly key: string; readonly bytes: Buffer }[] = [];
    for (const size of [...sizes, ...sizes]) {
      const bytes = randomBytes(size);
      blobs.push({ key: await write(store, bytes), bytes });
    }
    const orders = [blobs, blobs.toReversed(), blobs.filter((_, at) => at % 3 === 0), blobs.toSorted(() => -1)];
    for (const wanted of orders) {
      const read = await inSequence(
        store,
        wanted.map(({ key }) => key),
      );
      assert.ok(read.every((bytes, at) => bytes.equals(wanted[at]?.bytes ?? randomBytes(1))));
    }
  });

  check('what is lent stays as it is until it is given back, whatever else is read', async (store) => {
    const sequence = store.sequence();
    const held: { readonly lent: Lent; readonly bytes: Buffer }[] = [];
    const keys: string[] = [];
    const contents = Array.from({ length: 12 }, () => randomBytes(200_000));
    for (const bytes of contents) keys.push(await write(store, bytes));
    for (const [at, key] of keys.entries()) {
      const lent = await sequence.read(key, keys.slice(at + 1));
      if (lent) held.push({ lent, bytes: contents[at] ?? randomBytes(1) });
    }
    sequence.close();
    for (const key of keys) await store.read(key);
    await write(store, randomBytes(mebibyte));
    for (const { lent, bytes } of held) assert.ok(Buffer.concat(lent.pieces).equals(bytes));
    for (const { lent } of held) lent.giveBack();
  });

  check('a blob that was removed is missing from a sequence, its neighbours are not', async (store) => {
    const contents = Array.from({ length: 5 }, () => randomBytes(50_000));
    const keys: string[] = [];
    for (const bytes of contents) keys.push(await write(store, bytes));
    const removed = keys[2] ?? '';
    await store.publish(keys);
    await store.remove([removed]);
    const others = keys.filter((key) => key !== removed);
    const sequence = store.sequence();
    for (const [at, key] of keys.entries()) {
      if (key === removed) {
        const read = async () => (await sequence.read(key, keys.slice(at + 1))) ?? (await gather(store.lend(key)));
        await assert.rejects(read(), hasCode('InexistentFile'));
        continue;
      }
      const lent = await sequence.read(key, keys.slice(at + 1));
      if (lent) assert.ok(Buffer.concat(lent.pieces).equals(contents[at] ?? randomBytes(1)));
      lent?.giveBack();
    }
    sequence.close();
    assert.equal((await inSequence(store, others)).length, 4);
  });

  check('knows no blob that was not finished, was aborted or removed', async (store) => {
    const unfinished = store.create();
    await unfinished.write(randomBytes(10));
    const aborted = store.create();
    await aborted.write(randomBytes(2 * mebibyte));
    await aborted.abort();
    await aborted.abort();
    const removed = await write(store, randomBytes(10));
    const published = await write(store, randomBytes(10));
    await store.publish([published]);
    await store.remove([removed, published, randomUUID()]);
    await store.remove([removed]);
    for (const key of [removed, published, randomUUID(), '../../etc/passwd', '']) {
      await assert.rejects(store.read(key), hasCode('InexistentFile'));
      await assert.rejects(gather(store.stream(key)), hasCode('InexistentFile'));
    }
    await unfinished.abort();
  });

  check('an abort after the end removes nothing', async (store) => {
    const writer = store.create();
    await writer.write(Buffer.from('kept'));
    const { key } = await writer.finish();
    await writer.abort();
    assert.equal(Buffer.from(await store.read(key)).toString(), 'kept');
  });

  check('a reader that stops early can stop', async (store) => {
    const key = await write(store, randomBytes(2 * mebibyte));
    for await (const chunk of store.stream(key)) {
      assert.ok(chunk.byteLength > 0);
      break;
    }
    await store.remove([key]);
  });

  check('many blobs at once stay apart', async (store) => {
    const blobs = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const bytes = randomBytes(n * 40_000);
        return { key: await write(store, bytes, 30_000), bytes };
      }),
    );
    await store.publish(blobs.map(({ key }) => key));
    for (const { key, bytes } of blobs) assert.deepEqual(Buffer.from(await store.read(key)), bytes);
  });

  check('after a restart, publishes unpublished blobs with a row and removes the others', async (store, fixture) => {
    const bytes = randomBytes(1000);
    const published = await write(store, bytes);
    await store.publish([published]);
    const withRow = await write(store, bytes);
    const withoutRow = await write(store, bytes);
    const large = await write(store, randomBytes(5 * mebibyte));
    const partial = store.create();
    await partial.write(randomBytes(5 * mebibyte));
    const scratch = store.create('scratch');
    await scratch.write(bytes);
    const { key: scratchKey } = await scratch.finish();
    await store.close();

    const again = await fixture.open();
    const swept = await again.sweep(rowsOf(new Set([withRow, published])));
    assert.ok(swept.removed >= 3, 'the partial, the scratch and the large one at least');
    for (const key of [published, withRow]) assert.deepEqual(Buffer.from(await again.read(key)), bytes);
    for (const key of [withoutRow, large, scratchKey]) {
      await assert.rejects(again.read(key), hasCode('InexistentFile'));
    }
    assert.deepEqual(await again.sweep(rowsOf(new Set([withRow, published]))), { published: 0, removed: 0 });
    const next = await write(again, bytes);
    assert.deepEqual(Buffer.from(await again.read(next)), bytes);
    await again.close();
  });

  check('keeps what has a row when it gives room back', async (store) => {
    const blobs = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const bytes = randomBytes(n * 3000);
        return { key: await write(store, bytes), bytes };
      }),
    );
    await store.publish(blobs.map(({ key }) => key));
    const gone = blobs.filter((_, n) => n % 3 !== 0);
    await store.remove(gone.map(({ key }) => key));
    const newKeys = new Map<string, string>();
    const rows = rowsOf(new Set(blobs.filter((_, n) => n % 3 === 0).map(({ key }) => key)));
    await store.compact({
      ...rows,
      async move(moves) {
        for (const [from, to] of moves) newKeys.set(from, to);
        return rows.move(moves);
      },
    });
    for (const [n, { key, bytes }] of blobs.entries()) {
      if (n % 3 === 0) assert.deepEqual(Buffer.from(await store.read(newKeys.get(key) ?? key)), bytes);
      else await assert.rejects(store.read(key), hasCode('InexistentFile'));
    }
  });

  check('a blob cannot be published unless it was finished', async (store) => {
    await assert.rejects(store.publish([randomUUID()]), hasCode('InexistentFile'));
  });
}
