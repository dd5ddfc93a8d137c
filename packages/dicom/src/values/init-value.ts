// Values as callers write them, made into little-endian bytes of even length (PS3.5 6.2, 7.3).
import type { TextCodec } from '../charset/index.ts';
import { parseTag } from '../tag.ts';
import { isInCharset, type Vr, valueKindOf, wordSizeOf } from '../vr.ts';
import { ValueError } from './value-error.ts';

export type Scalar = string | number | bigint;

const zero = 0;
const space = 0x20;

/** The bytes with one more, if their number is odd: NUL behind UI and binary values, a space behind other text. */
export function padToEven(bytes: Uint8Array, vr: Vr): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  padded[bytes.length] = paddingOf(vr);
  return padded;
}

function paddingOf(vr: Vr): number {
  return vr === 'UI' || valueKindOf(vr) !== 'text' ? zero : space;
}

/** Bytes below 0x80 as they are; '?' for others. Padded. */
function asciiBytes(text: string, vr: Vr): Uint8Array {
  const isOdd = text.length % 2 === 1;
  const bytes = new Uint8Array(isOdd ? text.length + 1 : text.length);
  if (isOdd) bytes[text.length] = paddingOf(vr);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    bytes[at] = code < 0x80 ? code : 0x3f;
  }
  return bytes;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

function textBytes(text: string, vr: Vr, codec: () => TextCodec): Uint8Array {
  if (isAscii(text) || !(isInCharset(vr) || valueKindOf(vr) === 'binary')) return asciiBytes(text, vr);
  return padToEven(codec().encode(text, vr), vr);
}

const longestDecimal = 16;

/** A number as DS: at most 16 characters (PS3.5 table 6.2-1). */
function decimalString(value: number): string {
  const plain = String(value);
  if (plain.length <= longestDecimal) return plain;
  for (let digits = longestDecimal; digits > 0; digits--) {
    const rounded = Number(value.toPrecision(digits));
    if (Number.isFinite(rounded) && String(rounded).length <= longestDecimal) return String(rounded);
  }
  return value.toExponential(8);
}

function scalarText(value: Scalar, vr: Vr): string {
  if (typeof value === 'string') return value;
  if (vr === 'IS') return String(toInteger(value, -0x80000000, 0x7fffffff));
  if (vr !== 'DS') return String(value);
  const number = Number(value);
  if (!Number.isFinite(number)) throw new ValueError('is no number');
  return decimalString(number);
}

type Writer = (view: DataView, at: number, value: Scalar) => void;

const namedNumbers: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['-nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

function toNumber(value: Scalar): number {
  if (typeof value !== 'string') return Number(value);
  const trimmed = value.trim();
  const named = namedNumbers.get(trimmed);
  if (named !== undefined) return named;
  const number = trimmed === '' ? Number.NaN : Number(trimmed);
  if (Number.isNaN(number)) throw new ValueError('is no number');
  return number;
}

function toInteger(value: Scalar, least: number, most: number): number {
  const number = toNumber(value);
  if (!Number.isInteger(number) || number < least || number > most) throw new ValueError('is out of range');
  return number;
}

function toBigInteger(value: Scalar, least: bigint, most: bigint): bigint {
  const integer = parseBigInteger(value);
  if (integer < least || integer > most) throw new ValueError('is out of range');
  return integer;
}

function parseBigInteger(value: Scalar): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' ? Number.isInteger(value) : /^\s*[+-]?\d{1,20}\s*$/.test(value)) {
    return BigInt(typeof value === 'string' ? value.trim().replace(/^\+/, '') : value);
  }
  throw new ValueError('is no integer');
}

function toTag(value: Scalar): number {
  const tag = typeof value === 'string' ? parseTag(value.trim()) : Number(value);
  if (tag === undefined) throw new ValueError('is no tag');
  return toInteger(tag, 0, 0xffffffff);
}

const unsigned64 = (1n << 64n) - 1n;
const signed64 = (1n << 63n) - 1n;

const writers: Readonly<Partial<Record<Vr, Writer>>> = {
  AT: (view, at, value) => {
    const tag = toTag(value);
    view.setUint16(at, tag >>> 16, true);
    view.setUint16(at + 2, tag & 0xffff, true);
  },
  FD: (view, at, value) => view.setFloat64(at, toNumber(value), true),
  FL: (view, at, value) => view.setFloat32(at, toNumber(value), true),
  OD: (view, at, value) => view.setFloat64(at, toNumber(value), true),
  OF: (view, at, value) => view.setFloat32(at, toNumber(value), true),
  OL: (view, at, value) => view.setUint32(at, toInteger(value, 0, 0xffffffff), true),
  OV: (view, at, value) => view.setBigUint64(at, toBigInteger(value, 0n, unsigned64), true),
  OW: (view, at, value) => view.setUint16(at, toInteger(value, 0, 0xffff), true),
  SL: (view, at, value) => view.setInt32(at, toInteger(value, -0x80000000, 0x7fffffff), true),
  SS: (view, at, value) => view.setInt16(at, toInteger(value, -0x8000, 0x7fff), true),
  SV: (view, at, value) => view.setBigInt64(at, toBigInteger(value, -signed64 - 1n, signed64), true),
  UL: (view, at, value) => view.setUint32(at, toInteger(value, 0, 0xffffffff), true),
  US: (view, at, value) => view.setUint16(at, toInteger(value, 0, 0xffff), true),
  UV: (view, at, value) => view.setBigUint64(at, toBigInteger(value, 0n, unsigned64), true),
};

function wordBytes(values: readonly Scalar[], vr: Vr, write: Writer): Uint8Array {
  const size = vr === 'AT' ? 4 : wordSizeOf(vr);
  const view = new DataView(new ArrayBuffer(values.length * size));
  for (const [at, value] of values.entries()) write(view, at * size, value);
  return new Uint8Array(view.buffer);
}

/** A single text with backslashes stands for several values where the representation is numeric. */
function splitValues(values: readonly Scalar[]): readonly Scalar[] {
  const [first] = values;
  if (values.length !== 1 || typeof first !== 'string') return values;
  return first === '' ? [] : first.split('\\');
}

/**
 * The value as little-endian bytes of even length.
 * @throws ValueError for a number that is none or that the representation cannot hold
 */
export function encodeValue(
  value: Scalar | readonly Scalar[] | Uint8Array,
  vr: Vr,
  codec: () => TextCodec,
): Uint8Array {
  if (value instanceof Uint8Array) return padToEven(value, vr);
  const values: readonly Scalar[] = typeof value === 'object' ? value : [value];
  const kind = valueKindOf(vr);
  const write = writers[vr];
  const [first] = values;
  if (write && (kind !== 'binary' || typeof first !== 'string')) return wordBytes(splitValues(values), vr, write);
  if (kind === 'binary' && typeof first !== 'string') {
    return padToEven(
      Uint8Array.from(values, (byte) => toInteger(byte, 0, 0xff)),
      vr,
    );
  }
  if (values.length === 1 && first !== undefined) return textBytes(scalarText(first, vr), vr, codec);
  return textBytes(values.map((scalar) => scalarText(scalar, vr)).join('\\'), vr, codec);
}
