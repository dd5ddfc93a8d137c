// What stands around the entries of an archive (APPNOTE.TXT of PKWARE): headers before them, sizes behind them, the directory at the
// end; 64-bit numbers where 32 bits may not do (ZIP64).

export interface Written {
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
export const sizesBehind = 0x0008;
export const namesInUtf8 = 0x0800;
export const deflateMethod = 8;
export const storedMethod = 0;
const versionOfZip64 = 45;
const versionOfDeflate = 20;
/** Compression may make content that does not compress a little longer. */
export const surelySmall = 0xf0000000;

const none = Buffer.alloc(0);

/** MS-DOS date and time, in UTC. */
export function dosTime(date: Date): number {
  const years = Math.min(Math.max(date.getUTCFullYear() - 1980, 0), 127);
  const day = (years << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return ((day << 16) | time) >>> 0;
}

/** Little-endian numbers of 2, 4 or 8 bytes, one after the other. */
function record(...fields: readonly (readonly [number, 2 | 4 | 8])[]): Buffer {
  const bytes = Buffer.allocUnsafe(fields.reduce((sum, [, width]) => sum + width, 0));
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at);
    else bytes.writeUIntLE(value, at, width);
    at += width;
  }
  return bytes;
}

export function local(entry: Omit<Written, 'offset'>): Uint8Array {
  const { name, modified, flags, method, crc, size, compressedSize, isLarge } = entry;
  const extra = isLarge ? record([1, 2], [16, 2], [0, 8], [0, 8]) : none;
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

export function trailer({ crc, size, compressedSize, isLarge }: Omit<Written, 'offset'>): Uint8Array {
  const width = isLarge ? 8 : 4;
  return record([descriptor, 4], [crc, 4], [compressedSize, width], [size, width]);
}

export function central(entry: Written): Uint8Array {
  const { name, modified, flags, method, crc, size, compressedSize, offset, isLarge } = entry;
  const isFar = isLarge || offset >= most32;
  const extra = isFar ? record([1, 2], [24, 2], [size, 8], [compressedSize, 8], [offset, 8]) : none;
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

export interface DirectoryEnd {
  /** Entries. */
  readonly count: number;
  /** Bytes of the directory. */
  readonly length: number;
  readonly offset: number;
  /** ASCII. */
  readonly comment: string;
}

export function endOf({ count, length: size, offset, comment }: DirectoryEnd): Uint8Array {
  const isFar = count >= most16 || size >= most32 || offset >= most32;
  const end = record(
    [endOfDirectory, 4],
    [0, 2],
    [0, 2],
    [isFar ? most16 : count, 2],
    [isFar ? most16 : count, 2],
    [isFar ? most32 : size, 4],
    [isFar ? most32 : offset, 4],
    [comment.length, 2],
  );
  const text = Buffer.from(comment, 'latin1');
  if (!isFar) return Buffer.concat([end, text]);
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
  return Buffer.concat([end64, record([locator64, 4], [0, 4], [offset + size, 8], [1, 4]), end, text]);
}
