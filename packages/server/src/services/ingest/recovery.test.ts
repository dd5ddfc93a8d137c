// A start with an index that is not the one of the stored files: a disk that is not mounted, a mistyped IndexDirectory.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { blobKeys, type IngestFixture, openIngest, silentLog, syntheticInstance } from '@pharos/testkit';
import { Attachment, type OrthancId } from '../../model/index.ts';
import type { Log } from '../../ports/index.ts';
import { createRemoval } from '../removal/index.ts';

const file = (instance: number): Uint8Array =>
  syntheticInstance({ kind: 'mr', patient: 0, study: 0, series: 0, instance });

async function bytesOf({ index, blobs }: IngestFixture, id: OrthancId): Promise<Uint8Array> {
  const attachments = (await index.get(id, { attachments: true }))?.attachments ?? [];
  return blobs.read(attachments.find(({ type }) => type === Attachment.dicom)?.uuid ?? 'none');
}

async function compactAll(fixture: IngestFixture): Promise<void> {
  const removal = createRemoval(fixture);
  await removal.drain();
  await removal.stop();
}

async function moveIndex(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) if (name.startsWith('index.')) await rename(join(from, name), join(to, name));
}

for (const isStateLost of [false, true]) {
  test(`an index that knows none of the stored files removes none of them, ${isStateLost ? 'without' : 'with'} the state of the packs`, async () => {
    const parent = await mkdtemp(join(tmpdir(), 'pharos-wrong-index-'));
    const folder = join(parent, 'storage');
    const files = { packBytes: 2_000_000 };
    await mkdir(folder);
    const before = await openIngest({ folder: join(parent, 'first'), files }).catch(() => undefined);
    assert.ok(before);
    const ids: OrthancId[] = [];
    for (let n = 0; n < 20; n++) ids.push((await before.store(file(n))).ids.instance);
    // Enough for the first pack to be compacted.
    for (const id of ids.splice(0, 4)) await before.index.deleteResource({ level: 'Instance', id }, '20270101T000000');
    const keys = await before.index.removedBlobs(100);
    await before.blobs.remove(keys);
    await before.index.forgetRemovedBlobs(keys);
    // As if the process had died now.
    await cp(before.folder, folder, { recursive: true });
    await before.discard();
    if (isStateLost) await rm(join(folder, 'packs', 'state.json'));
    await moveIndex(folder, join(parent, 'index'));

    const errors: string[] = [];
    const log: Log = {
      ...silentLog,
      of: () => ({ ...silentLog.of('generic'), error: (message) => void errors.push(message) }),
    };
    const later: OrthancId[] = [];
    for (let start = 0; start < 2; start++) {
      const wrong = await openIngest({ folder, files, log });
      later.push((await wrong.store(file(100 + start))).ids.instance);
      await compactAll(wrong);
      for (const id of later) assert.deepEqual(await bytesOf(wrong, id), Buffer.from(file(100 + later.indexOf(id))));
      await wrong.close();
    }
    assert.equal(errors.length, 2, 'each start tells it');
    assert.match(errors[0] ?? '', /IndexDirectory/);

    await moveIndex(folder, join(parent, 'wrong index'));
    await moveIndex(join(parent, 'index'), folder);
    const right = await openIngest({ folder, files });
    await compactAll(right);
    for (const [n, id] of ids.entries()) assert.deepEqual(await bytesOf(right, id), Buffer.from(file(n + 4)));
    await right.close();
    await rm(parent, { recursive: true });
  });
}

test('where all was deleted and the process died, nothing stays', async () => {
  const before = await openIngest();
  const ids: OrthancId[] = [];
  for (let n = 0; n < 5; n++) ids.push((await before.store(file(n))).ids.instance);
  for (const id of ids) await before.index.deleteResource({ level: 'Instance', id }, '20270101T000000');
  const folder = `${before.folder}-killed`;
  await cp(before.folder, folder, { recursive: true });
  await before.discard();
  const errors: string[] = [];
  const log: Log = {
    ...silentLog,
    of: () => ({ ...silentLog.of('generic'), error: (message) => void errors.push(message) }),
  };
  const now = await openIngest({ folder, log });
  await compactAll(now);
  assert.deepEqual(errors, []);
  assert.deepEqual(await blobKeys(folder), []);
  await now.discard();
});
