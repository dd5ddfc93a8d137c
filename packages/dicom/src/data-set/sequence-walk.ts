// Finds the end of a sequence without building anything: steps from header to header with a stack of its own (PS3.5 7.5). It can
// stop where the bytes end and go on when there are more. What is too short to be nested too deep is stepped over unread.
import { vrOf } from '../dictionary/index.ts';
import type { Tag } from '../tag.ts';
import { hasLongLength, sequenceVr, unknownVr, type VrCode, vrCodeOfLetters } from '../vr.ts';
import { looksExplicit, readExplicitHeader } from './element-header.ts';
import { DicomError, type ProblemCode, reportProblem } from './problem.ts';
import {
  bigEndianFlag,
  explicitFlag,
  fragmentsFlag,
  itemDelimitationTag,
  itemTag,
  type Mode,
  type Source,
  sequenceDelimitationTag,
  undefinedLength,
} from './source.ts';

/** The fewest bytes that one more level of nesting takes: an implicit sequence header and an item header. */
export const bytesPerLevel = 16;
const open = -1;
const pixelDataGroup = 0x7fe0;
const delimiterGroup = 0xfffe;
const item = 0xe000;
const itemDelimitation = 0xe00d;
const sequenceDelimitation = 0xe0dd;

/** How the contents of an element of undefined length are written (PS3.5 6.2.2 note 2: UN holds implicit little endian). */
export function modeWithin(tag: Tag, code: VrCode, mode: Mode): Mode {
  if (tag >>> 16 === pixelDataGroup) return mode | fragmentsFlag;
  if (code === unknownVr) return 0;
  if (code === sequenceVr) return mode;
  if (code !== 0) return mode | fragmentsFlag;
  const vr = vrOf(tag);
  return vr === 'OB' || vr === 'OW' ? mode | fragmentsFlag : mode;
}

/** Whether an element may hold items. `code` is 0 where the bytes do not say. */
export function isSequence(tag: Tag, code: VrCode): boolean {
  return code === sequenceVr || (code === 0 && vrOf(tag) === 'SQ');
}

/** One walk over one sequence. Levels alternate: sequence, item, sequence, item. */
export class SequenceWalk {
  /** Where to go on; may lie beyond the bytes there are. */
  position: number;
  /** The bytes that must be there before `run` gets further. */
  needed: number;
  /** Once done: where the contents end. The delimiter, if there is one, follows. */
  contentEnd = 0;
  hasDelimiter = false;
  isRepaired = false;
  /** Elements and items seen. */
  count = 0;
  readonly #depth: number;
  readonly #ends: number[];
  readonly #modes: Mode[];
  /** The nearest end of a level that is not open; infinite where all are. */
  readonly #bounds: number[];

  /** `end` is -1 for undefined length; `depth` is that of the sequence, from 1. */
  constructor(position: number, end: number, mode: Mode, depth: number) {
    this.position = position;
    this.needed = position;
    this.#depth = depth;
    this.#ends = [end];
    this.#modes = [mode];
    this.#bounds = [end === open ? Number.POSITIVE_INFINITY : end];
  }

