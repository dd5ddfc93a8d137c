// What code streams say of themselves before they are decoded: so that nothing is decoded that is not what the data set tells.

import type { FrameFormat } from '../frame/index.ts';
import { CodecError } from '../frame/index.ts';

export interface CodeStream {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
  readonly isSigned: boolean;
  /** JPEG: the second byte of the frame header's marker. */
  readonly process?: number;
}

const startOfImage = 0xd8;
const endOfImage = 0xd9;
const startOfScan = 0xda;
/** Private to arithmetic coders. Where it comes before the frame header, the library never comes to that. */
const temporary = 0x01;
const jpegLsFrame = 0xf7;
/** Markers 0xC0 to 0xCF are frame headers, but for these. */
const notFrames = new Set([0xc4, 0xc8, 0xcc]);

const isFrame = (marker: number): boolean =>
  marker === jpegLsFrame || (marker >= 0xc0 && marker <= 0xcf && !notFrames.has(marker));

const hasNoLength = (marker: number): boolean => marker === startOfImage || (marker >= 0xd0 && marker <= 0xd7);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The frame header of JPEG and JPEG-LS streams (ITU-T T.81 B.2.2, T.87 C.2.2). @throws CodecError Damaged */
export function readJpegHeader(bytes: Uint8Array): CodeStream {
  const view = viewOf(bytes);
  let at = 0;
  while (at + 4 <= bytes.byteLength) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] ?? 0;
    // Any number of 0xFF may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === endOfImage || marker === startOfScan || marker === temporary) break;
    if (hasNoLength(marker)) {
      at += 2;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (isFrame(marker) && at + 10 <= bytes.byteLength) {
      return {
        precision: view.getUint8(at + 4),
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: view.getUint8(at + 9),
        isSigned: false,
        process: marker,
      };
    }
    at += 2 + Math.max(length, 2);
  }
  throw new CodecError('Damaged', 'The JPEG stream has no frame header');
}

const jp2Signature = 0x6a502020;
const codeStreamBox = 0x6a703263;

/** Where the code stream begins: at once, or within the boxes of a JP2 file (ISO/IEC 15444-1 I). @throws CodecError Damaged */
function codeStreamStart(view: DataView): number {
  if (view.byteLength < 12 || view.getUint32(4) !== jp2Signature) return 0;
  let at = 0;
  while (at + 8 <= view.byteLength) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === codeStreamBox) return at + (length === 1 ? 16 : 8);
    if (length < 8) break;
    at += length;
  }
  throw new CodecError('Damaged', 'The JP2 file has no code stream');
}

/** What is from the start marker on. @throws CodecError Damaged */
export function codeStreamOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(codeStreamStart(viewOf(bytes)));
}

/** SIZ of JPEG 2000 and HTJ2K (ISO/IEC 15444-1 A.5.1). @throws CodecError Damaged, Unsupported for components of different sizes */
export function readJpeg2000Header(bytes: Uint8Array): CodeStream {
  const view = viewOf(bytes);
  const start = codeStreamStart(view);
  const isStart = start + 43 <= bytes.byteLength && view.getUint32(start) === 0xff4fff51;
  if (!isStart) throw new CodecError('Damaged', 'The JPEG 2000 stream has no header');
  const depth = view.getUint8(start + 42);
  const components = view.getUint16(start + 40);
  checkComponents(bytes.subarray(start + 42), components);
  return {
    columns: view.getUint32(start + 8) - view.getUint32(start + 16),
    rows: view.getUint32(start + 12) - view.getUint32(start + 20),
    components,
    precision: (depth & 0x7f) + 1,
    isSigned: depth >= 0x80,
  };
}

/** Depth and the steps between samples, each way, of each component: decoders that take them for alike read what is not theirs. */
function checkComponents(parts: Uint8Array, components: number): void {
  if (parts.byteLength < components * 3) throw new CodecError('Damaged', 'The JPEG 2000 stream ends in its header');
  for (let at = 0; at < components * 3; at += 3) {
    if (parts[at] === parts[0] && parts[at + 1] === 1 && parts[at + 2] === 1) continue;
    throw new CodecError('Unsupported', 'JPEG 2000 images whose components differ in size or depth are not decoded');
  }
}

const codingStyle = 0xff52;
const startOfTilePart = 0xff90;

/** How components were made of others (A.6.1): 0 they were not, 1 of red, green and blue (G.2, G.3), more: as ISO/IEC 15444-2 A.2.3 has it.
 * @param bytes with a header that was read */
export function componentTransform(bytes: Uint8Array): number {
  const view = viewOf(codeStreamOf(bytes));
  for (
    let at = 2;
    at + 9 <= view.byteLength && view.getUint16(at) !== startOfTilePart;
    at += 2 + view.getUint16(at + 2)
  ) {
    if (view.getUint16(at) === codingStyle) return view.getUint8(at + 8);
  }
  return 0;
}

/** @throws CodecError Damaged where the stream is of another size than the data set tells, or of other samples */
export function checkStream(stream: CodeStream, { rows, columns, samplesPerPixel, bitsAllocated }: FrameFormat): void {
  if (stream.rows !== rows || stream.columns !== columns) {
    throw new CodecError(
      'Damaged',
      `The compressed image has ${stream.columns} x ${stream.rows} pixels, the data set says ${columns} x ${rows}`,
    );
  }
  if (stream.components !== samplesPerPixel) {
    throw new CodecError('Damaged', `The compressed image has ${stream.components} components, not ${samplesPerPixel}`);
  }
  if (stream.precision > bitsAllocated) {
    throw new CodecError(
      'Damaged',
      `The compressed image has ${stream.precision} bits, ${bitsAllocated} are allocated`,
    );
  }
}

/** Samples of one byte in the bytes that the data set allocates. @param isSigned both say so: signs are extended
 * @throws CodecError Damaged for another number of samples */
export function inAllocatedBytes(
  decoded: Uint8Array,
  precision: number,
  format: FrameFormat,
  isSigned = false,
): Uint8Array {
  const samples = format.rows * format.columns * format.samplesPerPixel;
  const width = Math.ceil(format.bitsAllocated / 8);
  if (decoded.byteLength === samples * width) return decoded;
  if (decoded.byteLength !== samples || precision > 8 || width !== 2) {
    throw new CodecError('Damaged', 'The compressed image gave another number of samples than it should');
  }
  const numbers = isSigned ? new Int8Array(decoded.buffer, decoded.byteOffset, samples) : decoded;
  return new Uint8Array(Int16Array.from(numbers).buffer);
}
