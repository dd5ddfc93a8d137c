// What rows refer to and is not there: it is found by pack and by file, and what comes later never lies in its place.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cp, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { rowsOf } from '@pharos/testkit';
import type { BlobRows, BlobStore } from '../ports/index.ts';
import { openFileStore } from './index.ts';
import { inFolder, store } from './store-fixture.ts';

async function storeMany(blobs: BlobStore, count: number, bytes: number): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let n = 0; n < count; n++) keys.push(await store(blobs, randomBytes(bytes)));
  return keys;
}

const pack = (number: number): string => `packs/0000000${number}.pack`;

/** The keys that are told as missing, by file. */
async function missing(blobs: BlobStore, keys: readonly string[], rows: BlobRows = rowsOf(new Set(keys))) {
  const found = new Map<string, readonly string[]>();
  for await (const { from, before, file } of blobs.missing(rows)) {
    found.set(
      file,
      keys.filter((key) => key >= from && key < before),
    );
  }
  return found;
}

test('lost packs, packs that lost their ends, and lost files of their own are told, nothing else', () =>
  inFolder(async (folder) => {
    const options = { folder, sync: false, packedBytes: 50_000, packBytes: 100_000 };
    const blobs = await openFileStore(options);
    const packed = await storeMany(blobs, 12, 30_000);
    const large = (await storeMany(blobs, 250, 60_000)).toSorted();
    const keys = [...packed, ...large];
    assert.deepEqual(await missing(blobs, keys), new Map());
    await blobs.close();

    await rm(join(folder, pack(2)));
    await truncate(join(folder, pack(3)), 40_000);
    const [first = '', second = ''] = [large[0], large[120]];
    for (const key of [first, second]) await rm(join(folder, key.slice(0, 2), key.slice(2, 4), key));
    const again = await openFileStore(options);
    assert.deepEqual(
      await missing(again, keys),
      new Map([
        [`${second.slice(0, 2)}/${second.slice(2, 4)}/${second}`, [second]],
        [`${first.slice(0, 2)}/${first.slice(2, 4)}/${first}`, [first]],
        [pack(3), packed.slice(9)],
        [pack(2), packed.slice(4, 8)],
      ]),
    );
    await again.close();
  }));

test('what is removed or moved at the very moment is not missing', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, packedBytes: 50_000, packBytes: 100_000 });
    const keys = [...(await storeMany(blobs, 8, 30_000)), ...(await storeMany(blobs, 4, 60_000))];
    const kept = new Set(keys);
    const rows = rowsOf(kept);
    let isFirst = true;
    const meanwhile: BlobRows = {
      ...rows,
      async lastBetween(from, before) {
        const key = await rows.lastBetween(from, before);
        if (key !== undefined && kept.has(key) && isFirst) {
          kept.delete(key);
          await blobs.remove([key]);
          await rm(join(folder, key.slice(0, 2), key.slice(2, 4), key), { force: true });
        }
        isFirst = !isFirst;
        return key;
      },
    };
    assert.deepEqual(await missing(blobs, keys, meanwhile), new Map());
    await blobs.close();
  }));

test('a new blob never lies where a lost one was: who has its key reads nothing, or itself', () =>
  inFolder(async (folder) => {
    const options = { folder, sync: false, packBytes: 100_000 };
    const blobs = await openFileStore(options);
    const keys = await storeMany(blobs, 2, 30_000);
    await blobs.close();
    const backup = `${folder}-backup`;
    await cp(folder, backup, { recursive: true });
    const later = await openFileStore(options);
    const newer = await storeMany(later, 5, 30_000);
    await later.close();
    const all = [...keys, ...newer];
    // An empty folder, as where a disk is not mounted; and a backup that is older than the index.
    for (const place of [`${folder}-empty`, backup]) {
      const now = await openFileStore({ ...options, folder: place });
      await now.sweep(rowsOf(new Set(all)));
      const fresh = await storeMany(now, 8, 30_000);
      const places = new Set(all.map((key) => key.slice(0, 18)));
      assert.deepEqual(
        fresh.filter((key) => places.has(key.slice(0, 18))),
        [],
      );
      for (const key of newer) await assert.rejects(now.read(key, { start: 10_000, end: 20_000 }), place);
      await now.close();
    }
  }));

test('a pack that is put back has all that it had, also after the server ran without it', () =>
  inFolder(async (folder) => {
    const options = { folder, sync: false, packBytes: 100_000 };
    const blobs = await openFileStore(options);
    const contents = new Map<string, Buffer>();
    const keep = async (into: BlobStore): Promise<string> => {
      const bytes = randomBytes(30_000);
      const key = await store(into, bytes);
      contents.set(key, bytes);
      return key;
    };
    for (let n = 0; n < 12; n++) await keep(blobs);
    await blobs.close();
    for (const lost of [pack(2), pack(3)]) await cp(join(folder, lost), join(folder, '..', lost.slice(6)));
    for (const lost of [pack(2), pack(3)]) await rm(join(folder, lost));

    const without = await openFileStore(options);
    const kept = new Set(contents.keys());
    const rows = rowsOf(kept);
    await without.sweep(rows);
    for (let n = 0; n < 6; n++) kept.add(await keep(without));
    await without.compact(rows);
    await without.close();

    for (const lost of [pack(2), pack(3)]) await cp(join(folder, '..', lost.slice(6)), join(folder, lost));
    const again = await openFileStore(options);
    await again.sweep(rows);
    await again.compact(rows);
    await again.compact(rows);
    assert.deepEqual(await missing(again, [...kept], rows), new Map());
    const whole = new Set([...contents.values()].map((bytes) => bytes.toString('hex')));
    for (const key of kept) assert.ok(whole.delete(Buffer.from(await again.read(key)).toString('hex')), key);
    assert.equal(whole.size, 0);
    await again.close();
  }));
