// A storage folder that somebody empties, or moves away, under a running server: nothing is taken that nobody could read.
import assert from 'node:assert/strict';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFileStore } from './file-store.ts';
import { hasCode, inFolder, store } from './store-fixture.ts';

const first = new Uint8Array(1000).fill(1);
const second = new Uint8Array(1000).fill(2);

test('without its folder no file is accepted, and where the folder comes back all is there again', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: true });
    const before = await store(blobs, first);
    await rename(join(folder, 'packs'), join(folder, 'elsewhere'));
    await assert.rejects(store(blobs, second), hasCode('CannotWriteFile'));
    await rename(join(folder, 'elsewhere'), join(folder, 'packs'));
    const after = await store(blobs, second);
    assert.deepEqual(await blobs.read(before), Buffer.from(first));
    assert.deepEqual(await blobs.read(after), Buffer.from(second));
    await blobs.close();
  }));

test('what comes after the packs were removed goes into a new one', () =>
  inFolder(async (folder) => {
    const blobs = await openFileStore({ folder, sync: true });
    await store(blobs, first);
    await store(blobs, first);
    const packs = join(folder, 'packs');
    await rm(packs, { recursive: true });
    await mkdir(packs);
    const after = await store(blobs, second);
    assert.deepEqual(await blobs.read(after), Buffer.from(second));
    assert.ok((await readdir(packs)).some((name) => name.endsWith('.pack')));
    await blobs.close();
  }));
