// One entry of an archive, begun before its turn: its first blocks are read and compressed, the others as those before them are taken.
import { crc32 } from 'node:zlib';
import { type Compressor, endOfDeflate } from './compressor.ts';
import { type ContentBlock, createContentBlocks, createResultQueue } from './content-blocks.ts';
import {
  deflateMethod,
  dosTime,
  local,
  namesInUtf8,
  sizesBehind,
  storedMethod,
  surelySmall,
  trailer,
  type Written,
} from './zip-records.ts';

export interface EntryName {
  /** Path with slashes, relative, without `..`. */
  readonly name: string;
  readonly modified: Date;
}

export interface EntryContent {
  /** 0 to 9: of 0, the bytes go as they are. */
  readonly level: number;
  /** Bytes of the content, where they are known. */
  readonly length?: number;
  /** Read once, and closed where it is not read to the end. Each piece has to be there until the next one is asked for only. */
  content(): AsyncIterable<Uint8Array>;
}

export type Described = Omit<Written, 'offset'>;

/** What came of an entry. Also one whose content failed is whole as an entry, but has not all it should: it has no place in the directory. */
export type EntryEnd =
  | { readonly isWhole: true; readonly written: Described }
  | { readonly isWhole: false; readonly error: unknown };

export interface StartedEntry {
  /** @param ahead how many blocks may be made before they are taken */
  pieces(ahead: () => number): AsyncGenerator<Uint8Array, EntryEnd>;
  /** Its content is closed. Never throws. */
  close(): Promise<void>;
}

/** Blocks of an entry whose turn has not come. */
const blocksAhead = 2;
const none: Uint8Array = new Uint8Array(0);
const longestStored = 0xffff;
const storedHeader = 5;

/** Blocks without compression (RFC 1951 3.2.4): their end is told, unlike that of entries that are stored. */
function storedBlocks(bytes: Uint8Array): Uint8Array {
  const count = Math.ceil(bytes.byteLength / longestStored);
  const result = Buffer.allocUnsafeSlow(bytes.byteLength + count * storedHeader);
  let to = 0;
  for (let at = 0; at < bytes.byteLength; at += longestStored) {
    const block = bytes.subarray(at, at + longestStored);
    result[to] = 0;
    result.writeUInt16LE(block.byteLength, to + 1);
    result.writeUInt16LE(~block.byteLength & 0xffff, to + 3);
    result.set(block, to + storedHeader);
    to += storedHeader + block.byteLength;
  }
  return result;
}

const lengthOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);

function nameAndTime({ name, modified }: EntryName) {
  return { name: Buffer.from(name, 'utf8'), modified: dosTime(modified) };
}

/** Compressed where that gains something. */
async function smaller(bytes: Uint8Array, level: number, compressor: Compressor): Promise<readonly Uint8Array[]> {
  const pieces = level === 0 ? undefined : await compressor.whole(bytes, level);
  return pieces && lengthOf(pieces) < bytes.byteLength ? pieces : [Buffer.from(bytes)];
}

/** An entry whose content fits in a block: its sizes stand before it. */
async function startSmall(
  name: EntryName,
  block: ContentBlock | undefined,
  level: number,
  compressor: Compressor,
): Promise<Omit<StartedEntry, 'close'>> {
  const bytes = block?.bytes ?? none;
  const crc = crc32(bytes);
  const size = bytes.byteLength;
  const content = await smaller(bytes, level, compressor).finally(() => block?.free());
  const compressedSize = lengthOf(content);
  const method = compressedSize < size ? deflateMethod : storedMethod;
  const written = { ...nameAndTime(name), flags: namesInUtf8, method, crc, size, compressedSize, isLarge: false };
  return {
    async *pieces() {
      yield local(written);
      yield* content;
      return { isWhole: true, written };
    },
  };
}

/** A block, made, and what is told of the content up to its end. */
interface Made {
  readonly pieces: readonly Uint8Array[];
  readonly crc: number;
  readonly size: number;
}

/** An entry that is written while it is read: its sizes stand behind it. */
function startLarge(
  name: EntryName,
  isLarge: boolean,
  next: () => Promise<ContentBlock | undefined>,
  encode: (bytes: Uint8Array) => Promise<readonly Uint8Array[]>,
) {
  let readCrc = 0;
  let readSize = 0;
  const see = async () => {
    const block = await next();
    if (!block) return undefined;
    readCrc = crc32(block.bytes, readCrc);
    readSize += block.bytes.byteLength;
    return { block, crc: readCrc, size: readSize };
  };
  const queue = createResultQueue(see, async ({ block: { bytes, free }, crc, size }): Promise<Made> => {
    return { pieces: await encode(bytes).finally(free), crc, size };
  });
  queue.fill(blocksAhead);

  async function* pieces(ahead: () => number): AsyncGenerator<Uint8Array, EntryEnd> {
    const start = { ...nameAndTime(name), flags: namesInUtf8 | sizesBehind, method: deflateMethod, isLarge };
    yield local({ ...start, crc: 0, size: 0, compressedSize: 0 });
    let compressedSize = endOfDeflate.byteLength;
    let last: Omit<Made, 'pieces'> = { crc: 0, size: 0 };
    let failure: { readonly error: unknown } | undefined;
    while (!failure) {
      queue.fill(ahead());
      const made = await queue.next().catch((error: unknown) => {
        failure = { error };
      });
      if (!made) break;
      compressedSize += lengthOf(made.pieces);
      yield* made.pieces;
      last = made;
    }
    yield endOfDeflate;
    const written = { ...start, crc: last.crc, size: last.size, compressedSize };
    yield trailer(written);
    return failure ? { isWhole: false, error: failure.error } : { isWhole: true, written };
  }
  return { pieces, settle: queue.settle };
}

/** @throws what the content throws before its first block is there */
export async function startEntry(
  name: EntryName,
  { content, level, length }: EntryContent,
  compressor: Compressor,
): Promise<StartedEntry> {
  const blocks = createContentBlocks(content(), compressor);
  try {
    let first = await blocks.next();
    if (!first || first.isLast) return { ...(await startSmall(name, first, level, compressor)), close: blocks.close };
    const next = async (): Promise<ContentBlock | undefined> => {
      const block = first ?? (await blocks.next());
      first = undefined;
      return block;
    };
    const encode = async (bytes: Uint8Array): Promise<readonly Uint8Array[]> =>
      level === 0 ? [storedBlocks(bytes)] : compressor.block(bytes, level);
    const isLarge = length === undefined || length >= surelySmall;
    const { pieces, settle } = startLarge(name, isLarge, next, encode);
    return {
      pieces,
      async close() {
        await settle();
        await blocks.close();
      },
    };
  } catch (error) {
    await blocks.close();
    throw error;
  }
}
