// Fixed-size numbers (PS3.5 6.2: FL FD SL SS SV UL US UV, and the "other" ones of these sizes) and attribute tags.
import { formatTag, type Tag } from '../tag.ts';
import { type Vr, wordSizeOf } from '../vr.ts';
import { formatFloat } from './significant-digits.ts';

type Reader = (view: DataView, at: number, littleEndian: boolean) => number;

const readers: Readonly<Partial<Record<Vr, Reader>>> = {
  FD: (view, at, littleEndian) => view.getFloat64(at, littleEndian),
  FL: (view, at, littleEndian) => view.getFloat32(at, littleEndian),
  OD: (view, at, littleEndian) => view.getFloat64(at, littleEndian),
  OF: (view, at, littleEndian) => view.getFloat32(at, littleEndian),
  OL: (view, at, littleEndian) => view.getUint32(at, littleEndian),
  OV: (view, at, littleEndian) => Number(view.getBigUint64(at, littleEndian)),
  OW: (view, at, littleEndian) => view.getUint16(at, littleEndian),
  SL: (view, at, littleEndian) => view.getInt32(at, littleEndian),
  SS: (view, at, littleEndian) => view.getInt16(at, littleEndian),
  SV: (view, at, littleEndian) => Number(view.getBigInt64(at, littleEndian)),
  UL: (view, at, littleEndian) => view.getUint32(at, littleEndian),
  US: (view, at, littleEndian) => view.getUint16(at, littleEndian),
  UV: (view, at, littleEndian) => Number(view.getBigUint64(at, littleEndian)),
};

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const decimal = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** The number that a DS or IS value without padding stands for, also with a comma for the point; NaN where it is none. */
export function readDecimal(text: string): number {
  const point = text.replaceAll(',', '.');
  return decimal.test(point) ? Number(point) : Number.NaN;
}

/** The numbers of a value; SV, UV and OV lose what a double cannot hold. Bytes that do not fill a number are left out. */
export function readNumbers(bytes: Uint8Array, vr: Vr, littleEndian: boolean): number[] {
  const read = readers[vr];
  if (!read) return [];
  const size = wordSizeOf(vr);
  const view = viewOf(bytes);
  const numbers: number[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) numbers.push(read(view, at, littleEndian));
  return numbers;
}

/** SV, UV and OV without loss. */
export function readBigIntegers(bytes: Uint8Array, vr: Vr, littleEndian: boolean): bigint[] {
  const view = viewOf(bytes);
  const numbers: bigint[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    numbers.push(vr === 'SV' ? view.getBigInt64(at, littleEndian) : view.getBigUint64(at, littleEndian));
  }
  return numbers;
}

/** The tags of an AT value. */
export function readTags(bytes: Uint8Array, littleEndian: boolean): Tag[] {
  const view = viewOf(bytes);
  const tags: Tag[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    tags.push(((view.getUint16(at, littleEndian) << 16) | view.getUint16(at + 2, littleEndian)) >>> 0);
  }
  return tags;
}

/** A number or AT value as texts: floating point with 17 digits, tags as `gggg,eeee`. */
export function numberTexts(bytes: Uint8Array, vr: Vr, littleEndian: boolean): string[] {
  if (vr === 'AT') return readTags(bytes, littleEndian).map(formatTag);
  if (vr === 'SV' || vr === 'UV') return readBigIntegers(bytes, vr, littleEndian).map(String);
  const numbers = readNumbers(bytes, vr, littleEndian);
  return vr === 'FL' || vr === 'FD' ? numbers.map(formatFloat) : numbers.map(String);
}

/** A copy with the bytes of each word reversed; bytes that do not fill a word stay as they are. */
export function swapWords(bytes: Uint8Array, size: number): Uint8Array {
  const swapped = new Uint8Array(bytes);
  const whole = swapped.length - (swapped.length % size);
  for (let start = 0; start < whole; start += size) {
    for (let at = 0; at < size; at++) swapped[start + at] = bytes[start + size - 1 - at] ?? 0;
  }
  return swapped;
}
