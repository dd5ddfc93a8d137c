// A data set over bytes that were, or on first use will be, scanned. Items are made when somebody asks for them.
import { standardDictionary, vrOf } from '../dictionary/index.ts';
import { creatorTagOf, isPrivateTag, type Tag } from '../tag.ts';
import { sequenceVr, unknownVr, type Vr, vrCodeOf, vrOfCode } from '../vr.ts';
import { type Contents, longestCreator } from './contents.ts';
import { DataSet } from './data-set.ts';
import { codeMask, looksExplicit, undefinedLengthBit } from './element-header.ts';
import { ElementScan, sortedIndex, stride } from './element-scan.ts';
import { DicomError } from './problem.ts';
import { modeWithin } from './sequence-walk.ts';
import {
  bigEndianFlag,
  countNested,
  explicitFlag,
  fragmentsFlag,
  itemDelimitationTag,
  itemTag,
  type Mode,
  type Source,
  undefinedLength,
} from './source.ts';

const pixelRepresentation: Tag = 0x00280103;

export class ScannedContents implements Contents {
  readonly littleEndian: boolean;
  readonly #source: Source;
  readonly #mode: Mode;
  readonly #outer: ScannedContents | undefined;
  /** How many sequences the elements lie in. */
  readonly #depth: number;
  readonly #start: number;
  readonly #end: number;
  #index: number[] | undefined;
  #isRepaired = false;
  #items: Map<number, readonly DataSet[]> | undefined;

  /** `scan`: one that is over, else it is done on first use. `outer`: what the item lies in. */
  constructor(
    source: Source,
    mode: Mode,
    outer: ScannedContents | undefined,
    start: number,
    end: number,
    scan?: ElementScan,
  ) {
    this.#source = source;
    this.#mode = mode;
    this.#outer = outer;
    this.#depth = outer === undefined ? 0 : outer.#depth + 1;
    this.#start = start;
    this.#end = end;
    this.littleEndian = (mode & bigEndianFlag) === 0;
    if (scan) this.#adopt(scan);
  }

  get size(): number {
    return this.#elements().length / stride;
  }

