// Memory for the text of large answers, given back and used again: to get fresh memory of this size costs more than to fill it.
const keptBlocks = 8;
const free: Buffer[] = [];

/** Bytes of a block. */
export const textBlockBytes = 256 * 1024;

export function takeTextBlock(): Buffer {
  return free.pop() ?? Buffer.allocUnsafeSlow(textBlockBytes);
}

/** To be called when nobody reads the block any more. */
export function giveTextBlock(block: Buffer): void {
  if (free.length < keptBlocks) free.push(block);
}
