// MD5 sums of stored files: computed when they are asked for, kept from then on, and never of bytes that changed meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { md5, openIngest, syntheticInstance } from '@pharos/testkit';
import { hashed, hashedIfReadable } from './attachment-hash.ts';

const file = syntheticInstance({ kind: 'mr', patient: 0, study: 0, series: 0, instance: 0 });

async function withStored(check: (storage: Awaited<ReturnType<typeof stored>>) => Promise<void>): Promise<void> {
  const storage = await stored();
  try {
    await check(storage);
  } finally {
    await storage.ingest.discard();
  }
}

async function stored(
  settings: { readonly OverwriteInstances?: 'IfChanged'; readonly StoreMD5ForAttachments?: boolean } = {},
) {
  const ingest = await openIngest({ settings });
  const { ids } = await ingest.store(file);
  const attachment = async () => {
    const [found] = (await ingest.index.get(ids.instance, { attachments: true }))?.attachments ?? [];
    assert.ok(found);
    return found;
  };
  return { ingest, attachment };
}

test('the MD5 is computed once', () =>
  withStored(async ({ ingest, attachment }) => {
    assert.equal((await attachment()).uncompressedMd5, undefined);
    const first = await hashed(ingest, await attachment());
    assert.deepEqual([first.uncompressedMd5, first.compressedMd5], [md5(file), md5(file)]);
    const unreadable = { stream: () => assert.fail('read again') };
    assert.equal((await hashed({ ...ingest, blobs: unreadable }, await attachment())).compressedMd5, md5(file));
  }));

test('there is no MD5 of bytes that are not those that came, and a listing shows none', () =>
  withStored(async ({ ingest, attachment }) => {
    const other = Uint8Array.from(file);
    other[1000] = (other[1000] ?? 0) ^ 1;
    const damaged = {
      ...ingest,
      blobs: {
        stream: async function* () {
          yield other;
        },
      },
    };
    await assert.rejects(hashed(damaged, await attachment()), { code: 'CorruptedFile' });
    assert.equal((await hashedIfReadable(damaged, await attachment())).uncompressedMd5, '');
    assert.equal((await attachment()).uncompressedMd5, undefined);
  }));

test('where it is compared with each file that comes, it is computed at once', async () => {
  const { ingest, attachment } = await stored({ OverwriteInstances: 'IfChanged' });
  assert.equal((await attachment()).uncompressedMd5, md5(file));
  assert.equal((await ingest.store(file)).status, 'AlreadyStored');
  await ingest.discard();
});

test('a file that came before files were compared is known again', async () => {
  const before = await openIngest();
  const { ids } = await before.store(file);
  await before.close();
  const now = await openIngest({ folder: before.folder, settings: { OverwriteInstances: 'IfChanged' } });
  assert.equal((await now.store(file)).status, 'AlreadyStored');
  const changed = Uint8Array.from(file);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  assert.equal((await now.store(changed)).status, 'Success');
  const [attachment] = (await now.index.get(ids.instance, { attachments: true }))?.attachments ?? [];
  assert.equal(attachment?.uncompressedMd5, md5(changed));
  await now.discard();
});

test('without StoreMD5ForAttachments there is none', async () => {
  const { ingest, attachment } = await stored({ StoreMD5ForAttachments: false });
  assert.equal((await hashed(ingest, await attachment())).uncompressedMd5, '');
  await ingest.discard();
});
