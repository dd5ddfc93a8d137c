// What packet headers are made of: bits, and tag trees (ISO/IEC 15444-1 B.10.1, B.10.2).
import { Irregular } from './irregular.ts';

/** Bits of bytes, the first is the highest; after a byte of ones seven follow. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #held = 0;
  #left = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** @throws Irregular at the end */
  bit(): number {
    if (this.#left === 0) {
      const isAfterOnes = this.#held === 0xff;
      this.#held = this.#next();
      this.#left = isAfterOnes ? 7 : 8;
    }
    this.#left--;
    return (this.#held >> this.#left) & 1;
  }

  /** At most 31. */
  bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) value = (value << 1) | this.bit();
    return value;
  }

  /** Where the next byte begins, behind one that only follows a byte of ones. */
  end(): number {
    if (this.#held === 0xff) this.#next();
    return this.#at;
  }

  #next(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Irregular();
    return byte;
  }
}

interface Node {
  /** Known once it is less than what was asked for. */
  value: number;
  isKnown: boolean;
  readonly parent?: Node;
}

/** Values of a grid, of which those of larger squares tell the least. */
export class TagTree {
  readonly #leaves: readonly Node[];

  constructor(columns: number, rows: number) {
    this.#leaves = nodesOf(columns, rows);
  }

  /** Reads on until it is known whether the value is less than `limit`. @returns it, or undefined where it is not */
  valueBelow(limit: number, leaf: number, reader: BitReader): number | undefined {
    const node = this.#leaves[leaf];
    if (!node) throw new Irregular();
    const path: Node[] = [];
    for (let next: Node | undefined = node; next; next = next.parent) path.push(next);
    let least = 0;
    for (const next of path.reverse()) {
      if (next.value < least) next.value = least;
      while (!next.isKnown && next.value < limit) {
        if (reader.bit() === 1) next.isKnown = true;
        else next.value++;
      }
      least = next.value;
    }
    return node.isKnown && node.value < limit ? node.value : undefined;
  }
}

function nodesOf(columns: number, rows: number): readonly Node[] {
  if (columns * rows <= 1) return [{ value: 0, isKnown: false }];
  const across = Math.ceil(columns / 2);
  const parents = nodesOf(across, Math.ceil(rows / 2));
  return Array.from({ length: columns * rows }, (_, index) => {
    const parent = parents[(Math.floor(index / columns) >> 1) * across + ((index % columns) >> 1)];
    return { value: 0, isKnown: false, parent };
  });
}
