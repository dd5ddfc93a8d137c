// Takes the bytes of one blob. They are gathered in blocks; what turns out to be small goes to the packs as it is, the rest to a
// file of its own. Copying them there frees the memory they came in at once.
import type { BlobWriter, FinishedBlob } from '../ports/index.ts';
import type { Arrival, Arrivals } from './arrivals.ts';
import { type BlockPool, blockBytes } from './block-pool.ts';
import type { FileBlobs, FileBlobWriter } from './file-blobs.ts';
import { headBytes } from './pack-record.ts';
import type { PackStore } from './pack-store.ts';
import { isNoSpace, writeError } from './storage-error.ts';

export interface BlobWriterOptions {
  readonly pool: BlockPool;
  readonly arrivals: Pick<Arrivals, 'begin'>;
  readonly packs: Pick<PackStore, 'append' | 'full'>;
  readonly files: Pick<FileBlobs, 'create'>;
  readonly sync: boolean;
  /** Blobs up to this size are packed; 0: none. */
  readonly packedBytes: number;
}

const ended = (): Error => writeError(new Error('The blob has ended'));

export class PooledBlobWriter implements BlobWriter {
  readonly #options: BlobWriterOptions;
  readonly #arrival: Arrival;
  #blocks: Buffer[] = [];
  /** Bytes in the blocks, with the room for the head of a record. */
  #filled = headBytes;
  #length = 0;
  #file: FileBlobWriter | undefined;
  #hasEnded = false;

  constructor(options: BlobWriterOptions) {
    this.#options = options;
    this.#arrival = options.arrivals.begin();
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#hasEnded) return Promise.reject(ended());
    this.#length += chunk.byteLength;
    if (!this.#file && this.#length <= this.#options.packedBytes && this.#gather(chunk)) return undefined;
    return this.#writeToFile(chunk);
  }

  async finish(): Promise<FinishedBlob> {
    if (this.#hasEnded) throw ended();
    this.#arrival.end();
    try {
      const key = await this.#finish();
      return { key, size: this.#length };
    } catch (error) {
      await this.abort();
      throw this.#failure(error);
    }
  }

  async abort(): Promise<void> {
    this.#hasEnded = true;
    this.#arrival.end();
    this.#release();
    await this.#file?.abort();
  }

  async #finish(): Promise<string> {
    const { packs, packedBytes } = this.#options;
    if (!this.#file && packedBytes > 0 && this.#reserve(this.#filled)) {
      this.#hasEnded = true;
      const blocks = this.#blocks;
      this.#blocks = [];
      return packs.append(blocks, this.#length);
    }
    const file = this.#file ?? this.#spill();
    this.#hasEnded = true;
    await file.finish();
    return file.key;
  }

  /** Has blocks for so many bytes. False: there are none left. */
  #reserve(bytes: number): boolean {
    while (this.#blocks.length * blockBytes < bytes) {
      const block = this.#options.pool.take();
      if (!block) return false;
      this.#blocks.push(block);
    }
    return true;
  }

  #gather(chunk: Uint8Array): boolean {
    if (!this.#reserve(this.#filled + chunk.byteLength)) return false;
    this.#arrival.touch();
    for (let done = 0; done < chunk.byteLength; ) {
      const offset = this.#filled % blockBytes;
      const part = chunk.subarray(done, done + blockBytes - offset);
      this.#blocks[Math.floor(this.#filled / blockBytes)]?.set(part, offset);
      this.#filled += part.byteLength;
      done += part.byteLength;
    }
    return true;
  }

  /** What was gathered so far, in a file. */
  #spill(): FileBlobWriter {
    const { files, sync } = this.#options;
    this.#arrival.end();
    const file = files.create(sync);
    // There may be blocks behind those that are filled: taken for bytes that did not fit after all.
    const filled = this.#blocks.slice(0, Math.ceil(this.#filled / blockBytes));
    const gathered = filled.map((block, n) => block.subarray(n === 0 ? headBytes : 0, this.#filled - n * blockBytes));
    // A copy: the blocks are wanted by others while this is written.
    file.write(gathered.filter((piece) => piece.length > 0).map((piece) => Buffer.from(piece)));
    this.#release();
    this.#file = file;
    return file;
  }

  async #writeToFile(chunk: Uint8Array): Promise<void> {
    const file = this.#file ?? this.#spill();
    try {
      await file.write([chunk]);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #failure(error: unknown): Error {
    if (isNoSpace(error)) this.#options.packs.full();
    return writeError(error);
  }

  #release(): void {
    this.#options.pool.give(this.#blocks);
    this.#blocks = [];
    this.#filled = headBytes;
  }
}
