// JPEG of grey samples of twelve bits (ITU-T T.81, extended sequential process, Huffman-coded): no library in reach encodes it. Tables
// are made for each image, as the usual ones have no codes for differences of that size.
import type { FrameFormat } from '../frame/index.ts';
import { type HuffmanTable, huffmanTable } from './huffman-table.ts';
import { huffmanSegment, segment, word } from './marker-segments.ts';

const blockSide = 8;
const blockSize = 64;
const precision = 12;
const levelShift = 2 ** (precision - 1);

/** Order of the coefficients of a block (T.81 figure A.6). */
const zigzag: Uint8Array = Uint8Array.of(
  0,
  1,
  8,
  16,
  9,
  2,
  3,
  10,
  17,
  24,
  32,
  25,
  18,
  11,
  4,
  5,
  12,
  19,
  26,
  33,
  40,
  48,
  41,
  34,
  27,
  20,
  13,
  6,
  7,
  14,
  21,
  28,
  35,
  42,
  49,
  56,
  57,
  50,
  43,
  36,
  29,
  22,
  15,
  23,
  30,
  37,
  44,
  51,
  58,
  59,
  52,
  45,
  38,
  31,
  39,
  46,
  53,
  60,
  61,
  54,
  47,
  55,
  62,
  63,
);

/** Quantization of luminance (T.81 table K.1), row by row. */
const luminance: Uint8Array = Uint8Array.of(
  16,
  11,
  10,
  16,
  24,
  40,
  51,
  61,
  12,
  12,
  14,
  19,
  26,
  58,
  60,
  55,
  14,
  13,
  16,
  24,
  40,
  57,
  69,
  56,
  14,
  17,
  22,
  29,
  51,
  87,
  80,
  62,
  18,
  22,
  37,
  56,
  68,
  109,
  103,
  77,
  24,
  35,
  55,
  64,
  81,
  104,
  113,
  92,
  49,
  64,
  78,
  87,
  103,
  121,
  120,
  101,
  72,
  92,
  95,
  98,
  112,
  100,
  103,
  99,
);

/** As the Independent JPEG Group scales it: 50 is the table as it is, 100 loses next to nothing. */
function quantization(quality: number): Uint16Array {
  const scale = quality < 50 ? 5000 / quality : 200 - quality * 2;
  return Uint16Array.from(luminance, (step) => Math.min(32_767, Math.max(1, Math.floor((step * scale + 50) / 100))));
}

/** cos((2x+1)uπ/16), with the factors of T.81 A.3.3, by u and x. */
const cosines: Float64Array = Float64Array.from({ length: blockSize }, (_, index) => {
  const u = index >> 3;
  const x = index & 7;
  return (Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1)) / 2;
});

/** One direction of the transform: rows of `from` become columns of `to`, so that twice is both directions. */
function transform(from: Float64Array, to: Float64Array): void {
  for (let line = 0; line < blockSide; line++) {
    for (let u = 0; u < blockSide; u++) {
      let sum = 0;
      for (let x = 0; x < blockSide; x++) sum += (from[line * blockSide + x] ?? 0) * (cosines[u * blockSide + x] ?? 0);
      to[u * blockSide + line] = sum;
    }
  }
}

/** Quantized coefficients of all blocks, each in zigzag order. Pixels beyond the border repeat it. */
function coefficientsOf(samples: Uint16Array, { rows, columns }: FrameFormat, steps: Uint16Array): Int16Array {
  const across = Math.ceil(columns / blockSide);
  const down = Math.ceil(rows / blockSide);
  const coefficients = new Int16Array(across * down * blockSize);
  const block = new Float64Array(blockSize);
  const half = new Float64Array(blockSize);
  for (let index = 0; index < across * down; index++) {
    const top = Math.floor(index / across) * blockSide;
    const left = (index % across) * blockSide;
    for (let at = 0; at < blockSize; at++) {
      const row = Math.min(rows - 1, top + (at >> 3));
      const column = Math.min(columns - 1, left + (at & 7));
      block[at] = Math.min(4095, samples[row * columns + column] ?? 0) - levelShift;
    }
    transform(block, half);
    transform(half, block);
    for (let order = 0; order < blockSize; order++) {
      const at = zigzag[order] ?? 0;
      coefficients[index * blockSize + order] = Math.round((block[at] ?? 0) / (steps[at] ?? 1));
    }
  }
  return coefficients;
}

