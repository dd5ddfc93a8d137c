// Whether the bytes of an attachment are still the ones that came.
import { createHash } from 'node:crypto';
import { type AttachmentInfo, PharosError } from '../../model/index.ts';
import { type HashDependencies, hashed } from '../read/index.ts';
import type { InstanceReader } from '../services.ts';

export interface CheckDependencies extends HashDependencies {
  readonly reader: Pick<InstanceReader, 'stream'>;
}

async function md5Of(source: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('md5');
  for await (const piece of source) hash.update(piece);
  return hash.digest('hex');
}

/** False also where no MD5 was kept. */
export async function isIntact(deps: CheckDependencies, attachment: AttachmentInfo): Promise<boolean> {
  const { uuid, compression, compressedMd5, uncompressedMd5 } = attachment;
  if (compressedMd5 === '' || uncompressedMd5 === '') return false;
  try {
    if (uncompressedMd5 === undefined) return Boolean(await hashed(deps, attachment));
    if ((await md5Of(deps.blobs.stream(uuid))) !== compressedMd5) return false;
    return compression === 'none' || (await md5Of(deps.reader.stream(attachment))) === uncompressedMd5;
  } catch (error) {
    if (error instanceof PharosError && error.code === 'CorruptedFile') return false;
    throw error;
  }
}
