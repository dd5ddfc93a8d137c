// Headers of explicit encodings that do not follow PS3.5 7.1.2, and the guess of an encoding from the first bytes of a data set.
import { vrOf } from '../dictionary/index.ts';
import { hasLongLength, unknownVr, type VrCode, vrCodeOfLetters, vrOfCode } from '../vr.ts';
import { bigEndianFlag, explicitFlag, type Mode } from './source.ts';

/** Bits of the second number of an element's record; the lower six are the VR code. */
export const codeMask = 0x3f;
export const undefinedLengthBit = 0x40;
/** Written with an implicit header inside an explicit data set. */
export const implicitHeaderBit = 0x80;
/** Undefined length whose delimiter is missing, or a value that was cut. */
export const repairedBit = 0x100;
/** Two letters that are no known VR: the header was rebuilt by guess. */
export const oddHeaderBit = 0x200;

/** A header of an explicit encoding. */
export interface ExplicitHeader {
  /** UN where the letters are no known VR, 0 where there are none. */
  readonly code: VrCode;
  /** Of `implicitHeaderBit` and `oddHeaderBit`. */
  readonly bits: number;
  readonly valueOffset: number;
  readonly length: number;
}

const blank = 0x2020;
const questionMarks = 0x3f3f;
const dashes = 0x2d2d;

/**
 * The header at `at` of an explicit encoding whose letters are no known VR; undefined while `end` is too near to tell.
 * Unknown capitals have a 32-bit length behind two zero bytes (PS3.5 6.2.2), else a 16-bit one; blanks, question marks and
 * zeros stand for letters; everything else is taken as an implicit header, as real files mix them in.
 */
export function readOddHeader(
  view: DataView,
  at: number,
  end: number,
  littleEndian: boolean,
  code: VrCode | -1,
): ExplicitHeader | undefined {
  const short = view.getUint16(at + 6, littleEndian);
  if (code === 0 && short === 0) {
    if (at + 12 > end) return undefined;
    return {
      code: unknownVr,
      bits: oddHeaderBit,
      valueOffset: at + 12,
      length: view.getUint32(at + 8, littleEndian),
    };
  }
  const letters = view.getUint16(at + 4, littleEndian);
  const stands = letters === blank || letters === questionMarks || letters === dashes || (letters === 0 && short !== 0);
  if (code === 0 || stands) return { code: unknownVr, bits: oddHeaderBit, valueOffset: at + 8, length: short };
  const length = view.getUint32(at + 4, littleEndian);
  return { code: 0, bits: implicitHeaderBit | oddHeaderBit, valueOffset: at + 8, length };
}

/** The header at `at` of an explicit encoding (PS3.5 7.1.2), sound or odd; 8 bytes of it are there. undefined while `end` is too near to tell. */
export function readExplicitHeader(
  view: DataView,
  at: number,
  end: number,
  littleEndian: boolean,
): ExplicitHeader | undefined {
  const code = vrCodeOfLetters(view.getUint8(at + 4), view.getUint8(at + 5));
  if (code <= 0) return readOddHeader(view, at, end, littleEndian, code);
  if (!hasLongLength(code)) {
    return { code, bits: 0, valueOffset: at + 8, length: view.getUint16(at + 6, littleEndian) };
  }
  if (at + 12 > end) return undefined;
  return { code, bits: 0, valueOffset: at + 12, length: view.getUint32(at + 8, littleEndian) };
}

/** Whether the element at `at`, read as implicit, is in truth explicit: its letters are the VR that its tag has. */
export function looksExplicit(view: DataView, at: number, littleEndian: boolean): boolean {
  const code = vrCodeOfLetters(view.getUint8(at + 4), view.getUint8(at + 5));
  if (code <= 0) return false;
  const tag = ((view.getUint16(at, littleEndian) << 16) | view.getUint16(at + 2, littleEndian)) >>> 0;
  const expected = vrOf(tag);
  return expected === vrOfCode(code) || expected === 'UN';
}

/** The encoding of a data set of which nothing is known but that 8 bytes of it are at `at`. */
export function guessMode(view: DataView, at: number): Mode {
  const bigEndian = view.getUint16(at, true) > view.getUint16(at, false) ? bigEndianFlag : 0;
  const code = vrCodeOfLetters(view.getUint8(at + 4), view.getUint8(at + 5));
  return bigEndian | (code > 0 ? explicitFlag : 0);
}

const longestFirstValue = 0x10000;

/**
 * The encoding in truth of a data set said to be `declared`, judged by its first element (8 bytes at `at`). Only clear cases
 * override: a group that is small only in the other byte order; letters that fit the tag, or lengths where letters belong.
 */
export function correctMode(view: DataView, at: number, declared: Mode): Mode {
  const swapped = view.getUint16(at, (declared & bigEndianFlag) !== 0);
  const group = view.getUint16(at, (declared & bigEndianFlag) === 0);
  const order = group >= 0x100 && swapped > 0 && swapped < 0x100 ? declared ^ bigEndianFlag : declared;
  const littleEndian = (order & bigEndianFlag) === 0;
  if ((order & explicitFlag) === 0) return looksExplicit(view, at, littleEndian) ? order | explicitFlag : order;
  const code = vrCodeOfLetters(view.getUint8(at + 4), view.getUint8(at + 5));
  if (code !== -1 || view.getUint32(at + 4, littleEndian) >= longestFirstValue) return order;
  return order & ~explicitFlag;
}
