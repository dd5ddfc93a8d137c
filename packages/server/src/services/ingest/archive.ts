// ZIP archives, read from a scratch blob by random access: sizes and counts are checked before anything is inflated.
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { PharosError } from '../../model/index.ts';
import type { BlobStore } from '../../ports/index.ts';

const maximumEntries = 1_000_000;
/** Deflate cannot do better (RFC 1951): a higher ratio means members that share their bytes. */
const maximumRatio = 1032;

class BlobReader extends RandomAccessReader {
  readonly #blobs: Pick<BlobStore, 'read' | 'stream'>;
  readonly #key: string;

  constructor(blobs: Pick<BlobStore, 'read' | 'stream'>, key: string) {
    super();
    this.#blobs = blobs;
    this.#key = key;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#blobs.stream(this.#key, { start, end }), { objectMode: false });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#blobs.read(this.#key, { start: position, end: position + length }).then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(null);
      },
      (error: Error) => callback(error),
    );
  }
}

function badArchive(cause: unknown): PharosError {
  if (cause instanceof PharosError && cause.code !== 'BadRange') return cause;
  return new PharosError('BadFileFormat', { details: 'The ZIP archive cannot be read', cause });
}

export interface Archive {
  readonly key: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** Largest member accepted, in bytes. */
  readonly maximumMember: number;
}

async function* members(zip: ZipFile, archive: Archive): AsyncGenerator<Entry> {
  if (zip.entryCount > maximumEntries) throw new PharosError('BadFileFormat', 'The ZIP archive has too many members');
  let total = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.uncompressedSize === 0) continue;
    total += entry.uncompressedSize;
    if (entry.uncompressedSize > archive.maximumMember) {
      throw new PharosError('BadFileFormat', 'A member of the ZIP archive is larger than MaximumFileSizeInArchiveMB');
    }
    if (total > archive.size * maximumRatio) {
      throw new PharosError('BadFileFormat', 'The ZIP archive claims to hold more than it can');
    }
    if (entry.isEncrypted()) throw new PharosError('BadFileFormat', 'A member of the ZIP archive is encrypted');
    yield entry;
  }
}

/**
 * The contents of the members that are not empty, in the order of the archive's directory. Each must be read before the next.
 * @throws PharosError BadFileFormat where the archive is broken or beyond a limit
 */
export async function* archiveMembers(
  blobs: Pick<BlobStore, 'read' | 'stream'>,
  archive: Archive,
): AsyncGenerator<AsyncIterable<Uint8Array>> {
  let zip: ZipFile | undefined;
  try {
    zip = await fromRandomAccessReaderPromise(new BlobReader(blobs, archive.key), archive.size, {
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: true,
    });
    for await (const entry of members(zip, archive)) yield content(await zip.openReadStreamPromise(entry), entry.crc32);
  } catch (error) {
    throw badArchive(error);
  } finally {
    zip?.close();
  }
}

async function* content(stream: Readable, expectedCrc: number): AsyncGenerator<Uint8Array> {
  let crc = 0;
  try {
    for await (const chunk of stream) {
      if (!(chunk instanceof Uint8Array)) continue;
      crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (error) {
    throw badArchive(error);
  }
  if (crc !== expectedCrc) throw new PharosError('BadFileFormat', 'A member of the ZIP archive is corrupt');
}
