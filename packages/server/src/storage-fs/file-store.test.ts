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
  blobStoreContract(`file store, ${sync ? 'synced' : 'not synced'}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pharos-blobs-'));
    return {
      open: () => openFileStore({ folder, sync }),
      discard: () => rm(folder, { recursive: true }),
    };
  });
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
    assert.deepEqual(await readdir(join(folder, 'incoming')), [writer.key]);
    await store.publish([writer.key]);
    assert.ok(existsSync(join(folder, writer.key.slice(0, 2), writer.key.slice(2, 4), writer.key)));
    assert.deepEqual(await readdir(join(folder, 'incoming')), []);
  }));

test('a folder that someone removed while the server runs is made again', () =>
  inFolder(async (folder) => {
    const store = await openFileStore({ folder, sync: false });
    const layout = async (): Promise<string> => {
      const writer = store.create();
      await writer.finish();
      await store.publish([writer.key]);
      return join(folder, writer.key.slice(0, 2));
    };
    for (let n = 0; n < 300; n++) await rm(await layout(), { recursive: true });
  }));

test('beyond the memory that writers may hold together, each waits for the disk', () =>
  inFolder(async (folder) => {
    const store = await openFileStore({ folder, sync: false, bufferBytes: 100_000 });
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
    assert.deepEqual(await readdir(join(folder, 'incoming')), []);
    const after = store.create();
    assert.equal(after.write(chunk), undefined);
    await after.abort();
  }));

test('what cannot be written is a clear error that leaves nothing', () =>
  inFolder(async (folder) => {
    const store = await openFileStore({ folder, sync: false });
    const writer = store.create();
    await writer.write(Buffer.alloc(10));
    await rm(join(folder, 'incoming'), { recursive: true });
    await assert.rejects(writer.finish(), (error: unknown) => error instanceof Error && 'code' in error && error.code === 'CannotWriteFile');
  }));

test('a full disk is FullStorage', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  assert.equal(writeError(full).code, 'FullStorage');
});
