// What a store keeps when memory runs short, when blobs come and go at the same moment, and when it dies at a bad one.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { cp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { blobKeys, rowsOf } from '@pharos/testkit';
import { openFileStore } from './index.ts';
import { hasCode, inFolder, store } from './store-fixture.ts';

const packsOf = async (folder: string) =>
  (await readdir(join(folder, 'packs'))).filter((name) => name.endsWith('.pack')).sort();

/** The folder as it is now, as if the process had died. */
async function killed(folder: string): Promise<string> {
  const copy = `${folder}-killed`;
  await cp(folder, copy, { recursive: true });
  return copy;
}

test('a blob whose bytes come in large pieces is whole where memory runs short in the middle of one', () =>
  inFolder(async (folder) => {
    for (const blocks of [1, 2, 3, 4, 5]) {
      for (const first of [10, 60_000, 65_472, 70_000]) {
        const blobs = await openFileStore({ folder, sync: false, bufferBytes: blocks * 65536 });
        const pieces = [randomBytes(first), randomBytes(300_000), randomBytes(5)];
        const writer = blobs.create();
        for (const piece of pieces) await writer.write(piece);
        const { key, size } = await writer.finish();
        await blobs.publish([key]);
        const read: Buffer[] = [];
        for await (const piece of blobs.stream(key)) read.push(Buffer.from(piece));
        assert.equal(size, first + 300_005);
        assert.ok(Buffer.concat(read).equals(Buffer.concat(pieces)), `${blocks} blocks, ${first} bytes first`);
        await blobs.close();
      }
    }
  }));

for (const length of [4096, 12_288, 10_000]) {
  test(`a pack that is shorter than it was known to be, ${length} bytes, is written on without a hole`, () =>
    inFolder((folder) => writeOnShortened(folder, length)));
}

async function writeOnShortened(folder: string, length: number): Promise<void> {
  const options = { folder, sync: false };
  const blobs = await openFileStore(options);
  const first = await store(blobs, randomBytes(3000));
  await store(blobs, randomBytes(30_000));
  await blobs.close();
  // A power cut took what was not synced, rows and bytes, but not the state that was written last.
  await truncate(join(folder, 'packs', '00000001.pack'), length);

  const again = await openFileStore(options);
  const kept = new Set([first]);
  await again.sweep(rowsOf(kept));
  const next = await store(again, Buffer.from('next'));
  kept.add(next);
  await again.close();
  await rm(join(folder, 'packs', 'state.json'));
  const last = await openFileStore(options);
  assert.deepEqual(await last.sweep(rowsOf(kept)), { published: 0, removed: 0 });
  assert.deepEqual(new Set(await blobKeys(folder)), kept);
  assert.equal(Buffer.from(await last.read(next)).toString(), 'next');
  await last.close();
}

test('a pack that was moved elsewhere goes also where the process died before it could', () =>
  inFolder(async (folder) => {
    const options = { sync: false, packBytes: 100_000 };
    const blobs = await openFileStore({ folder, ...options });
    const keys: string[] = [];
    for (let n = 0; n < 10; n++) keys.push(await store(blobs, randomBytes(30_000)));
    const kept = new Set(keys.slice(2));
    await blobs.remove(keys.slice(0, 2));
    await blobs.compact(rowsOf(kept));
    assert.ok((await packsOf(folder)).includes('00000001.pack'), 'those who know old keys read on');
    // The state as it is written some seconds later.
    const state = join(folder, 'packs', 'state.json');
    const copy = await killed(folder);
    await blobs.close();
    await writeFile(join(copy, 'packs', 'state.json'), await readFile(state));

    const again = await openFileStore({ folder: copy, ...options });
    await again.sweep(rowsOf(kept));
    await again.compact(rowsOf(kept));
    await again.close();
    assert.equal((await packsOf(copy)).includes('00000001.pack'), false);
    assert.deepEqual(new Set(await blobKeys(copy)), kept);
  }));

test('of blobs that are published together one may be gone already: the others get their place', () =>
  inFolder(async (folder) => {
    for (const packedBytes of [0, 100_000]) {
      const blobs = await openFileStore({ folder, sync: false, packedBytes });
      const keys: string[] = [];
      for (let n = 0; n < 3; n++) {
        const writer = blobs.create();
        await writer.write(randomBytes(1000));
        keys.push((await writer.finish()).key);
      }
      const [gone = '', ...others] = keys;
      await blobs.remove([gone]);
      await assert.rejects(blobs.publish(keys), hasCode('InexistentFile'));
      for (const key of others)
        await assert.rejects(blobs.publish([key]), hasCode('InexistentFile'), 'it has its place');
      assert.deepEqual(await readdir(join(folder, 'incoming')), []);
      await blobs.close();
    }
  }));

