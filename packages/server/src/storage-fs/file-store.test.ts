// The file store keeps the contract of every blob store, and what is its own: Orthanc's layout, bounded memory, full disks.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { blobStoreContract } from '@pharos/testkit';
import { openFileStore } from './index.ts';
import { writeError } from './storage-error.ts';

for (const sync of [true, false]) {
  for (const segmentBytes of [0, 1 << 20]) {
    const name = `file store, ${sync ? 'synced' : 'not synced'}, ${segmentBytes > 0 ? 'with' : 'without'} journal`;
    blobStoreContract(name, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pharos-blobs-'));
      return {
        open: () => openFileStore({ folder, sync, segmentBytes }),
        discard: () => rm(folder, { recursive: true }),
      };
    });
  }
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-blobs-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a published blob lies where Orthanc would put it', () =>
  inFolder(async (folder) => {
    const store = await openFileStore({ folder, sync: false });
    const writer = store.create();
    await writer.write(Buffer.from('bytes'));
    await writer.finish();
    await store.publish([writer.key]);
    await store.close();
    assert.ok(existsSync(join(folder, writer.key.slice(0, 2), writer.key.slice(2, 4), writer.key)));
    assert.ok(!(await readdir(join(folder, 'incoming'))).includes(writer.key));
  }));

test('small blobs are readable at once and get their place though many come at a time', () =>
  inFolder(async (folder) => {
    const store = await openFileStore({ folder, sync: true, segmentBytes: 1 << 20 });
    const keys: string[] = [];
    const storeOne = async (n: number): Promise<void> => {
      const writer = store.create();
      await writer.write(Buffer.alloc(n * 17, n));
      await writer.finish();
      await store.publish([writer.key]);
      keys[n] = writer.key;
      assert.equal((await store.read(writer.key)).byteLength, n * 17);
    };
    for (let n = 0; n < 2000; n += 50) await Promise.all(Array.from({ length: 50 }, (_, i) => storeOne(n + i)));
    await store.remove(keys.slice(0, 1000));
    await store.close();
    const files = (await readdir(folder, { recursive: true })).map((name) => name.slice(-36));
    assert.deepEqual(new Set(files.filter((name) => /^[0-9a-f-]{36}$/.test(name))), new Set(keys.slice(1000)));
    const again = await openFileStore({ folder, sync: true, segmentBytes: 1 << 20 });
    assert.deepEqual(await again.sweep(async (asked) => new Set(asked)), { published: 0, removed: 0 });
    for (const n of [1000, 1500, 1999])
      assert.deepEqual(Buffer.from(await again.read(keys[n] ?? '')), Buffer.alloc(n * 17, n));
    await again.close();
  }));

test('beyond the memory that writers may hold together, each waits for the disk', () =>
  inFolder(async (folder) => {
    const store = await openFileStore({ folder, sync: false, bufferBytes: 100_000, segmentBytes: 0 });
    const writers = Array.from({ length: 10 }, () => store.create());
    const chunk = Buffer.alloc(20_000);
    const waits = writers.map((writer) => writer.write(chunk));
    assert.ok(waits.slice(0, 3).every((wait) => wait === undefined));
    assert.ok(waits.slice(5).every((wait) => wait instanceof Promise));
    await Promise.all(waits);
    for (const writer of writers.slice(5)) {
      assert.equal((await stat(join(folder, 'incoming', writer.key))).size, chunk.length);
    }
    await Promise.all(writers.map((writer) => writer.abort()));
    assert.ok(!(await readdir(join(folder, 'incoming'))).some((name) => name.length === 36));
    const after = store.create();
    assert.equal(after.write(chunk), undefined);
    await after.abort();
    await store.close();
  }));

test('what cannot be written is a clear error that leaves nothing', () =>
  inFolder(async (folder) => {
    const store = await openFileStore({ folder, sync: false, segmentBytes: 0 });
    const writer = store.create();
    await writer.write(Buffer.alloc(10));
    await rm(join(folder, 'incoming'), { recursive: true });
    await assert.rejects(
      writer.finish(),
      (error: unknown) => error instanceof Error && 'code' in error && error.code === 'CannotWriteFile',
    );
  }));

test('a full disk is FullStorage', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  assert.equal(writeError(full).code, 'FullStorage');
});
