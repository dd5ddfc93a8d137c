// The content of attachments as bytes or as a stream: stored plain, or compressed as Orthanc does it (8 bytes little-endian size of
// the content, then a zlib stream). Ranges count in uncompressed bytes.
import { promises as streams } from 'node:stream';
import { createInflate, inflate } from 'node:zlib';
import { type AttachmentInfo, PharosError, type Settings } from '../../model/index.ts';
import type { BlobStore, ByteRange, Metrics } from '../../ports/index.ts';
import type { AttachmentSequence } from '../services.ts';
import { createByteCache, showCache } from './instance-cache.ts';

/** Bytes before the zlib stream. */
const prefixBytes = 8;
const none = new Uint8Array(0);

export interface AttachmentContent {
  /** @throws PharosError InexistentFile, BadRange, CorruptedFile */
  content(attachment: AttachmentInfo, range?: ByteRange): Promise<Uint8Array>;
  stream(attachment: AttachmentInfo, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** As stream, cheaper: each piece is there only until the next one is asked for. */
  lend(attachment: AttachmentInfo, range?: ByteRange): AsyncIterable<Uint8Array>;
  sequence(): AttachmentSequence;
}

function corrupted(cause: unknown): unknown {
  if (cause instanceof PharosError) return cause;
  return new PharosError('CorruptedFile', { details: 'A compressed attachment cannot be uncompressed', cause });
}

function inflateWhole(stored: Uint8Array, size: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) =>
    inflate(stored.subarray(prefixBytes), { maxOutputLength: Math.max(size, 1) }, (error, result) =>
      error ? reject(corrupted(error)) : resolve(result),
    ),
  );
}

async function* inflated(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflation = createInflate();
  const feeding = streams.pipeline(source, inflation);
  // A failure of the source also destroys `inflation`, so that the loop below throws it.
  feeding.catch(() => {});
  try {
    for await (const piece of inflation) if (piece instanceof Uint8Array) yield piece;
    await feeding;
  } catch (error) {
    throw corrupted(error);
  } finally {
    inflation.destroy();
  }
}

/** The part of a stream that lies within the range. @throws PharosError CorruptedFile where the stream ends before it */
async function* within(source: AsyncIterable<Uint8Array>, range: ByteRange): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const piece of source) {
    const from = Math.max(range.start - position, 0);
    const to = Math.min(range.end - position, piece.byteLength);
    position += piece.byteLength;
    if (from < to) yield piece.subarray(from, to);
    if (position >= range.end) return;
  }
  if (position < range.end) throw new PharosError('CorruptedFile', 'A compressed attachment is shorter than it was');
}

async function collect(source: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let position = 0;
  for await (const piece of source) {
    bytes.set(piece, position);
    position += piece.byteLength;
  }
  return position === size ? bytes : bytes.subarray(0, position);
}

export interface ContentDependencies {
  readonly blobs: Pick<BlobStore, 'read' | 'stream' | 'lend' | 'sequence'>;
  readonly settings: Pick<Settings, 'MaximumStorageCacheSize'>;
  readonly metrics: Metrics;
}

/** What came, so that a file which is shorter by now is not taken for the whole of it. */
function all({ compressedSize }: AttachmentInfo): ByteRange {
  return { start: 0, end: compressedSize };
}

/** Whoever asks for a part asks for one of what came: where that is not there, the file has become shorter. */
function shortened(error: unknown): unknown {
  if (!(error instanceof PharosError) || error.code !== 'BadRange') return error;
  return new PharosError('CorruptedFile', { details: 'A stored file is shorter than it was', cause: error });
}

/** Contents up to this size are cached; larger ones are as well kept by the system. */
const largestCached = 256 * 1024;

export function createAttachmentContent({ blobs, settings, metrics }: ContentDependencies): AttachmentContent {
  const cache = createByteCache<Uint8Array>(settings.MaximumStorageCacheSize * 1024 * 1024);
  showCache(metrics, 'storage', cache);

  const stored = async (uuid: string, range?: ByteRange): Promise<Uint8Array> => {
    const begun = performance.now();
    const bytes = await blobs.read(uuid, range).catch((error: unknown) => {
      throw shortened(error);
    });
    metrics.observe('orthanc_storage_read_duration_ms', performance.now() - begun);
    metrics.add('orthanc_storage_read_bytes', bytes.byteLength);
    return bytes;
  };

  async function* counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for await (const piece of source) {
        metrics.add('orthanc_storage_read_bytes', piece.byteLength);
        yield piece;
      }
    } catch (error) {
      throw shortened(error);
    }
  }

  const stream = (attachment: AttachmentInfo, range?: ByteRange): AsyncIterable<Uint8Array> => {
    if (attachment.compression === 'none') return counted(blobs.stream(attachment.uuid, range ?? all(attachment)));
    const { compressedSize, uncompressedSize } = attachment;
    if (uncompressedSize === 0 || (range && range.start >= range.end)) return nothing();
    const source = counted(blobs.stream(attachment.uuid, { start: prefixBytes, end: compressedSize }));
    return within(inflated(source), range ?? { start: 0, end: uncompressedSize });
  };

  const whole = async (attachment: AttachmentInfo): Promise<Uint8Array> => {
    if (attachment.uncompressedSize === 0) return none;
    const bytes = await stored(attachment.uuid, all(attachment));
    const content = attachment.compression === 'none' ? bytes : await inflateWhole(bytes, attachment.uncompressedSize);
    if (content.byteLength <= largestCached) cache.set(attachment.uuid, content, content.byteLength);
    return content;
  };

  return {
    stream,
    lend(attachment, range) {
      if (attachment.compression !== 'none') return stream(attachment, range);
      return counted(blobs.lend(attachment.uuid, range ?? all(attachment)));
    },
    sequence() {
      const { read, close } = blobs.sequence();
      return {
        close,
        async read({ uuid, compression }, following) {
          if (compression !== 'none') return undefined;
          const lent = await read(uuid, uncompressedKeys(following));
          for (const piece of lent?.pieces ?? []) metrics.add('orthanc_storage_read_bytes', piece.byteLength);
          return lent;
        },
      };
    },
    async content(attachment, range) {
      const kept = cache.get(attachment.uuid);
      metrics.add(`orthanc_storage_cache_${kept ? 'hit' : 'miss'}_count`, 1);
      if (!range) return kept ?? whole(attachment);
      if (range.start > range.end || range.end > attachment.uncompressedSize) throw new PharosError('BadRange');
      if (kept) return kept.subarray(range.start, range.end);
      if (attachment.compression === 'none') return stored(attachment.uuid, range);
      return collect(stream(attachment, range), range.end - range.start);
    },
  };
}

function uncompressedKeys(attachments: readonly AttachmentInfo[]): readonly string[] {
  return attachments.filter(({ compression }) => compression === 'none').map(({ uuid }) => uuid);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
