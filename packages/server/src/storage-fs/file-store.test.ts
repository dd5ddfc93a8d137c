// The file store keeps the contract of every blob store, and what is its own: packs, Orthanc's layout, bounded memory, full disks.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { blobKeys, blobStoreContract, rowsOf } from '@pharos/testkit';
import type { BlobRows } from '../ports/index.ts';
import { type FileStoreOptions, openFileStore } from './index.ts';
import { packAddress } from './pack-key.ts';
import { writeError } from './storage-error.ts';
import { hasCode, inFolder, store } from './store-fixture.ts';

type Options = Omit<FileStoreOptions, 'folder' | 'sync'>;

const variants: Readonly<Record<string, Options>> = {
  'small blobs in packs': {},
  'small packs': { packBytes: 100_000 },
  'little memory': { bufferBytes: 3 * 65536 },
  'no packs': { packedBytes: 0 },
};

for (const [name, options] of Object.entries(variants)) {
  for (const sync of [true, false]) {
    blobStoreContract(`file store, ${name}, ${sync ? 'synced' : 'not synced'}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pharos-blobs-'));
      return {
        open: () => openFileStore({ folder, sync, ...options }),
        discard: () => rm(folder, { recursive: true }),
      };
    });
  }
}

async function damage(path: string, offset: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write(randomBytes(32), 0, 32, offset);
  await file.close();
}

const packsOf = async (folder: string) =>
  (await readdir(join(folder, 'packs'))).filter((name) => name.endsWith('.pack')).sort();

test('a large blob lies where Orthanc would put it', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, packedBytes: 4 });
    const key = await store(blobs, Buffer.from('bytes'));
    await blobs.close();
    assert.ok(existsSync(join(folder, key.slice(0, 2), key.slice(2, 4), key)));
    assert.deepEqual(await readdir(join(folder, 'incoming')), []);
  }));

test('many small blobs at a time lie in few files, and nothing is left of what was removed', () =>
  inFolder(async (folder) => {
    const options = { folder, sync: true, packBytes: 1_000_000 };
    const blobs = await openFileStore(options);
    const keys: string[] = [];
    const storeOne = async (n: number): Promise<void> => {
      keys[n] = await store(blobs, Buffer.alloc(n * 17, n));
      assert.equal((await blobs.read(keys[n])).byteLength, n * 17);
    };
    for (let n = 0; n < 1000; n += 50) await Promise.all(Array.from({ length: 50 }, (_, i) => storeOne(n + i)));
    await blobs.remove(keys.slice(0, 500));
    await blobs.close();
    assert.ok((await packsOf(folder)).length < 20);
    assert.deepEqual(new Set(await blobKeys(folder)), new Set(keys.slice(500)));
    const again = await openFileStore(options);
    assert.deepEqual(await again.sweep(rowsOf(new Set(keys.slice(500)))), { published: 0, removed: 0 });
    for (const n of [500, 700, 999])
      assert.deepEqual(Buffer.from(await again.read(keys[n] ?? '')), Buffer.alloc(n * 17, n));
    await again.close();
  }));

test('a pack of which nothing is needed goes', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, packBytes: 50_000 });
    const keys: string[] = [];
    for (let n = 0; n < 10; n++) keys.push(await store(blobs, randomBytes(30_000)));
    assert.equal((await packsOf(folder)).length, 5);
    await blobs.remove(keys.slice(0, 4));
    await blobs.compact(rowsOf(new Set(keys.slice(4))));
    assert.deepEqual(await packsOf(folder), ['00000003.pack', '00000004.pack', '00000005.pack']);
    await blobs.close();
    const again = await openFileStore({ folder, sync: false, packBytes: 50_000 });
    await again.remove(keys.slice(4));
    await again.compact(rowsOf(new Set()));
    assert.deepEqual(await packsOf(folder), []);
    const key = await store(again, randomBytes(10));
    assert.deepEqual(await packsOf(folder), ['00000006.pack'], 'no number is given twice');
    assert.equal((await again.read(key)).byteLength, 10);
    await again.close();
  }));

test('of a pack that was removed in large part the rest moves, and whoever has an old key reads on', () =>
  inFolder(async (folder) => {
    const options = { folder, sync: true, packBytes: 500_000 };
    const blobs = await openFileStore(options);
    const bytes = Array.from({ length: 20 }, () => randomBytes(60_000));
    const keys: string[] = [];
    for (const each of bytes) keys.push(await store(blobs, each));
    const kept = new Set(keys.slice(4));
    const rows = rowsOf(kept);
    const numbers = new Map(keys.map((key, n) => [key, n]));
    const index: BlobRows = {
      ...rows,
      async move(newKeys) {
        // One of them is deleted in this very moment.
        kept.delete(keys[7] ?? '');
        for (const [from, to] of newKeys) numbers.set(to, numbers.get(from) ?? -1);
        return rows.move(newKeys);
      },
    };
    await blobs.remove(keys.slice(0, 4));
    await blobs.compact(index);
    assert.equal([...kept].filter((key) => !keys.includes(key)).length, 4);
    assert.deepEqual(Buffer.from(await blobs.read(keys[5] ?? '')), bytes[5]);
    await blobs.close();
    assert.deepEqual(new Set(await blobKeys(folder)), kept);

    const again = await openFileStore(options);
    assert.deepEqual(await again.sweep(rows), { published: 0, removed: 0 });
    for (const key of kept) assert.deepEqual(Buffer.from(await again.read(key)), bytes[numbers.get(key) ?? -1]);
    await again.close();
  }));

test('a pack with a damaged record stays as long as a row refers to it, and what lies behind the damage is readable', () =>
  inFolder(async (folder) => {
    const options = { folder, sync: false, packBytes: 100_000 };
    const blobs = await openFileStore(options);
    const bytes = Array.from({ length: 6 }, () => randomBytes(20_000));
    const keys: string[] = [];
    for (const each of bytes) keys.push(await store(blobs, each));
    await blobs.close();
    await damage(join(folder, 'packs', '00000001.pack'), 2 * 20_480);
    await rm(join(folder, 'packs', 'state.json'));

    const kept = new Set(keys.slice(2));
    const rows = rowsOf(kept);
    const again = await openFileStore(options);
    await again.sweep(rows);
    await again.remove(keys.slice(0, 2));
    await again.compact(rows);
    for (const n of [3, 4, 5]) assert.deepEqual(Buffer.from(await again.read(keys[n] ?? '')), bytes[n]);
    await assert.rejects(again.read(keys[2] ?? ''), hasCode('CorruptedFile'));
    const key = await store(again, Buffer.from('goes on'));
    assert.equal(Buffer.from(await again.read(key)).toString(), 'goes on');
    await again.close();
    assert.equal((await packsOf(folder))[0], '00000001.pack');
  }));

test('what a crash left behind the last whole record is cut off, and writing goes on there', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: true });
    const first = await store(blobs, Buffer.from('first'));
    const torn = await store(blobs, randomBytes(10_000));
    await blobs.close();
    const pack = join(folder, 'packs', '00000001.pack');
    await truncate(pack, 8192);
    await appendFile(pack, randomBytes(100));
    await rm(join(folder, 'packs', 'state.json'));
    const again = await openFileStore({ folder, sync: true });
    await again.sweep(rowsOf(new Set([first])));
    const second = await store(again, Buffer.from('second'));
    assert.equal(Buffer.from(await again.read(first)).toString(), 'first');
    assert.equal(Buffer.from(await again.read(second)).toString(), 'second');
    await assert.rejects(again.read(torn), hasCode('CorruptedFile'));
    await again.close();
    assert.deepEqual(await packsOf(folder), ['00000001.pack']);
  }));

test('a pack whose bytes are not those that were stored is told, not served', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false });
    const key = await store(blobs, randomBytes(100));
    await blobs.close();
    await writeFile(join(folder, 'packs', '00000001.pack'), randomBytes(4096));
    const again = await openFileStore({ folder, sync: false });
    await assert.rejects(again.read(key), hasCode('CorruptedFile'));
    await again.close();
  }));

test('the folder of packs may be damaged beyond reading: what is stored is found by looking', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, packBytes: 50_000 });
    const keys: string[] = [];
    for (let n = 0; n < 10; n++) keys.push(await store(blobs, randomBytes(20_000)));
    await blobs.close();
    await writeFile(join(folder, 'packs', 'state.json'), '{"settled": 7');
    const again = await openFileStore({ folder, sync: false, packBytes: 50_000 });
    const kept = new Set(keys.slice(0, 5));
    assert.deepEqual(await again.sweep(rowsOf(kept)), { published: 0, removed: 5 });
    assert.deepEqual(new Set(await blobKeys(folder)), kept);
    await again.close();
  }));

test('beyond the memory that writers may hold together, each waits for the disk', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, bufferBytes: 5 * 65536 });
    const writers = Array.from({ length: 10 }, () => blobs.create());
    const chunk = Buffer.alloc(60_000, 1);
    const waits = writers.map((writer) => writer.write(chunk));
    assert.ok(waits.slice(0, 5).every((wait) => wait === undefined));
    assert.ok(waits.slice(5).every((wait) => wait instanceof Promise));
    await Promise.all(waits);
    const incoming = join(folder, 'incoming');
    const sizes = await Promise.all(
      (await readdir(incoming)).map(async (name) => (await stat(join(incoming, name))).size),
    );
    assert.deepEqual(sizes, Array(5).fill(chunk.length));
    await Promise.all(writers.map((writer) => writer.abort()));
    assert.deepEqual(await readdir(incoming), []);
    const after = blobs.create();
    assert.equal(after.write(chunk), undefined);
    await after.abort();
    await blobs.close();
  }));

test('a reader that never takes its last piece leaves room for others', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, bufferBytes: 4 * 65536 });
    const bytes = randomBytes(200_000);
    const key = await store(blobs, bytes);
    const slow = Array.from({ length: 5 }, () => blobs.lend(key)[Symbol.asyncIterator]());
    await Promise.all(slow.map((reader) => reader.next()));
    assert.deepEqual(Buffer.from(await blobs.read(key)), bytes);
    assert.deepEqual(Buffer.from(await blobs.read(await store(blobs, bytes))), bytes);
    await Promise.all(slow.map((reader) => reader.return?.()));
    await blobs.close();
  }));

test('those who read many files slowly leave room for what is written', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, bufferBytes: 64 * 65536 });
    const file = randomBytes(100_000);
    const keys: string[] = [];
    for (let count = 0; count < 40; count++) keys.push(await store(blobs, file));
    const readers = Array.from({ length: 6 }, () => blobs.sequence());
    const [first, ...following] = keys;
    assert.ok(first);
    for (const { read } of readers) {
      const lent = await read(first, following);
      assert.ok(lent && Buffer.concat(lent.pieces).equals(file));
    }
    assert.ok(packAddress(await store(blobs, file)), 'it went to a file of its own');

    // All the same, each gets what it wants.
    for (const { read, close } of readers) {
      for (const [at, key] of following.entries()) {
        const lent = await read(key, following.slice(at + 1));
        assert.ok(lent && Buffer.concat(lent.pieces).equals(file));
        lent.giveBack();
      }
      close();
    }
    await blobs.close();
  }));

test('what cannot be written is a clear error that leaves nothing', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: false, packedBytes: 0 });
    const writer = blobs.create();
    await writer.write(Buffer.alloc(0));
    await rm(join(folder, 'incoming'), { recursive: true });
    await assert.rejects(writer.finish(), hasCode('CannotWriteFile'));
    await rm(join(folder, 'packs'), { recursive: true });
    const packed = await openFileStore({ folder, sync: false });
    await rm(join(folder, 'packs'), { recursive: true });
    await assert.rejects(store(packed, Buffer.alloc(10)), hasCode('CannotWriteFile'));
  }));

/** A file system of its own, of so many MB; undefined where that cannot be had. */
function mountSmall(folder: string, megabytes: number): boolean {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
    stdio: 'ignore',
  });
  return status === 0;
}

test('a disk that ran full takes files again once enough was removed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-small-'));
  try {
    if (!mountSmall(folder, 64)) return t.skip('a small file system needs Linux and root');
    const blobs = await openFileStore({ folder, sync: true, reserveFrom: 0 });
    const kept = new Map<string, Buffer>();
    const index: BlobRows = {
      withRow: async (keys) => new Set(keys.filter((key) => kept.has(key))),
      lastBetween: async (from, before) =>
        [...kept.keys()]
          .filter((key) => key >= from && key < before)
          .sort()
          .at(-1),
      async move(newKeys) {
        const moved = new Set<string>();
        for (const [from, to] of newKeys) {
          const bytes = kept.get(from);
          if (!bytes) continue;
          kept.delete(from);
          kept.set(to, bytes);
          moved.add(from);
        }
        return moved;
      },
    };
    await blobs.compact(index);
    const fill = async (): Promise<number> => {
      for (let stored = 0; stored < 1000; stored++) {
        const bytes = randomBytes(500_000);
        try {
          kept.set(await store(blobs, bytes), bytes);
        } catch (error) {
          assert.ok(hasCode('FullStorage')(error), String(error));
          return stored;
        }
      }
      throw new Error('The disk never ran full');
    };
    const first = await fill();
    assert.ok(first > 50);
    for (let round = 0; round < 3; round++) {
      const gone = [...kept.keys()].filter((_, n) => n % 10 < 8);
      for (const key of gone) kept.delete(key);
      await blobs.remove(gone);
      await blobs.compact(index);
      assert.ok((await fill()) > first / 2, `round ${round}`);
      for (const [key, bytes] of kept) assert.deepEqual(Buffer.from(await blobs.read(key)), bytes);
    }
    assert.ok((await packsOf(folder)).length < 5, 'a full disk leaves no empty packs');
    await blobs.close();
  } finally {
    spawnSync('umount', [folder], { stdio: 'ignore' });
    await rm(folder, { recursive: true, force: true });
  }
});

test('a full disk is FullStorage', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  assert.equal(writeError(full).code, 'FullStorage');
});
