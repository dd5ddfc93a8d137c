// The flat scan of one level of a data set (PS3.5 7.1): four numbers per element, no objects. Values are not touched, sequences
// are stepped over. A scan can stop where the bytes end and go on when there are more, without reading anything twice.
import type { Tag } from '../tag.ts';
import { hasLongLength, type VrCode, vrCodeOfLetters } from '../vr.ts';
import { oddHeaderBit, readOddHeader, repairedBit, undefinedLengthBit } from './element-header.ts';
import { DicomError, type ProblemCode, reportProblem } from './problem.ts';
import { bytesPerLevel, isSequence, modeWithin, SequenceWalk } from './sequence-walk.ts';
import {
  bigEndianFlag,
  explicitFlag,
  itemDelimitationTag,
  itemTag,
  type Mode,
  type Source,
  sequenceDelimitationTag,
  undefinedLength,
} from './source.ts';

/** Numbers per element: tag, VR code with bits, offset of the value, length of the value. */
export const stride = 4;

/** Where a scan stops, apart from the end of the bytes. */
export type StopAt = 'end' | 'pixel-data' | 'end-of-meta' | 'end-of-item';

const metaGroup = 2;
/** Private Information (0002,0102) is the last of the group (PS3.10 7.1). */
const lastMetaElement = 0x0102;
const firstPixelData = 0x7fe00008;
const lastPixelData = 0x7fe00010;

export function isPixelData(tag: Tag): boolean {
  return tag === lastPixelData || tag === firstPixelData || tag === 0x7fe00009;
}

/** The header of the first pixel data element that a scan came to. */
export interface PixelDataHeader {
  readonly tag: Tag;
  readonly code: VrCode;
  readonly offset: number;
  readonly valueOffset: number;
  readonly length: number;
}

export class ElementScan {
  /** Four numbers per element, in the order of the bytes. */
  readonly index: number[] = [];
  /** Where the next element starts; once done, where the scan ended. */
  position: number;
  /** The bytes that must be there before `run` gets further. */
  needed: number;
  /** Tags ascend and none occurs twice. */
  isSorted = true;
  /** Something had to be repaired: a copy of the bytes would hand the defect on. */
  isRepaired = false;
  /** Once done: where the elements end; behind it may be an item delimitation. */
  contentEnd = 0;
  /** Noted at top level; with `pixel-data` it is also where the scan stopped. */
  pixelData: PixelDataHeader | undefined;
  readonly mode: Mode;
  readonly #stopAt: StopAt;
  readonly #depth: number;
  #lastTag: Tag = -1;
  #walk: SequenceWalk | undefined;

  /** `depth`: how many sequences the elements lie in. */
  constructor(position: number, mode: Mode, stopAt: StopAt, depth: number) {
    this.position = position;
    this.needed = position;
    this.mode = mode;
    this.#stopAt = stopAt;
    this.#depth = depth;
  }

