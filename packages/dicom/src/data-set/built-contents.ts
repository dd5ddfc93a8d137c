// A data set made of values rather than of bytes that came. Everything is little endian; values may be views on other data sets.
import type { Tag } from '../tag.ts';
import type { Vr } from '../vr.ts';
import type { Contents } from './contents.ts';
import type { DataSet } from './data-set.ts';

/** One element. `items` are made once the data set that holds them is known, so that they inherit its character set. */
export interface BuiltElement {
  readonly tag: Tag;
  readonly vr: Vr;
  readonly bytes: Uint8Array;
  readonly items: ((parent: DataSet) => readonly DataSet[]) | undefined;
  readonly fragments: readonly Uint8Array[] | undefined;
}

const nothing = new Uint8Array(0);

export class BuiltContents implements Contents {
  readonly littleEndian = true;
  readonly #elements: readonly BuiltElement[];
  #slots: ReadonlyMap<Tag, number> | undefined;
  readonly #items = new Map<number, readonly DataSet[]>();

  /** `elements` ascend by tag, each tag once. */
  constructor(elements: readonly BuiltElement[]) {
    this.#elements = elements;
  }

  get size(): number {
    return this.#elements.length;
  }

  slotOf(tag: Tag): number {
    this.#slots ??= new Map(this.#elements.map((element, slot) => [element.tag, slot]));
    return this.#slots.get(tag) ?? -1;
  }

  tagAt(slot: number): Tag {
    return this.#elements[slot]?.tag ?? 0;
  }

  vrAt(slot: number): Vr {
    return this.#elements[slot]?.vr ?? 'UN';
  }

  dataAt(slot: number): Uint8Array {
    return this.#elements[slot]?.bytes ?? nothing;
  }

  offsetAt(_slot: number): number {
    return 0;
  }

  lengthAt(slot: number): number {
    return this.dataAt(slot).length;
  }

  isNestedAt(slot: number): boolean {
    const element = this.#elements[slot];
    return element?.items !== undefined || element?.fragments !== undefined;
  }

  itemsAt(slot: number, parent: DataSet): readonly DataSet[] | undefined {
    const known = this.#items.get(slot);
    if (known) return known;
    const items = this.#elements[slot]?.items?.(parent);
    if (items) this.#items.set(slot, items);
    return items;
  }

  fragmentsAt(slot: number): readonly Uint8Array[] | undefined {
    return this.#elements[slot]?.fragments;
  }

  encodedAs(): Uint8Array | undefined {
    return undefined;
  }
}
