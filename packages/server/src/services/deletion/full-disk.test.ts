// A disk with nothing left on it, files and index alike: the server starts, and what is deleted makes room again.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type IngestFixture, openIngest, syntheticInstance } from '@pharos/testkit';
import { type OrthancId, PharosError } from '../../model/index.ts';
import { createRemoval } from '../removal/index.ts';
import { deleteResource } from './index.ts';

function mountSmall(folder: string, megabytes: number): boolean {
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
    stdio: 'ignore',
  });
  return status === 0;
}

/** Takes all that is left. */
function fill(path: string): void {
  const descriptor = openSync(path, 'a');
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4096));
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && error.code === 'ENOSPC', String(error));
  } finally {
    closeSync(descriptor);
  }
}

/** Stores images of a patient each, until there is no room. */
async function storeImages(fixture: IngestFixture, from: number, count: number): Promise<readonly OrthancId[]> {
  const ids: OrthancId[] = [];
  try {
    for (let patient = from; patient < from + count; patient++) {
      const image = syntheticInstance({ kind: 'mr', patient, study: 0, series: 0, instance: 0 });
      ids.push((await fixture.store(image)).ids.instance);
    }
  } catch (error) {
    assert.ok(error instanceof PharosError && error.code === 'FullStorage', String(error));
  }
  return ids;
}

test('on a full disk the server starts, instances are deleted, and others take their room', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pharos-full-'));
  try {
    if (!mountSmall(folder, 100)) return t.skip('a small file system needs Linux and root');
    const options = { folder, files: { reserveFrom: 0 } };
    const clock = { now: () => new Date() };
    const before = await openIngest(options);
    const first = createRemoval(before);
    await first.drain();
    const images = await storeImages(before, 0, 300);
    assert.equal(images.length, 300);
    await first.stop();
    await before.close();
    fill(join(folder, 'others'));

    const now = await openIngest(options);
    const removal = createRemoval(now);
    await removal.drain();
    for (const id of images.slice(0, 200)) assert.ok(await deleteResource({ ...now, clock }, { id }), id);
    // What is marked is compacted, and some room is kept free again.
    for (let n = 0; n < 3; n++) await removal.drain();
    const more = await storeImages(now, 1000, 200);
    assert.ok(more.length > 50, `${more.length} images took the room of 200`);
    for (const id of [...images.slice(200), ...more]) {
      const [attachment = assert.fail()] = (await now.index.get(id, { attachments: true }))?.attachments ?? [];
      assert.equal((await now.blobs.read(attachment.uuid)).byteLength, attachment.compressedSize);
    }
    await removal.stop();
    await now.close();
  } finally {
    spawnSync('umount', ['-l', folder], { stdio: 'ignore' });
    await rm(folder, { recursive: true, force: true });
  }
});