  /**
   * Goes on up to `end`, the bytes there are; true once the scan is over. `isLast`: no more bytes will come.
   * @throws DicomError TooDeep, TooLarge, TooManyElements
   */
  run(source: Source, end: number, isLast: boolean): boolean {
    const { view } = source;
    const { mode, index } = this;
    const littleEndian = (mode & bigEndianFlag) === 0;
    const isExplicit = (mode & explicitFlag) !== 0;
    const stops = this.#stopAt === 'pixel-data';
    const isMeta = this.#stopAt === 'end-of-meta';
    const deepFrom = (source.limits.depth - this.#depth - 1) * bytesPerLevel;
    const mostNumbers = source.limits.elements * stride;
    let at = this.position;
    while (at + 8 <= end) {
      const group = view.getUint16(at, littleEndian);
      const tag = ((group << 16) | view.getUint16(at + 2, littleEndian)) >>> 0;
      if (isMeta && (group !== metaGroup || (tag & 0xffff) > lastMetaElement)) return this.#finish(at);
      if (group === 0xfffe) {
        if (this.#endsItem(source, tag, at)) return true;
        at += 8;
        continue;
      }
      if (tag === 0 && view.getUint32(at + 4) === 0) {
        at = this.#passZeros(source, at, end);
        continue;
      }
      let info = 0;
      let valueOffset = at + 8;
      let length = 0;
      if (isExplicit) {
        const code = vrCodeOfLetters(view.getUint8(at + 4), view.getUint8(at + 5));
        info = code;
        if (code <= 0) {
          const odd = readOddHeader(view, at, end, littleEndian, code);
          if (!odd) return this.#wait(source, at, at + 12, end, isLast);
          if (this.#isTrailing(source, odd.length, at)) return true;
          ({ length, valueOffset } = odd);
          info = odd.code | odd.bits;
        } else if (!hasLongLength(code)) {
          length = view.getUint16(at + 6, littleEndian);
        } else {
          if (at + 12 > end) return this.#wait(source, at, at + 12, end, isLast);
          length = view.getUint32(at + 8, littleEndian);
          valueOffset = at + 12;
        }
      } else {
        length = view.getUint32(at + 4, littleEndian);
      }
      if (tag >= firstPixelData && tag <= lastPixelData) this.#notePixelData(tag, info & 0x3f, at, valueOffset, length);
      if (stops && isPixelData(tag)) return this.#finish(at);

      let next = valueOffset + length;
      if (length === undefinedLength) {
        this.position = at;
        const walk = this.#walk ?? this.#begin(valueOffset, -1, modeWithin(tag, info & 0x3f, mode));
        if (!walk.run(source, end, isLast)) {
          this.needed = walk.needed;
          return false;
        }
        next = walk.position;
        length = walk.contentEnd - valueOffset;
        info |= undefinedLengthBit;
        if (!walk.hasDelimiter) info |= repairedBit;
        this.#endWalk(walk);
      } else if (next > end) {
        if (!isLast) {
          if (next > source.limits.headerBytes && !isPixelData(tag)) this.#tooLarge(tag);
          return this.#wait(source, at, next, end, isLast);
        }
        this.#repair(source, 'Truncated', at, 'is not complete', tag);
        info |= repairedBit;
        length = end - valueOffset;
        next = end;
      }
      if (length > deepFrom && (info & undefinedLengthBit) === 0 && isSequence(tag, info & 0x3f)) {
        const walk = this.#begin(valueOffset, next, mode);
        walk.run(source, next, true);
        this.#endWalk(walk);
      }
      if ((info & oddHeaderBit) !== 0) this.#repair(source, 'InvalidVr', at, 'has no valid value representation', tag);
      if (tag <= this.#lastTag) this.#disorder(source, tag, at);
      this.#lastTag = tag;
      index.push(tag, info, valueOffset, length);
      at = next;
      if (index.length > mostNumbers) throw new DicomError('TooManyElements', 'more elements than allowed');
    }
    return this.#wait(source, at, at + 8, end, isLast);
  }

  #begin(position: number, end: number, mode: Mode): SequenceWalk {
    this.#walk = new SequenceWalk(position, end, mode, this.#depth + 1);
    return this.#walk;
  }

  #endWalk(walk: SequenceWalk): void {
    this.#walk = undefined;
    if (walk.isRepaired) this.isRepaired = true;
  }

  /** The bytes end before `needed`: more must come, or, at the last, what is left is no element. */
  #wait(source: Source, at: number, needed: number, end: number, isLast: boolean): boolean {
    this.position = at;
    this.needed = needed;
    if (!isLast) return false;
    this.contentEnd = Math.min(at, end);
    if (this.#stopAt === 'end-of-item') this.#repair(source, 'Delimiter', at, 'item has no delimitation item');
    else if (at < end) this.#repair(source, 'TrailingBytes', at, 'bytes are left that are no element');
    return true;
  }

  #finish(at: number): boolean {
    this.position = at;
    this.contentEnd = at;
    return true;
  }

  #notePixelData(tag: Tag, code: VrCode, offset: number, valueOffset: number, length: number): void {
    if (!isPixelData(tag) || this.pixelData) return;
    this.pixelData = { tag, code, offset, valueOffset, length };
  }

  /** A delimitation item at this level: the end of an item of undefined length, or a stray one, which is passed over. */
  #endsItem(source: Source, tag: Tag, at: number): boolean {
    const isKnown = tag === itemDelimitationTag || tag === itemTag || tag === sequenceDelimitationTag;
    if (this.#stopAt === 'end-of-item' && isKnown) {
      this.contentEnd = at;
      this.position = tag === itemDelimitationTag ? at + 8 : at;
      if (tag !== itemDelimitationTag)
        this.#repair(source, 'Delimiter', at, 'stands where an item delimitation belongs', tag);
      return true;
    }
    this.#repair(source, 'Delimiter', at, 'does not belong here', tag);
    return false;
  }

  /** An impossible header behind good elements is no element. */
  #isTrailing(source: Source, length: number, at: number): boolean {
    if (this.index.length === 0 || length === undefinedLength || length <= source.limits.headerBytes) return false;
    this.#repair(source, 'TrailingBytes', at, 'bytes are left that are no element');
    return this.#finish(at);
  }

  /** Eight zeros are no element anywhere: padding, mostly behind the last element. Gives the place behind them. */
  #passZeros({ view, problems }: Source, start: number, end: number): number {
    let at = start;
    while (at + 8 <= end && view.getUint32(at) === 0 && view.getUint32(at + 4) === 0) at += 8;
    this.isRepaired = true;
    reportProblem(problems, 'Padding', start, 'zeros stand where an element belongs');
    return at;
  }

  #disorder(source: Source, tag: Tag, at: number): void {
    this.isSorted = false;
    const isSame = tag === this.#lastTag;
    reportProblem(
      source.problems,
      isSame ? 'Duplicate' : 'Order',
      at,
      isSame ? 'occurs twice' : 'is out of order',
      tag,
    );
  }

  #tooLarge(tag: Tag): never {
    throw new DicomError('TooLarge', `element ${tag.toString(16).padStart(8, '0')} is longer than allowed`);
  }

  #repair(source: Source, code: ProblemCode, offset: number, message: string, tag?: Tag): void {
    this.isRepaired = true;
    reportProblem(source.problems, code, offset, message, tag);
  }
}

/** An index in ascending order of tags; of several elements with one tag the first stays. */
export function sortedIndex(index: readonly number[]): number[] {
  const slots = Array.from({ length: index.length / stride }, (_, slot) => slot * stride);
  slots.sort((a, b) => (index[a] ?? 0) - (index[b] ?? 0) || a - b);
  const sorted: number[] = [];
  let last = -1;
  for (const slot of slots) {
    const tag = index[slot] ?? 0;
    if (tag === last) continue;
    last = tag;
    sorted.push(tag, index[slot + 1] ?? 0, index[slot + 2] ?? 0, index[slot + 3] ?? 0);
  }
  return sorted;
}
