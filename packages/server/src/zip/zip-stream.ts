// ZIP archives as a stream (APPNOTE.TXT of PKWARE): one entry after the other, nothing held back, nothing gone back to. Sizes and
// checksums follow the content of an entry; 64-bit ones where 32 bits may not do (ZIP64).
import { Readable, promises as streams } from 'node:stream';
import { crc32, createDeflateRaw, deflateRaw } from 'node:zlib';

export interface ZipEntry {
  /** Path with slashes, relative, without `..`. */
  readonly name: string;
  readonly modified: Date;
  /** 0 to 9: of 0, the bytes go as they are. */
  readonly level: number;
  /** Bytes of the content, where they are known. */
  readonly length?: number;
  content(): AsyncIterable<Uint8Array>;
}

/** An entry whose content is in memory and compressed already. */
export interface PreparedEntry extends Pick<ZipEntry, 'name' | 'modified'> {
  readonly crc: number;
  readonly size: number;
  readonly isDeflated: boolean;
  readonly bytes: Uint8Array;
}

/** Compresses in a thread. Where that gains nothing, the bytes stay as they are. @param level 0: they stay */
export async function prepareEntry(
  { name, modified, level }: Pick<ZipEntry, 'name' | 'modified' | 'level'>,
  content: Uint8Array,
): Promise<PreparedEntry> {
  const compressed = level === 0 ? content : await deflate(content, level);
  const isDeflated = compressed.byteLength < content.byteLength;
  const bytes = isDeflated ? compressed : content;
  return { name, modified, crc: crc32(content), size: content.byteLength, isDeflated, bytes };
}

function deflate(content: Uint8Array, level: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) =>
    deflateRaw(content, { level }, (error, bytes) => (error ? reject(error) : resolve(bytes))),
  );
}

interface Written {
  readonly name: Uint8Array;
  readonly modified: number;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly offset: number;
  readonly isLarge: boolean;
}

const localHeader = 0x04034b50;
const descriptor = 0x08074b50;
const centralHeader = 0x02014b50;
const endOfDirectory = 0x06054b50;
const endOfDirectory64 = 0x06064b50;
const locator64 = 0x07064b50;
const most32 = 0xffffffff;
const most16 = 0xffff;
const sizesBehind = 0x0008;
const namesInUtf8 = 0x0800;
const deflateMethod = 8;
const storedMethod = 0;
const versionOfZip64 = 45;
const versionOfDeflate = 20;
/** Compression may make content that does not compress a little longer. */
const surelySmall = 0xf0000000;

/** MS-DOS date and time, in UTC. */
function dosTime(date: Date): number {
  const years = Math.min(Math.max(date.getUTCFullYear() - 1980, 0), 127);
  const day = (years << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

/** Little-endian numbers of 2, 4 or 8 bytes, one after the other. */
function record(...fields: readonly (readonly [number, 2 | 4 | 8])[]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [, width]) => sum + width, 0));
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at);
    else bytes.writeUIntLE(value, at, width);
    at += width;
  }
  return bytes;
}

function local(entry: Omit<Written, 'offset'>): Uint8Array {
  const { name, modified, flags, method, crc, size, compressedSize, isLarge } = entry;
  const extra = isLarge ? record([1, 2], [16, 2], [0, 8], [0, 8]) : Buffer.alloc(0);
  const header = record(
    [localHeader, 4],
    [isLarge ? versionOfZip64 : versionOfDeflate, 2],
    [flags, 2],
    [method, 2],
    [modified, 4],
    [crc, 4],
    [isLarge ? most32 : compressedSize, 4],
    [isLarge ? most32 : size, 4],
    [name.byteLength, 2],
    [extra.byteLength, 2],
  );
  return Buffer.concat([header, name, extra]);
}

function trailer({ crc, size, compressedSize, isLarge }: Omit<Written, 'offset'>): Uint8Array {
  const width = isLarge ? 8 : 4;
  return record([descriptor, 4], [crc, 4], [compressedSize, width], [size, width]);
}

function central(entry: Written): Uint8Array {
  const { name, modified, flags, method, crc, size, compressedSize, offset, isLarge } = entry;
  const isFar = isLarge || offset >= most32;
  const extra = isFar ? record([1, 2], [24, 2], [size, 8], [compressedSize, 8], [offset, 8]) : Buffer.alloc(0);
  const version = isFar ? versionOfZip64 : versionOfDeflate;
  const header = record(
    [centralHeader, 4],
    [version, 2],
    [version, 2],
    [flags, 2],
    [method, 2],
    [modified, 4],
    [crc, 4],
    [isFar ? most32 : compressedSize, 4],
    [isFar ? most32 : size, 4],
    [name.byteLength, 2],
    [extra.byteLength, 2],
    [0, 2],
    [0, 2],
    [0, 2],
    [0, 4],
    [isFar ? most32 : offset, 4],
  );
  return Buffer.concat([header, name, extra]);
}

