// The part of yauzl that is used here; the package brings no types.
declare module 'yauzl' {
  import type { Readable } from 'node:stream';

  export interface Entry {
    readonly fileName: string | Buffer;
    readonly uncompressedSize: number;
    readonly compressedSize: number;
    readonly crc32: number;
    isEncrypted(): boolean;
    getLastModDate(options: { readonly timezone: 'UTC' }): Date;
  }

  export class RandomAccessReader {
    _readStreamForRange(start: number, end: number): Readable;
    read(
      buffer: Buffer,
      offset: number,
      length: number,
      position: number,
      callback: (error: Error | null) => void,
    ): void;
    close(callback: (error: Error | null) => void): void;
  }

  export interface ZipFile {
    readonly entryCount: number;
    readonly comment: string | Buffer;
    eachEntry(): AsyncIterableIterator<Entry>;
    openReadStreamPromise(entry: Entry): Promise<Readable>;
    close(): void;
  }

  export interface Options {
    readonly autoClose?: boolean;
    readonly decodeStrings?: boolean;
    readonly validateEntrySizes?: boolean;
  }

  export function fromBufferPromise(archive: Buffer): Promise<ZipFile>;

  export function fromRandomAccessReaderPromise(
    reader: RandomAccessReader,
    totalSize: number,
    options: Options,
  ): Promise<ZipFile>;
}
