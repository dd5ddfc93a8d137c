// Compressed attachments on a disk that is full: nothing of them is kept, neither files nor their room.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import { openIngest } from '@pharos/testkit';
import { Attachment, PharosError } from '../../model/index.ts';
import type { BlobStore, BlobWriter } from '../../ports/index.ts';
import { createAttachmentWriter } from './index.ts';

/** Takes the first bytes of what is to be kept, no more. */
function fullDisk(blobs: BlobStore): BlobStore {
  const limited = (writer: BlobWriter): BlobWriter => {
    let size = 0;
    return {
      write(chunk) {
        size += chunk.byteLength;
        return size > 100_000 ? Promise.reject(new PharosError('FullStorage')) : writer.write(chunk);
      },
      finish: () => writer.finish(),
      abort: () => writer.abort(),
    };
  };
  return { ...blobs, create: (purpose) => (purpose === 'scratch' ? blobs.create('scratch') : limited(blobs.create())) };
}

function openFilesBelow(folder: string): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${name}`);
      return path.startsWith(`${folder}/incoming`) ? [path] : [];
    } catch {
      return [];
    }
  });
}

test('a large file that finds no room leaves no file open', { skip: !existsSync('/proc/self/fd') }, async () => {
  const fixture = await openIngest();
  const settings = { ...fixture.settings, StorageCompression: true };
  const writer = createAttachmentWriter({ blobs: fullDisk(fixture.blobs), settings });
  for (let n = 0; n < 3; n++) {
    const intake = writer.begin(Attachment.dicom);
    for (let piece = 0; piece < 64; piece++) await intake.push(randomBytes(65_536));
    await assert.rejects(intake.finish(), { code: 'FullStorage' });
  }
  // The descriptor is closed in the thread pool.
  for (let n = 0; n < 100 && openFilesBelow(fixture.folder).length > 0; n++)
    await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(openFilesBelow(fixture.folder), []);
  assert.deepEqual(readdirSync(`${fixture.folder}/incoming`), []);
  await fixture.discard();
});