test('a blob that is removed while it is published leaves no file', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, packedBytes: 0 });
    for (let n = 0; n < 100; n++) {
      const writer = blobs.create();
      await writer.write(randomBytes(10));
      const { key } = await writer.finish();
      const published = blobs.publish([key]).catch((error: unknown) => {
        if (!hasCode('InexistentFile')(error)) throw error;
      });
      if (n % 3 > 0) await new Promise((resolve) => setImmediate(resolve));
      if (n % 3 > 1) await readdir(folder);
      await Promise.all([published, blobs.remove([key])]);
    }
    assert.deepEqual(await blobKeys(folder), []);
    await blobs.close();
  }));

test('room is given back all the while files come in: none of them is lost with the pack that was just begun', () =>
  inFolder(async (folder) => {
    for (const sync of [false, true]) {
      const blobs = await openFileStore({ folder, sync, packBytes: 50_000 });
      const stored = new Map<string, Buffer>();
      const kept = new Set<string>();
      const rows = rowsOf(kept);
      let isDone = false;
      const compacting = (async () => {
        while (!isDone) {
          await blobs.compact(rows);
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      for (let n = 0; n < 150; n++) {
        const bytes = randomBytes(30_000);
        const key = await store(blobs, bytes);
        kept.add(key);
        stored.set(key, bytes);
      }
      isDone = true;
      await compacting;
      await blobs.close();
      assert.deepEqual(new Set(await blobKeys(folder)), kept);
      const again = await openFileStore({ folder, sync });
      for (const [key, bytes] of stored) assert.ok(bytes.equals(await again.read(key)), key);
      await again.remove([...kept]);
      await again.close();
    }
  }));

test(
  'a pack that goes gives its room back, also where it was read not long ago',
  { skip: !existsSync('/proc/self/fd') },
  () =>
    inFolder(async (folder) => {
      const blobs = await openFileStore({ folder, sync: false, packBytes: 50_000 });
      const keys: string[] = [];
      for (let n = 0; n < 10; n++) keys.push(await store(blobs, randomBytes(30_000)));
      for (const key of [...keys, ...keys]) await blobs.read(key);
      await blobs.remove(keys.slice(0, 8));
      await blobs.compact(rowsOf(new Set(keys.slice(8))));
      const opened = readdirSync('/proc/self/fd').flatMap((name) => {
        try {
          return readlinkSync(`/proc/self/fd/${name}`);
        } catch {
          return [];
        }
      });
      assert.deepEqual(
        opened.filter((path) => path.startsWith(folder) && path.endsWith('(deleted)')),
        [],
      );
      await blobs.close();
    }),
);

test('what was removed is known also where the state of the packs is lost', () =>
  inFolder(async (folder) => {
    const options = { folder, sync: false, packBytes: 100_000 };
    const blobs = await openFileStore(options);
    const keys: string[] = [];
    for (let n = 0; n < 8; n++) keys.push(await store(blobs, randomBytes(30_000)));
    const kept = new Set(keys.slice(2));
    await blobs.remove(keys.slice(0, 2));
    await blobs.close();
    await rm(join(folder, 'packs', 'state.json'));

    const again = await openFileStore(options);
    await again.sweep(rowsOf(kept));
    await again.compact(rowsOf(kept));
    await again.close();
    assert.equal((await packsOf(folder)).includes('00000001.pack'), false);
    assert.deepEqual(new Set(await blobKeys(folder)), kept);
  }));

test('what lay in a pack that somebody took away counts as removed', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false });
    const key = await store(blobs, randomBytes(1000));
    await rm(join(folder, 'packs', '00000001.pack'));
    await blobs.remove([key]);
    await blobs.close();
  }));

test('where the index refuses a move, as on a full disk, no copy stays; what it took in spite of an error stays', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, packBytes: 100_000 });
    const keys: string[] = [];
    for (let n = 0; n < 10; n++) keys.push(await store(blobs, randomBytes(30_000)));
    const kept = new Set(keys.slice(2));
    const rows = rowsOf(kept);
    await blobs.remove(keys.slice(0, 2));
    const refused = new Error('no room');
    await assert.rejects(blobs.compact({ ...rows, move: () => Promise.reject(refused) }), refused);
    assert.deepEqual(new Set(await blobKeys(folder)), kept);

    const move = async (newKeys: ReadonlyMap<string, string>): Promise<ReadonlySet<string>> => {
      await rows.move(newKeys);
      throw refused;
    };
    await assert.rejects(blobs.compact({ ...rows, move }), refused);
    for (const key of kept) assert.equal((await blobs.read(key)).byteLength, 30_000);
    await blobs.close();
  }));
