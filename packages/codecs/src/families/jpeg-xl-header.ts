// The size of a JPEG XL image, from the first bits of its code stream (ISO/IEC 18181-1 A.2, D.2), bare or in a container (18181-2).
import { CodecError } from '../frame/index.ts';

export interface JpegXlSize {
  readonly rows: number;
  readonly columns: number;
}

const containerType = 0x4a584c20;
const codeStreamBox = 0x6a786c63;
const partialCodeStreamBox = 0x6a786c70;

/** Bits of little-endian bytes, the lowest first. */
class Bits {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start * 8;
  }

  take(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new CodecError('Damaged', 'The JPEG XL stream ends in its header');
      value += ((byte >> (this.#at & 7)) & 1) * 2 ** bit;
    }
    return value;
  }
}

function codeStreamStart(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 12) throw new CodecError('Damaged', 'The JPEG XL stream has no header');
  if (view.getUint32(4) !== containerType) return 0;
  for (let at = 0; at + 8 <= view.byteLength; ) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const header = length === 1 ? 16 : 8;
    if (type === codeStreamBox) return at + header;
    if (type === partialCodeStreamBox) return at + header + 4;
    if (length < 8) break;
    at += length;
  }
  throw new CodecError('Damaged', 'The JPEG XL container has no code stream');
}

const sizeBits = [9, 13, 18, 30] as const;
/** Columns for a row, as numerator and denominator. */
const ratios = [
  [1, 1],
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
] as const;

/** @throws CodecError Damaged */
export function readJpegXlSize(bytes: Uint8Array): JpegXlSize {
  const start = codeStreamStart(bytes);
  if (bytes[start] !== 0xff || bytes[start + 1] !== 0x0a) {
    throw new CodecError('Damaged', 'The JPEG XL stream has no signature');
  }
  const bits = new Bits(bytes, start + 2);
  const isSmall = bits.take(1) === 1;
  const size = (): number => (isSmall ? (bits.take(5) + 1) * 8 : bits.take(sizeBits[bits.take(2)] ?? 30) + 1);
  const rows = size();
  const ratio = bits.take(3);
  const [numerator, denominator] = ratios[ratio] ?? [1, 1];
  return { rows, columns: ratio === 0 ? size() : Math.floor((rows * numerator) / denominator) };
}
