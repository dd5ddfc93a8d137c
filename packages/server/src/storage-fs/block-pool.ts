// Memory for direct input and output, which wants it at page boundaries: blocks that are taken and given back. What was given back
// last is taken first, so that little memory is ever touched.

/** Bytes of a block; a multiple of a page. */
export const blockBytes = 64 * 1024;
/** Direct input and output wants addresses, offsets and lengths that are multiples of this. */
export const pageBytes = 4096;

export interface BlockPool {
  /** A block, whatever is in it; undefined where all are taken. */
  take(): Buffer | undefined;
  /** So many bytes in blocks: beyond what the pool has, in memory of their own. */
  takeBytes(count: number): readonly Buffer[];
  /** Whether more than this share of it is free, from 0 to 1: those who could do without wait for that. */
  hasFree(share: number): boolean;
  /** Gives blocks back that were taken here, none of them twice; nobody may look at them any more. */
  give(blocks: readonly Buffer[]): void;
}

/** V8 places resizable memory at page boundaries, but each buffer on it is of a shape of its own, which makes all that handles them slow. */
function alignedBlock(): Buffer {
  return Buffer.from(new ArrayBuffer(blockBytes, { maxByteLength: blockBytes }), 0, blockBytes);
}

/** As memory of WebAssembly is placed at page boundaries too. Untouched, it takes no room. */
function alignedMemory(bytes: number): ArrayBuffer {
  const blocks = bytes / blockBytes;
  return new WebAssembly.Memory({ initial: blocks, maximum: blocks }).buffer;
}

/** @param bytes a multiple of `blockBytes` */
export function createBlockPool(bytes: number): BlockPool {
  const memory = alignedMemory(bytes);
  const free: Buffer[] = [];
  for (let at = bytes - blockBytes; at >= 0; at -= blockBytes) free.push(Buffer.from(memory, at, blockBytes));
  return {
    take: () => free.pop(),
    takeBytes(count) {
      const blocks: Buffer[] = [];
      for (let size = 0; size < count; size += blockBytes) {
        blocks.push(free.pop() ?? alignedBlock());
      }
      return blocks;
    },
    hasFree: (share) => free.length * blockBytes > bytes * share,
    give(blocks) {
      // Backwards, so that they are taken again in the same order: neighbours stay together.
      for (const block of blocks.toReversed()) if (block.buffer === memory) free.push(block);
    },
  };
}

/** The same bytes in as few pieces as memory allows. */
export function joined(pieces: readonly Buffer[]): readonly Buffer[] {
  const result: Buffer[] = [];
  for (const piece of pieces) {
    const before = result.at(-1);
    const isNext = before && before.buffer === piece.buffer && before.byteOffset + before.length === piece.byteOffset;
    if (isNext) result[result.length - 1] = Buffer.from(before.buffer, before.byteOffset, before.length + piece.length);
    else result.push(piece);
  }
  return result;
}

export function roundUp(count: number, unit: number): number {
  return Math.ceil(count / unit) * unit;
}
