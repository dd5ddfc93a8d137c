// What tests of the file store share.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from '../ports/index.ts';

/** An empty folder, in one of its own that is removed with all in it. */
export async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'pharos-blobs-'));
  const folder = join(parent, 'storage');
  try {
    await mkdir(folder);
    await body(folder);
  } finally {
    await rm(parent, { recursive: true });
  }
}

/** Gives the key. */
export async function store(blobs: BlobStore, bytes: Uint8Array): Promise<string> {
  const writer = blobs.create();
  await writer.write(bytes);
  const { key } = await writer.finish();
  await blobs.publish([key]);
  return key;
}

export const hasCode = (code: string) => (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === code;
