// The MD5 of stored files, which is computed when somebody asks for it first (docs/adr/0006).
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type AttachmentInfo, type HashedAttachment, type KnownMd5, PharosError } from '../../model/index.ts';
import type { BlobStore, IndexStore } from '../../ports/index.ts';

export interface HashDependencies {
  readonly index: Pick<IndexStore, 'setMd5'>;
  readonly blobs: Pick<BlobStore, 'stream'>;
}

/** An attachment with its MD5. Where only the CRC-32 of what came is known, the file is read and compared with that, and its MD5 is kept.
 * @throws PharosError CorruptedFile where the bytes are no longer those that came; what reading throws */
export async function hashed<Attachment extends Omit<AttachmentInfo, 'revision'>>(
  { index, blobs }: HashDependencies,
  attachment: Attachment,
): Promise<Attachment & KnownMd5> {
  const { uuid, uncompressedMd5, compressedMd5 } = attachment;
  if (uncompressedMd5 !== undefined && compressedMd5 !== undefined) {
    return { ...attachment, uncompressedMd5, compressedMd5 };
  }
  const hash = createHash('md5');
  let crc = 0;
  for await (const piece of blobs.stream(uuid)) {
    crc = crc32(piece, crc);
    hash.update(piece);
  }
  if (crc !== attachment.crc32) {
    throw new PharosError(
      'CorruptedFile',
      `The stored file ${uuid} is not what was received: its CRC-32 is another one`,
    );
  }
  const md5 = hash.digest('hex');
  await index.setMd5(uuid, md5);
  return { ...attachment, uncompressedMd5: md5, compressedMd5: md5 };
}

/** The same for a listing, which one damaged or lost file does not spoil: its MD5 is '' there. */
export async function hashedIfReadable(deps: HashDependencies, attachment: AttachmentInfo): Promise<HashedAttachment> {
  try {
    return await hashed(deps, attachment);
  } catch (error) {
    if (!(error instanceof PharosError)) throw error;
    return { ...attachment, uncompressedMd5: '', compressedMd5: '' };
  }
}