function endOf(count: number, size: number, offset: number): Uint8Array {
  const isFar = count >= most16 || size >= most32 || offset >= most32;
  const end = record(
    [endOfDirectory, 4],
    [0, 2],
    [0, 2],
    [isFar ? most16 : count, 2],
    [isFar ? most16 : count, 2],
    [isFar ? most32 : size, 4],
    [isFar ? most32 : offset, 4],
    [0, 2],
  );
  if (!isFar) return end;
  const end64 = record(
    [endOfDirectory64, 4],
    [44, 8],
    [versionOfZip64, 2],
    [versionOfZip64, 2],
    [0, 4],
    [0, 4],
    [count, 8],
    [count, 8],
    [size, 8],
    [offset, 8],
  );
  return Buffer.concat([end64, record([locator64, 4], [0, 4], [offset + size, 8], [1, 4]), end]);
}

/** The content in the form of deflate; `see` gets it as it was. */
async function* deflated(entry: ZipEntry, see: (piece: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  async function* seen(): AsyncGenerator<Uint8Array> {
    for await (const piece of entry.content()) {
      see(piece);
      yield piece;
    }
  }
  if (entry.level === 0) {
    yield* storedBlocks(seen());
    return;
  }
  const compression = createDeflateRaw({ level: entry.level, chunkSize: 64 * 1024 });
  // A failure of the content destroys `compression` too, so that the loop below throws it.
  streams.pipeline(Readable.from(seen(), { objectMode: false }), compression).catch(() => {});
  try {
    for await (const piece of compression) if (piece instanceof Uint8Array) yield piece;
  } finally {
    compression.destroy();
  }
}

const longestBlock = 0xffff;

/** Blocks without compression (RFC 1951 3.2.4): as fast as bytes are copied, and their end is told, unlike that of stored entries. */
async function* storedBlocks(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    for (let at = 0; at < piece.byteLength; at += longestBlock) {
      const block = piece.subarray(at, at + longestBlock);
      yield blockHeader(block.byteLength, false);
      yield block;
    }
  }
  yield blockHeader(0, true);
}

function blockHeader(length: number, isLast: boolean): Uint8Array {
  return Uint8Array.of(Number(isLast), length & 0xff, length >>> 8, ~length & 0xff, (~length >>> 8) & 0xff);
}

type Described = Omit<Written, 'offset'>;

/** @returns what the directory tells of it */
async function* preparedPieces(entry: PreparedEntry): AsyncGenerator<Uint8Array, Described> {
  const { bytes, crc, size, isDeflated } = entry;
  const written = {
    ...nameAndTime(entry),
    flags: namesInUtf8,
    method: isDeflated ? deflateMethod : storedMethod,
    crc,
    size,
    compressedSize: bytes.byteLength,
    isLarge: false,
  };
  yield local(written);
  yield bytes;
  return written;
}

async function* streamedPieces(entry: ZipEntry): AsyncGenerator<Uint8Array, Described> {
  const start = {
    ...nameAndTime(entry),
    flags: namesInUtf8 | sizesBehind,
    method: deflateMethod,
    isLarge: entry.length === undefined || entry.length >= surelySmall,
  };
  yield local({ ...start, crc: 0, size: 0, compressedSize: 0 });
  let crc = 0;
  let size = 0;
  let compressedSize = 0;
  const see = (piece: Uint8Array): void => {
    crc = crc32(piece, crc);
    size += piece.byteLength;
  };
  for await (const piece of deflated(entry, see)) {
    compressedSize += piece.byteLength;
    yield piece;
  }
  const written = { ...start, crc, size, compressedSize };
  yield trailer(written);
  return written;
}

function nameAndTime({ name, modified }: Pick<ZipEntry, 'name' | 'modified'>) {
  return { name: Buffer.from(name, 'utf8'), modified: dosTime(modified) };
}

type Entries = Iterable<ZipEntry | PreparedEntry> | AsyncIterable<ZipEntry | PreparedEntry>;

/**
 * The archive, piece by piece; each entry is opened when its turn has come.
 * @throws what the content of an entry throws: the archive ends without its directory then
 */
export async function* zipStream(entries: Entries): AsyncGenerator<Uint8Array, void, undefined> {
  const written: Written[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const start = offset;
    const pieces = 'bytes' in entry ? preparedPieces(entry) : streamedPieces(entry);
    try {
      let next = await pieces.next();
      for (; !next.done; next = await pieces.next()) {
        offset += next.value.byteLength;
        yield next.value;
      }
      written.push({ ...next.value, offset: start });
    } finally {
      // Where nobody reads on, the content is closed.
      await pieces[Symbol.asyncDispose]();
    }
  }
  let directoryBytes = 0;
  for (const entry of written) {
    const header = central(entry);
    directoryBytes += header.byteLength;
    yield header;
  }
  yield endOf(written.length, directoryBytes, offset);
}
