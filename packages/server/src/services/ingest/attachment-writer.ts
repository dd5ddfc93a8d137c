// Makes the blob of an attachment while its bytes come in: plain, or compressed as Orthanc does (8 bytes little-endian size, then
// a zlib stream). The size comes first, so content to be compressed waits in memory or, where large, in a scratch blob.
import { promises } from 'node:stream';
import { createDeflate, deflate } from 'node:zlib';
import {
  Attachment,
  type AttachmentInfo,
  type AttachmentType,
  type Compression,
  type Settings,
} from '../../model/index.ts';
import type { BlobStore, BlobWriter } from '../../ports/index.ts';
import type { AttachmentIntake, AttachmentWriter } from '../services.ts';
import {
  type ContentHash,
  type ContentSums,
  contentCrc,
  contentMd5,
  contentMd5AndCrc,
  createContentHash,
  noHash,
} from './content-hash.ts';

export interface AttachmentWriterDependencies {
  readonly blobs: BlobStore;
  readonly settings: Pick<Settings, 'StorageCompression' | 'StoreMD5ForAttachments' | 'OverwriteInstances'>;
}

/** Content up to this size is compressed in memory. */
const inMemoryBytes = 1024 * 1024;

type Row = Omit<AttachmentInfo, 'revision'>;

interface IntakeContext {
  readonly blobs: BlobStore;
  readonly type: AttachmentType;
  newHash(): ContentHash;
  /** Of content that is stored as it comes. */
  newSums(): ContentSums;
}

function beginPlain({ blobs, type, newSums }: IntakeContext): AttachmentIntake {
  const writer = blobs.create();
  const sums = newSums();
  return {
    push(chunk) {
      sums.update(chunk);
      return writer.write(chunk);
    },
    async finish() {
      const { key, size } = await writer.finish();
      return {
        type,
        uuid: key,
        compression: 'none',
        uncompressedSize: size,
        compressedSize: size,
        ...sums.finish(),
      };
    },
    abort: () => writer.abort(),
  };
}

function sizePrefix(size: number): Uint8Array {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(size), true);
  return prefix;
}

function deflateWhole(chunks: readonly Uint8Array[]): Promise<Uint8Array> {
  return new Promise((resolve, reject) =>
    deflate(Buffer.concat(chunks), (error, result) => (error ? reject(error) : resolve(result))),
  );
}

/** Content waiting to be compressed: in memory, then in a scratch blob. */
class Waiting {
  readonly #blobs: BlobStore;
  #chunks: Uint8Array[] = [];
  #scratch: BlobWriter | undefined;
  #scratchKey: string | undefined;
  size = 0;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  push(chunk: Uint8Array): Promise<void> | undefined {
    this.size += chunk.byteLength;
    if (this.#scratch) return this.#scratch.write(chunk);
    this.#chunks.push(chunk);
    if (this.size <= inMemoryBytes && this.#chunks.length < 1024) return undefined;
    return this.#spill();
  }

  /** The compressed content in pieces. */
  async *deflated(): AsyncGenerator<Uint8Array> {
    if (!this.#scratch) {
      yield await deflateWhole(this.#chunks);
      return;
    }
    const { key } = await this.#scratch.finish();
    this.#scratchKey = key;
    const stream = createDeflate();
    // Its failure is seen below, as that of the stream that is read; where that is left early, the blob is closed.
    promises.pipeline(this.#blobs.stream(key), stream).catch(() => {});
    for await (const piece of stream) if (piece instanceof Uint8Array) yield piece;
  }

  async discard(): Promise<void> {
    this.#chunks = [];
    const scratch = this.#scratch;
    this.#scratch = undefined;
    if (!scratch) return;
    await scratch.abort();
    if (this.#scratchKey) await this.#blobs.remove([this.#scratchKey]).catch(() => {});
  }

  async #spill(): Promise<void> {
    const scratch = this.#blobs.create('scratch');
    const chunks = this.#chunks;
    this.#scratch = scratch;
    this.#chunks = [];
    for (const chunk of chunks) await scratch.write(chunk);
  }
}

function beginCompressed({ blobs, type, newHash }: IntakeContext): AttachmentIntake {
  const waiting = new Waiting(blobs);
  const uncompressedMd5 = newHash();
  const compressedMd5 = newHash();
  const writer = blobs.create();

  const write = async (chunk: Uint8Array): Promise<void> => {
    compressedMd5.update(chunk);
    await writer.write(chunk);
  };
  const writeContent = async (): Promise<Row> => {
    // Empty content is stored as nothing at all, without a prefix.
    if (waiting.size > 0) {
      await write(sizePrefix(waiting.size));
      for await (const piece of waiting.deflated()) await write(piece);
    }
    const { key, size } = await writer.finish();
    return {
      type,
      uuid: key,
      compression: 'zlib',
      uncompressedSize: waiting.size,
      compressedSize: size,
      uncompressedMd5: uncompressedMd5.digest(),
      compressedMd5: compressedMd5.digest(),
    };
  };

  return {
    push(chunk) {
      uncompressedMd5.update(chunk);
      return waiting.push(chunk);
    },
    async finish() {
      try {
        return await writeContent();
      } catch (error) {
        await writer.abort();
        throw error;
      } finally {
        await waiting.discard();
      }
    },
    async abort() {
      await waiting.discard();
      await writer.abort();
    },
  };
}

export function createAttachmentWriter({ blobs, settings }: AttachmentWriterDependencies): AttachmentWriter {
  const { StoreMD5ForAttachments: keepsMd5, OverwriteInstances } = settings;
  const newHash = (): ContentHash => (keepsMd5 ? createContentHash() : noHash);
  const newMd5 = (): ContentSums => contentMd5(newHash());
  /** The MD5 of DICOM files is computed when it is asked for, unless it is compared with each file that comes. */
  const newFileSums = OverwriteInstances === 'IfChanged' ? () => contentMd5AndCrc(newHash()) : contentCrc;
  const byDefault: Compression = settings.StorageCompression ? 'zlib' : 'none';
  return {
    begin(type, compression = byDefault) {
      const newSums = keepsMd5 && type === Attachment.dicom ? newFileSums : newMd5;
      const context: IntakeContext = { blobs, type, newHash, newSums };
      return compression === 'zlib' ? beginCompressed(context) : beginPlain(context);
    },
  };
}
