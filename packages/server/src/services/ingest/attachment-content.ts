// The content of an attachment as it was given, in pieces.
import { promises, Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import type { AttachmentInfo } from '../../model/index.ts';
import type { BlobStore } from '../../ports/index.ts';

/** Bytes of the size that precedes a zlib stream. */
export const sizePrefixBytes = 8;

type Stored = Pick<AttachmentInfo, 'uuid' | 'compression' | 'compressedSize'>;

/** @throws PharosError InexistentFile; an error of zlib where the blob is corrupt */
export async function* attachmentContent(
  blobs: Pick<BlobStore, 'stream'>,
  { uuid, compression, compressedSize }: Stored,
): AsyncGenerator<Uint8Array> {
  if (compression === 'none') {
    yield* blobs.stream(uuid);
    return;
  }
  if (compressedSize === 0) return;
  const inflate = createInflate({ chunkSize: 64 * 1024 });
  const compressed = blobs.stream(uuid, { start: sizePrefixBytes, end: compressedSize });
  // Its failure is seen below, as that of the stream that is read.
  promises.pipeline(Readable.from(compressed, { objectMode: false }), inflate).catch(() => {});
  for await (const chunk of inflate) if (chunk instanceof Uint8Array) yield chunk;
}