  /**
   * Goes on up to `end`, the bytes there are; true once the sequence is passed. `isLast`: no more will come, what is open ends there.
   * @throws DicomError TooDeep, TooManyElements
   */
  run(source: Source, end: number, isLast: boolean): boolean {
    while (this.#ends.length > 0) {
      const base = this.#ends.length - 1;
      if (((this.#modes[base] ?? 0) & fragmentsFlag) === 0) {
        this.#passPlain(source, Math.min(end, this.#bounds[base] ?? end), this.#modes[base] ?? 0);
      }
      const level = this.#ends.length - 1;
      const levelEnd = this.#ends[level] ?? open;
      const mode = this.#modes[level] ?? 0;
      const isItem = (level & 1) !== 0;
      if (this.position + 8 > (this.#bounds[level] ?? end)) {
        this.#leaveAtBound(source, levelEnd, this.#bounds[level] ?? end);
        continue;
      }
      if (this.position + 8 > end) {
        this.#checkReach(source);
        if (!isLast) {
          this.needed = this.position + 8;
          return false;
        }
        this.#truncate(source, end);
        continue;
      }
      const isProgress = isItem
        ? this.#inItem(source, levelEnd, mode, end)
        : this.#inSequence(source, levelEnd, mode, end, isLast);
      if (isProgress) continue;
      if (!isLast) return false;
      this.#truncate(source, end);
    }
    return true;
  }

  /**
   * The tight loop: passes over what is too short to be nested too deep, and through sequences and items of undefined length in the
   * same encoding, which change nothing but the level. Stops before the first header that needs thought.
   */
  #passPlain(source: Source, end: number, mode: Mode): void {
    const { view, limits } = source;
    const littleEndian = (mode & bigEndianFlag) === 0;
    const isExplicit = (mode & explicitFlag) !== 0;
    const base = this.#ends.length - 1;
    const deepest = (limits.depth - this.#depth) * 2 + 1;
    const lastStart = end - 16;
    let level = base;
    let at = this.position;
    let count = this.count;
    while (at <= lastStart) {
      const group = view.getUint16(at, littleEndian);
      const isInItem = (level & 1) !== 0;
      let next = at + 8;
      let length = 0;
      let code: VrCode = 0;
      if (group === delimiterGroup) {
        const element = view.getUint16(at + 2, littleEndian);
        if (element === (isInItem ? itemDelimitation : sequenceDelimitation) && level > base) {
          level--;
          at = next;
          continue;
        }
        if (isInItem || element !== item) break;
        length = view.getInt32(at + 4, littleEndian);
        if (length === -1 && !isExplicit && vrCodeOfLetters(view.getUint8(at + 12), view.getUint8(at + 13)) > 0) break;
      } else if (!isInItem) {
        break;
      } else if (isExplicit) {
        code = vrCodeOfLetters(view.getUint8(at + 4), view.getUint8(at + 5));
        if (code <= 0) break;
        if (hasLongLength(code)) {
          length = view.getInt32(at + 8, littleEndian);
          next = at + 12;
        } else {
          length = view.getUint16(at + 6, littleEndian);
        }
      } else {
        length = view.getInt32(at + 4, littleEndian);
      }
      if (length === -1) {
        if (level >= deepest) break;
        if (isInItem && modeWithin(((group << 16) | view.getUint16(at + 2, littleEndian)) >>> 0, code, mode) !== mode)
          break;
        level++;
      } else {
        if (length < 0 || length > (deepest - level) * (bytesPerLevel >> 1)) break;
        next += length;
        if (next > end) break;
      }
      at = next;
      count++;
    }
    this.position = at;
    this.count = count;
    for (; level > base; level--) this.#enter(source, open, mode);
  }

  /** What is left of a level is too short for an element. */
  #leaveAtBound(source: Source, levelEnd: number, bound: number): void {
    if (levelEnd === open) this.#repair(source, 'Delimiter', 'has no delimitation item');
    else if (this.position !== bound) this.#repair(source, 'LengthBeyondParent', 'does not fill its item or sequence');
    this.#leave(bound, false);
  }

  #inSequence(source: Source, levelEnd: number, mode: Mode, end: number, isLast: boolean): boolean {
    const { view } = source;
    const at = this.position;
    const littleEndian = (mode & bigEndianFlag) === 0;
    const tag = ((view.getUint16(at, littleEndian) << 16) | view.getUint16(at + 2, littleEndian)) >>> 0;
    if (tag === itemTag) return this.#enterItem(source, mode, end, isLast);
    if (tag === sequenceDelimitationTag) {
      if (levelEnd === open) this.#leave(at, true);
      else this.#skipDelimiter(source);
      return true;
    }
    if (tag === itemDelimitationTag) {
      this.#skipDelimiter(source);
      return true;
    }
    this.#repair(source, 'Delimiter', 'stands where an item belongs');
    this.#leave(levelEnd === open ? at : levelEnd, false);
    return true;
  }

  #enterItem(source: Source, mode: Mode, end: number, isLast: boolean): boolean {
    const { view } = source;
    const at = this.position;
    const littleEndian = (mode & bigEndianFlag) === 0;
    const length = view.getUint32(at + 4, littleEndian);
    const content = at + 8;
    if (content + 8 > end && (mode & explicitFlag) === 0 && length >= 8 && !isLast) {
      this.needed = content + 8;
      return false;
    }
    this.#countOne(source);
    if (mode & fragmentsFlag) {
      if (length === undefinedLength) this.#repair(source, 'Delimiter', 'is a fragment of undefined length');
      this.position = this.#clip(source, content, length === undefinedLength ? 0 : length);
      return true;
    }
    const next = length === undefinedLength ? open : this.#clip(source, content, length);
    this.position = content;
    if (next !== open && !this.#mayBeTooDeep(source, length)) {
      this.position = next;
      return true;
    }
    const isImplicit = (mode & explicitFlag) === 0;
    const inner =
      isImplicit && content + 8 <= end && looksExplicit(view, content, littleEndian) ? mode | explicitFlag : mode;
    this.#enter(source, next, inner);
    return true;
  }

