// Which blobs a storage folder holds, whatever the index knows of them: for tests of what a crash leaves.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { scanPack } from '../../server/src/storage-fs/index.ts';

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const packFile = /(\d+)\.pack$/;

async function packedKeys(path: string, number: number): Promise<readonly string[]> {
  const keys: string[] = [];
  const { size } = await stat(path);
  for await (const { key, isRemoved } of scanPack({ path, number, bytes: size, removed: 0 }))
    if (!isRemoved) keys.push(key);
  return keys;
}

/** Keys of all blobs below a storage folder, those of unfinished uploads included, in files of their own and in packs. */
export async function blobKeys(folder: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const pack = packFile.exec(name)?.[1];
    if (pack !== undefined) keys.push(...(await packedKeys(join(folder, name), Number(pack))));
    else if (uuid.test(name)) keys.push(name.slice(-36));
  }
  return keys;
}
