// A storage folder that somebody empties under a running server.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { openFileStore } from './file-store.ts';
import { inFolder, store } from './store-fixture.ts';

for (const [what, size] of [
  ['small files', 1000],
  ['large files', 5 * 1024 * 1024],
] as const) {
  test(`what comes after the folder was emptied is there: ${what}`, () =>
    inFolder(async (folder) => {
      const blobs = await openFileStore({ folder, sync: true });
      await store(blobs, new Uint8Array(size).fill(1));
      await rm(folder, { recursive: true });
      const bytes = new Uint8Array(size).fill(2);
      const key = await store(blobs, bytes);
      assert.deepEqual(await blobs.read(key), Buffer.from(bytes));
      await blobs.close();
    }));
}