  #inItem(source: Source, levelEnd: number, mode: Mode, end: number): boolean {
    const { view } = source;
    const at = this.position;
    const littleEndian = (mode & bigEndianFlag) === 0;
    const group = view.getUint16(at, littleEndian);
    const tag = ((group << 16) | view.getUint16(at + 2, littleEndian)) >>> 0;
    if (group === delimiterGroup) {
      this.#delimiterInItem(source, tag, levelEnd);
      return true;
    }
    let code: VrCode = 0;
    let content = at + 8;
    let length = 0;
    if ((mode & explicitFlag) === 0) {
      length = view.getUint32(at + 4, littleEndian);
    } else {
      const header = readExplicitHeader(view, at, end, littleEndian);
      if (!header) {
        this.needed = at + 12;
        return false;
      }
      ({ code, length, valueOffset: content } = header);
    }
    this.#countOne(source);
    if (length === undefinedLength) {
      this.#enter(source, open, modeWithin(tag, code, mode));
      this.position = content;
      return true;
    }
    const next = this.#clip(source, content, length);
    this.position = next;
    if (!this.#mayBeTooDeep(source, length) || !isSequence(tag, code)) return true;
    this.#enter(source, next, mode);
    this.position = content;
    return true;
  }

  #delimiterInItem(source: Source, tag: Tag, levelEnd: number): void {
    if (levelEnd !== open) {
      this.#skipDelimiter(source);
      return;
    }
    if (tag === itemDelimitationTag) {
      this.#leave(this.position, true);
      return;
    }
    if (tag !== itemTag && tag !== sequenceDelimitationTag) {
      this.#skipDelimiter(source);
      return;
    }
    this.#repair(source, 'Delimiter', 'stands where an item delimitation belongs');
    this.#leave(this.position, false);
  }

  #skipDelimiter(source: Source): void {
    this.#repair(source, 'Delimiter', 'is a delimitation item where none belongs');
    this.position += 8;
  }

  /** The end of `length` bytes from `from`, cut to the level that they lie in. */
  #clip(source: Source, from: number, length: number): number {
    const next = from + length;
    const bound = this.#bounds[this.#bounds.length - 1] ?? next;
    if (next <= bound) return next;
    this.#repair(source, 'LengthBeyondParent', 'is longer than its item or sequence');
    return bound;
  }

  #mayBeTooDeep(source: Source, length: number): boolean {
    const depth = this.#depth + (this.#ends.length >> 1);
    return length > (source.limits.depth - depth) * bytesPerLevel;
  }

  #enter(source: Source, end: number, mode: Mode): void {
    const outer = this.#bounds[this.#bounds.length - 1] ?? Number.POSITIVE_INFINITY;
    this.#bounds.push(end === open ? outer : end);
    this.#ends.push(end);
    this.#modes.push(mode);
    if (this.#depth + ((this.#ends.length - 1) >> 1) > source.limits.depth) {
      throw new DicomError('TooDeep', `sequences are nested more than ${source.limits.depth} deep`);
    }
  }

  #leave(at: number, hasDelimiter: boolean): void {
    this.#ends.pop();
    this.#modes.pop();
    this.#bounds.pop();
    this.contentEnd = at;
    this.hasDelimiter = hasDelimiter;
    this.position = hasDelimiter ? at + 8 : at;
  }

  #truncate(source: Source, end: number): void {
    this.#repair(source, 'Truncated', 'is not complete');
    this.#ends.length = 0;
    this.contentEnd = end;
    this.position = end;
  }

  /** Nothing before Pixel Data may reach beyond the cap, however many bytes are there yet. */
  #checkReach(source: Source): void {
    if (((this.#modes[0] ?? 0) & fragmentsFlag) !== 0 || this.position <= source.limits.headerBytes) return;
    throw new DicomError('TooLarge', 'a nested value is longer than allowed');
  }

  #countOne(source: Source): void {
    this.count++;
    if (this.count > source.limits.elements) throw new DicomError('TooManyElements', 'more elements than allowed');
  }

  #repair(source: Source, code: ProblemCode, message: string): void {
    this.isRepaired = true;
    reportProblem(source.problems, code, this.position, `nested data ${message}`);
  }
}
