// A data element (PS3.5 7.1) as callers see it. It is a window: value, items and fragments are made when they are asked for.
import type { Tag } from '../tag.ts';
import type { Vr } from '../vr.ts';
import type { Contents } from './contents.ts';
import type { DataSet } from './data-set.ts';

export interface Element {
  readonly tag: Tag;
  readonly vr: Vr;
  /** The raw value with its padding; empty for sequences and encapsulated pixel data. */
  readonly bytes: Uint8Array;
  /** Items of a sequence, also of UN with implicit content (then `vr` is SQ); undefined for everything else. */
  readonly items: readonly DataSet[] | undefined;
  /** Encapsulated pixel data: the offset table first, then the fragments. */
  readonly fragments: readonly Uint8Array[] | undefined;
  /** Byte order of the words in `bytes`. */
  readonly littleEndian: boolean;
}

const nothing = new Uint8Array(0);

/** An element of a data set by its slot. */
export class SlotElement implements Element {
  readonly tag: Tag;
  readonly #set: DataSet;
  readonly #contents: Contents;
  readonly #slot: number;

  constructor(set: DataSet, contents: Contents, slot: number) {
    this.tag = contents.tagAt(slot);
    this.#set = set;
    this.#contents = contents;
    this.#slot = slot;
  }

  get vr(): Vr {
    return this.#contents.vrAt(this.#slot);
  }

  get bytes(): Uint8Array {
    const contents = this.#contents;
    if (contents.isNestedAt(this.#slot)) return nothing;
    const data = contents.dataAt(this.#slot);
    const offset = contents.offsetAt(this.#slot);
    const length = contents.lengthAt(this.#slot);
    // A view on the small array of one value would cost more than all else that is done with it.
    return offset === 0 && length === data.length ? data : data.subarray(offset, offset + length);
  }

  get items(): readonly DataSet[] | undefined {
    return this.#contents.itemsAt(this.#slot, this.#set);
  }

  get fragments(): readonly Uint8Array[] | undefined {
    return this.#contents.fragmentsAt(this.#slot);
  }

  get littleEndian(): boolean {
    return this.#contents.littleEndian;
  }
}
