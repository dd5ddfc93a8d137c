// Headers of packets of a single layer, written (ISO/IEC 15444-1 B.10).
import type { BlockGrid, Precinct } from './layout.ts';

/** Bits, the first is the highest; after a byte of ones seven follow. */
class BitWriter {
  readonly bytes: number[] = [];
  #held = 0;
  #left = 8;

  bit(bit: number): void {
    this.#left--;
    this.#held |= bit << this.#left;
    if (this.#left === 0) this.#next();
  }

  bits(value: number, count: number): void {
    for (let shift = count - 1; shift >= 0; shift--) this.bit((value >> shift) & 1);
  }

  /** To whole bytes; the last is none of ones. */
  finish(): readonly number[] {
    const isAfterOnes = this.bytes.at(-1) === 0xff;
    if (this.#left < (isAfterOnes ? 7 : 8) || isAfterOnes) this.#next();
    if (this.bytes.at(-1) === 0xff) this.bytes.push(0);
    return this.bytes;
  }

  #next(): void {
    this.bytes.push(this.#held);
    this.#left = this.#held === 0xff ? 7 : 8;
    this.#held = 0;
  }
}

interface Node {
  value: number;
  least: number;
  isTold: boolean;
  readonly parent?: Node;
}

/** B.10.2 */
class TagTreeWriter {
  readonly #leaves: readonly Node[];

  constructor(values: readonly number[], columns: number) {
    this.#leaves = nodesOf(values, columns);
  }

  /** Tells whether the value is less than `limit`, as far as it was not told before. */
  tell(leaf: number, limit: number, writer: BitWriter): void {
    const path: Node[] = [];
    for (let node = this.#leaves[leaf]; node; node = node.parent) path.push(node);
    let least = 0;
    for (const node of path.reverse()) {
      node.least = Math.max(node.least, least);
      for (; node.least < limit && node.least < node.value; node.least++) writer.bit(0);
      if (node.least < limit && !node.isTold) {
        writer.bit(1);
        node.isTold = true;
      }
      least = node.least;
    }
  }
}

/** Those above have the least value of the four below them. */
function nodesOf(values: readonly number[], columns: number): readonly Node[] {
  if (values.length <= 1) return values.map((value) => ({ value, least: 0, isTold: false }));
  const across = Math.ceil(columns / 2);
  const above = (index: number): number => (Math.floor(index / columns) >> 1) * across + ((index % columns) >> 1);
  const least: number[] = [];
  for (const [index, value] of values.entries()) least[above(index)] = Math.min(least[above(index)] ?? value, value);
  const parents = nodesOf(least, across);
  return values.map((value, index) => ({ value, least: 0, isTold: false, parent: parents[above(index)] }));
}

/** Table B.4 */
function tellPasses(passes: number, writer: BitWriter): void {
  if (passes === 1) writer.bit(0);
  else if (passes === 2) writer.bits(0b10, 2);
  else if (passes <= 5) writer.bits(0b1100 | (passes - 3), 4);
  else if (passes <= 36) writer.bits(0b1111_00000 | (passes - 6), 9);
  else writer.bits(0b1111_11111_0000000 | (passes - 37), 16);
}

const bitsOf = (value: number): number => 32 - Math.clz32(value);

/** B.10.7.1 */
function tellLength(length: number, passes: number, lengthBits: number, writer: BitWriter): void {
  const ofPasses = bitsOf(passes) - 1;
  const bits = Math.max(lengthBits, bitsOf(length) - ofPasses);
  for (let more = lengthBits; more < bits; more++) writer.bit(1);
  writer.bit(0);
  writer.bits(length, bits + ofPasses);
}

function writeGrid({ blocks, columns }: BlockGrid, writer: BitWriter): void {
  const inclusion = new TagTreeWriter(
    blocks.map(({ passes }) => Number(passes === 0)),
    columns,
  );
  const emptyPlanes = new TagTreeWriter(
    blocks.map(({ mostPlanes, planes }) => mostPlanes - planes),
    columns,
  );
  for (const [leaf, block] of blocks.entries()) {
    inclusion.tell(leaf, 1, writer);
    if (block.passes === 0) continue;
    emptyPlanes.tell(leaf, block.mostPlanes - block.planes + 1, writer);
    tellPasses(block.passes, writer);
    const length = block.pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    tellLength(length, block.passes, block.lengthBits, writer);
  }
}

/** The packet of a precinct, header and data. */
export function packetOf({ grids }: Precinct): readonly Uint8Array[] {
  const writer = new BitWriter();
  writer.bit(1);
  for (const grid of grids) writeGrid(grid, writer);
  return [Uint8Array.from(writer.finish()), ...grids.flatMap(({ blocks }) => blocks.flatMap(({ pieces }) => pieces))];
}