/** Bits that a value takes (T.81 F.1.2.1.1). */
const categoryOf = (value: number): number => 32 - Math.clz32(Math.abs(value));

const zeroRun = 0xf0;
const endOfBlock = 0;

interface Sink {
  /** A symbol of the table of DC or AC coefficients, and the bits that follow it. */
  dc(symbol: number, value: number, bits: number): void;
  ac(symbol: number, value: number, bits: number): void;
}

/** The symbols of the image, in order (T.81 F.1.2.1, F.1.2.2). */
function symbols(coefficients: Int16Array, sink: Sink): void {
  let before = 0;
  for (let start = 0; start < coefficients.length; start += blockSize) {
    const dc = coefficients[start] ?? 0;
    const difference = dc - before;
    before = dc;
    sink.dc(categoryOf(difference), difference, categoryOf(difference));
    let run = 0;
    for (let order = 1; order < blockSize; order++) {
      const value = coefficients[start + order] ?? 0;
      if (value === 0) {
        run++;
        continue;
      }
      for (; run > 15; run -= 16) sink.ac(zeroRun, 0, 0);
      const bits = categoryOf(value);
      sink.ac((run << 4) | bits, value, bits);
      run = 0;
    }
    if (run > 0) sink.ac(endOfBlock, 0, 0);
  }
}

/** Bits, the first is the highest; after a byte of ones comes one of zeros (T.81 F.1.2.3). */
class BitWriter {
  readonly #bytes: number[] = [];
  #held = 0;
  #count = 0;

  write(value: number, bits: number): void {
    for (let bit = bits - 1; bit >= 0; bit--) {
      this.#held = (this.#held << 1) | ((value >> bit) & 1);
      if (++this.#count === 8) this.#flush();
    }
  }

  finish(): readonly number[] {
    while (this.#count > 0) this.write(1, 1);
    return this.#bytes;
  }

  #flush(): void {
    this.#bytes.push(this.#held);
    if (this.#held === 0xff) this.#bytes.push(0);
    this.#held = 0;
    this.#count = 0;
  }
}

function quantizationSegment(steps: Uint16Array): readonly number[] {
  const is16Bit = steps.some((step) => step > 255);
  const values = Array.from(zigzag, (at) => steps[at] ?? 1);
  return segment(0xdb, [is16Bit ? 0x10 : 0, ...values.flatMap((value) => (is16Bit ? word(value) : [value]))]);
}

/** @param samples without sign, of up to twelve bits. @param quality 1 to 100 */
export function encodeJpeg12(samples: Uint16Array, format: FrameFormat, quality: number): Uint8Array {
  const steps = quantization(quality);
  const coefficients = coefficientsOf(samples, format, steps);
  const frequencies = { dc: new Uint32Array(256), ac: new Uint32Array(256) };
  const count = (table: Uint32Array, symbol: number): void => {
    table[symbol] = (table[symbol] ?? 0) + 1;
  };
  symbols(coefficients, {
    dc: (symbol) => count(frequencies.dc, symbol),
    ac: (symbol) => count(frequencies.ac, symbol),
  });
  const tables = { dc: huffmanTable(frequencies.dc), ac: huffmanTable(frequencies.ac) };
  const writer = new BitWriter();
  const write = ({ codes, lengths }: HuffmanTable, symbol: number, value: number, bits: number): void => {
    writer.write(codes[symbol] ?? 0, lengths[symbol] ?? 0);
    // Negative values are told by their complement (T.81 F.1.2.1.2).
    writer.write(value < 0 ? value + 2 ** bits - 1 : value, bits);
  };
  symbols(coefficients, {
    dc: (symbol, value, bits) => write(tables.dc, symbol, value, bits),
    ac: (symbol, value, bits) => write(tables.ac, symbol, value, bits),
  });
  const component = [1, 0x11, 0];
  const head = [
    0xff,
    0xd8,
    ...quantizationSegment(steps),
    ...segment(0xc1, [precision, ...word(format.rows), ...word(format.columns), 1, ...component]),
    ...huffmanSegment(0, tables.dc),
    ...huffmanSegment(1, tables.ac),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
  ];
  const body = writer.finish();
  const bytes = new Uint8Array(head.length + body.length + 2);
  bytes.set(head);
  bytes.set(body, head.length);
  bytes.set([0xff, 0xd9], head.length + body.length);
  return bytes;
}