  slotOf(tag: Tag): number {
    const index = this.#elements();
    let low = 0;
    let high = index.length / stride - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = index[middle * stride] ?? 0;
      if (found === tag) return middle;
      if (found < tag) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  tagAt(slot: number): Tag {
    return this.#elements()[slot * stride] ?? 0;
  }

  vrAt(slot: number): Vr {
    const index = this.#elements();
    const info = index[slot * stride + 1] ?? 0;
    const code = info & codeMask;
    if (code !== 0 && code !== unknownVr) return vrOfCode(code);
    if (this.#isSequenceAt(slot, code)) return 'SQ';
    if (code === unknownVr) return 'UN';
    const known = this.#implicitVr(index[slot * stride] ?? 0);
    const vr = known === 'SQ' && !this.#maySequenceBeAt(slot) ? 'UN' : known;
    index[slot * stride + 1] = info | vrCodeOf(vr);
    return vr;
  }

  dataAt(_slot: number): Uint8Array {
    return this.#source.bytes;
  }

  offsetAt(slot: number): number {
    return this.#elements()[slot * stride + 2] ?? 0;
  }

  lengthAt(slot: number): number {
    return this.#elements()[slot * stride + 3] ?? 0;
  }

  isNestedAt(slot: number): boolean {
    const info = this.#elements()[slot * stride + 1] ?? 0;
    return (info & undefinedLengthBit) !== 0 || this.vrAt(slot) === 'SQ';
  }

  itemsAt(slot: number, parent: DataSet): readonly DataSet[] | undefined {
    const known = this.#items?.get(slot);
    if (known) return known;
    if (this.vrAt(slot) !== 'SQ') return undefined;
    const items = this.#readItems(slot, parent);
    this.#items ??= new Map();
    this.#items.set(slot, items);
    return items;
  }

  fragmentsAt(slot: number): readonly Uint8Array[] | undefined {
    const info = this.#elements()[slot * stride + 1] ?? 0;
    if ((info & undefinedLengthBit) === 0 || this.#isSequenceAt(slot, info & codeMask)) return undefined;
    const { bytes, view } = this.#source;
    const fragments: Uint8Array[] = [];
    const end = this.offsetAt(slot) + this.lengthAt(slot);
    let at = this.offsetAt(slot);
    while (at + 8 <= end) {
      if (this.#tagIn(at) !== itemTag) break;
      const length = view.getUint32(at + 4, this.littleEndian);
      const next = length === undefinedLength ? at + 8 : Math.min(at + 8 + length, end);
      fragments.push(bytes.subarray(at + 8, next));
      at = next;
    }
    return fragments;
  }

  encodedAs(mode: Mode): Uint8Array | undefined {
    this.#elements();
    if (mode !== this.#mode || this.#isRepaired) return undefined;
    return this.#source.bytes.subarray(this.#start, this.#end);
  }

  #elements(): number[] {
    if (this.#index) return this.#index;
    const scan = new ElementScan(this.#start, this.#mode, 'end', this.#depth);
    scan.run(this.#source, this.#end, true);
    countNested(this.#source, scan.index.length / stride);
    return this.#adopt(scan);
  }

  #adopt(scan: ElementScan): number[] {
    this.#isRepaired = scan.isRepaired;
    this.#index = scan.isSorted ? scan.index : sortedIndex(scan.index);
    return this.#index;
  }

  #tagIn(at: number): Tag {
    const { view } = this.#source;
    return ((view.getUint16(at, this.littleEndian) << 16) | view.getUint16(at + 2, this.littleEndian)) >>> 0;
  }

  /** SQ, UN and unknown elements of undefined length hold items, unless they are encapsulated pixel data. */
  #isSequenceAt(slot: number, code: number): boolean {
    if (code === sequenceVr) return true;
    const index = this.#elements();
    if (((index[slot * stride + 1] ?? 0) & undefinedLengthBit) === 0) return false;
    return (modeWithin(index[slot * stride] ?? 0, code, this.#mode) & fragmentsFlag) === 0;
  }

  /** A value of defined length that the dictionary calls a sequence, but that does not begin with an item, is kept as bytes. */
  #maySequenceBeAt(slot: number): boolean {
    const length = this.lengthAt(slot);
    return length === 0 || (length >= 8 && this.#tagIn(this.offsetAt(slot)) >>> 16 === itemTag >>> 16);
  }

  /** By the dictionary; US or SS by Pixel Representation beside it, or around it where an item has none (PS3.6 6). */
  #implicitVr(tag: Tag): Vr {
    if (isPrivateTag(tag)) return vrOf(tag, this.#creatorOf(tag));
    const vr = vrOf(tag);
    if (vr !== 'US' || !standardDictionary.entry(tag)?.vrs.includes('SS')) return vr;
    return this.#hasSignedPixels() ? 'SS' : vr;
  }

  #hasSignedPixels(): boolean {
    const slot = this.slotOf(pixelRepresentation);
    if (slot < 0 || this.lengthAt(slot) < 2) {
      const outer = this.#outer;
      return outer === undefined ? false : outer.#hasSignedPixels();
    }
    return this.#source.view.getUint16(this.offsetAt(slot), this.littleEndian) === 1;
  }

  /** The private creator's text (PS3.5 7.8.1), read byte by byte: it is needed before any character set is known. */
  #creatorOf(tag: Tag): string | undefined {
    const creatorTag = creatorTagOf(tag);
    const slot = creatorTag === undefined ? -1 : this.slotOf(creatorTag);
    if (slot < 0 || this.lengthAt(slot) > longestCreator) return undefined;
    let text = '';
    const from = this.offsetAt(slot);
    const to = from + this.lengthAt(slot);
    for (let at = from; at < to; at++) text += String.fromCharCode(this.#source.bytes[at] ?? 0);
    return text.replace(/\0.*$/s, '').trim();
  }

  #readItems(slot: number, parent: DataSet): readonly DataSet[] {
    const source = this.#source;
    if (this.#depth >= source.limits.depth) {
      throw new DicomError('TooDeep', `sequences are nested more than ${source.limits.depth} deep`);
    }
    const index = this.#elements();
    const info = index[slot * stride + 1] ?? 0;
    const within =
      (info & undefinedLengthBit) === 0 ? this.#mode : modeWithin(this.tagAt(slot), info & codeMask, this.#mode);
    const items: DataSet[] = [];
    const end = this.offsetAt(slot) + this.lengthAt(slot);
    let at = this.offsetAt(slot);
    while (at + 8 <= end) {
      const tag = this.#itemTagIn(at, within);
      if (tag === itemDelimitationTag) {
        at += 8;
        continue;
      }
      if (tag !== itemTag) break;
      at = this.#readItem(at, end, within, parent, items);
    }
    return items;
  }

  #itemTagIn(at: number, mode: Mode): Tag {
    const littleEndian = (mode & bigEndianFlag) === 0;
    const { view } = this.#source;
    return ((view.getUint16(at, littleEndian) << 16) | view.getUint16(at + 2, littleEndian)) >>> 0;
  }

  /** Adds the item at `at`; gives the place behind it. */
  #readItem(at: number, end: number, within: Mode, parent: DataSet, items: DataSet[]): number {
    const source = this.#source;
    const littleEndian = (within & bigEndianFlag) === 0;
    const start = at + 8;
    const length = source.view.getUint32(at + 4, littleEndian);
    const isImplicit = (within & explicitFlag) === 0;
    const isExplicitInside =
      isImplicit && start + 8 <= end && length >= 8 && looksExplicit(source.view, start, littleEndian);
    const mode = isExplicitInside ? within | explicitFlag : within;
    countNested(source, 1);
    if (length !== undefinedLength) {
      const next = Math.min(start + length, end);
      items.push(new DataSet(new ScannedContents(source, mode, this, start, next), parent));
      return next;
    }
    const scan = new ElementScan(start, mode, 'end-of-item', this.#depth + 1);
    scan.run(source, end, true);
    countNested(source, scan.index.length / stride);
    items.push(new DataSet(new ScannedContents(source, mode, this, start, scan.contentEnd, scan), parent));
    return scan.position;
  }
}
