// What a data set is read from: either bytes that were scanned, or values that were built. Slots number the elements by ascending tag.
import type { Tag } from '../tag.ts';
import type { Vr } from '../vr.ts';
import type { DataSet } from './data-set.ts';
import type { Mode } from './source.ts';

/** Bytes of a private creator: LO has 64 characters. What is longer names nobody, and would be read again for each element of its block. */
export const longestCreator = 64;

export interface Contents {
  readonly size: number;
  readonly littleEndian: boolean;
  /** The slot of a tag, or -1. */
  slotOf(tag: Tag): number;
  tagAt(slot: number): Tag;
  /** As written, or, where the encoding is implicit, by the dictionary; SQ for everything that has items. */
  vrAt(slot: number): Vr;
  /** The buffer that holds the value, its place in there. */
  dataAt(slot: number): Uint8Array;
  offsetAt(slot: number): number;
  lengthAt(slot: number): number;
  /** Whether the element is a sequence or holds fragments, hence has no value of its own. */
  isNestedAt(slot: number): boolean;
  /** The items; undefined where the element is no sequence. The same objects each time. */
  itemsAt(slot: number, parent: DataSet): readonly DataSet[] | undefined;
  /** The items of encapsulated pixel data, the offset table first (PS3.5 A.4); undefined elsewhere. */
  fragmentsAt(slot: number): readonly Uint8Array[] | undefined;
  /** The bytes of the whole data set if it was read in just this encoding and without defects that a copy would hand on. */
  encodedAs(mode: Mode): Uint8Array | undefined;
}
