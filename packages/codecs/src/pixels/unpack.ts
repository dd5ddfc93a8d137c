// The samples of a frame as numbers: bits above and below those stored are left out, signs are extended, colour becomes RGB
// (PS3.5 8.1, PS3.3 C.7.6.3.1.1, C.7.6.3.1.2).
import { bytesOfFrame, CodecError, type Frame, type FrameFormat } from '../frame/index.ts';
import type { Palette } from './palette.ts';
import type { Picture } from './picture.ts';

function unsupported({ samplesPerPixel, bitsAllocated, photometricInterpretation }: FrameFormat): CodecError {
  const what = `${samplesPerPixel} samples of ${bitsAllocated} bits, ${photometricInterpretation}`;
  return new CodecError('Unsupported', `Images of ${what} are not shown`);
}

function words(bytes: Uint8Array, count: number): Uint16Array {
  if (bytes.byteOffset % 2 === 0) return new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  return new Uint16Array(bytes.slice(0, count * 2).buffer, 0, count);
}

function longWords(bytes: Uint8Array, count: number): Uint32Array {
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  return new Uint32Array(bytes.slice(0, count * 4).buffer, 0, count);
}

/** Bits of one are black or white. The first is the lowest of its byte. */
function unpackBits(bytes: Uint8Array, count: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    samples[index] = ((bytes[index >> 3] ?? 0) >> (index & 7)) & 1 ? 255 : 0;
  }
  return samples;
}

function unpack8(bytes: Uint8Array, count: number, { bitsStored, highBit }: FrameFormat): Uint8Array {
  if (bitsStored === 8) return bytes.subarray(0, count);
  const shift = Math.max(0, highBit + 1 - bitsStored);
  const mask = 2 ** bitsStored - 1;
  const samples = new Uint8Array(count);
  for (let index = 0; index < count; index++) samples[index] = ((bytes[index] ?? 0) >> shift) & mask;
  return samples;
}

function unpack16(bytes: Uint8Array, count: number, { bitsStored, highBit }: FrameFormat): Uint16Array {
  const stored = words(bytes, count);
  if (bitsStored === 16) return stored;
  const shift = Math.max(0, highBit + 1 - bitsStored);
  const mask = 2 ** bitsStored - 1;
  const samples = new Uint16Array(count);
  for (let index = 0; index < count; index++) samples[index] = ((stored[index] ?? 0) >> shift) & mask;
  return samples;
}

function unpackSigned(
  bytes: Uint8Array,
  count: number,
  { bitsStored, highBit, bitsAllocated }: FrameFormat,
): Int16Array {
  const stored: Uint8Array | Uint16Array = bitsAllocated === 8 ? bytes : words(bytes, count);
  const samples = new Int16Array(count);
  // The sign goes to the top of 32 bits, and comes back with what it stands for.
  const up = 31 - highBit;
  const down = 32 - bitsStored;
  for (let index = 0; index < count; index++) samples[index] = ((stored[index] ?? 0) << up) >> down;
  return samples;
}

function grey({ format, bytes }: Frame): Picture {
  const { rows: height, columns: width, bitsAllocated, isSigned } = format;
  const count = width * height;
  if (bitsAllocated === 1) return { kind: 'grey8', width, height, samples: unpackBits(bytes, count) };
  if (bitsAllocated === 32 && !isSigned) return { kind: 'grey32', width, height, samples: longWords(bytes, count) };
  if (bitsAllocated !== 8 && bitsAllocated !== 16) throw unsupported(format);
  if (isSigned) return { kind: 'signed16', width, height, samples: unpackSigned(bytes, count, format) };
  if (bitsAllocated === 8) return { kind: 'grey8', width, height, samples: unpack8(bytes, count, format) };
  return { kind: 'grey16', width, height, samples: unpack16(bytes, count, format) };
}

function coloured({ format, bytes }: Frame, { first, colours }: Palette): Picture {
  const { rows: height, columns: width, bitsAllocated } = format;
  if (bitsAllocated !== 8 && bitsAllocated !== 16) throw unsupported(format);
  const count = width * height;
  const stored = bitsAllocated === 8 ? unpack8(bytes, count, format) : unpack16(bytes, count, format);
  const last = colours.length / 3 - 1;
  const samples = new Uint8Array(count * 3);
  for (let index = 0, to = 0; index < count; index++) {
    const from = Math.min(last, Math.max(0, (stored[index] ?? 0) - first)) * 3;
    samples[to++] = colours[from] ?? 0;
    samples[to++] = colours[from + 1] ?? 0;
    samples[to++] = colours[from + 2] ?? 0;
  }
  return { kind: 'rgb8', width, height, samples };
}

function interleaved<T extends Uint8Array | Uint16Array>(planes: T, into: T): T {
  const count = planes.length / 3;
  for (let index = 0, to = 0; index < count; index++) {
    into[to++] = planes[index] ?? 0;
    into[to++] = planes[count + index] ?? 0;
    into[to++] = planes[2 * count + index] ?? 0;
  }
  return into;
}

/** ITU-R BT.601 with full range, as PS3.3 C.7.6.3.1.2 has it for YBR_FULL; what is behind the point is left out, as Orthanc does. */
function setRgb(samples: Uint8ClampedArray, to: number, y: number, cb: number, cr: number): void {
  const blue = cb - 128;
  const red = cr - 128;
  samples[to] = Math.floor(y + 1.402 * red);
  samples[to + 1] = Math.floor(y - 0.344136 * blue - 0.714136 * red);
  samples[to + 2] = Math.floor(y + 1.772 * blue);
}

function rgbOfYbr(ybr: Uint8Array): Uint8Array {
  const samples = new Uint8ClampedArray(ybr.length);
  for (let at = 0; at < ybr.length; at += 3) setRgb(samples, at, ybr[at] ?? 0, ybr[at + 1] ?? 0, ybr[at + 2] ?? 0);
  return new Uint8Array(samples.buffer);
}

/** Of two pixels side by side: their brightness, then the colour of both. */
function rgbOfYbr422(ybr: Uint8Array, pixels: number): Uint8Array {
  const samples = new Uint8ClampedArray(pixels * 3);
  for (let pixel = 0, at = 0; pixel < pixels; pixel += 2, at += 4) {
    const cb = ybr[at + 2] ?? 0;
    const cr = ybr[at + 3] ?? 0;
    setRgb(samples, pixel * 3, ybr[at] ?? 0, cb, cr);
    if (pixel + 1 < pixels) setRgb(samples, pixel * 3 + 3, ybr[at + 1] ?? 0, cb, cr);
  }
  return new Uint8Array(samples.buffer);
}

function colour({ format, bytes }: Frame): Picture {
  const { rows: height, columns: width, bitsAllocated, bitsStored, isSigned, planarConfiguration } = format;
  const { photometricInterpretation } = format;
  const count = width * height * 3;
  if (isSigned) throw unsupported(format);
  const isYbr = photometricInterpretation === 'YBR_FULL' || photometricInterpretation === 'YBR_FULL_422';
  if (bitsAllocated === 8 && bitsStored === 8) {
    if (photometricInterpretation === 'YBR_FULL_422' && bytes.byteLength < count) {
      return { kind: 'rgb8', width, height, samples: rgbOfYbr422(bytes, width * height) };
    }
    const stored = bytes.subarray(0, count);
    const samples = planarConfiguration === 1 ? interleaved(stored, new Uint8Array(count)) : stored;
    if (photometricInterpretation === 'RGB') return { kind: 'rgb8', width, height, samples };
    if (isYbr) return { kind: 'rgb8', width, height, samples: rgbOfYbr(samples) };
  }
  if (bitsAllocated === 16 && photometricInterpretation === 'RGB') {
    const stored = unpack16(bytes, count, format);
    const samples = planarConfiguration === 1 ? interleaved(stored, new Uint16Array(count)) : stored;
    return { kind: 'rgb16', width, height, samples };
  }
  throw unsupported(format);
}

/** Two thirds are there where colour is subsampled. */
function checkLength({ format, bytes }: Frame): void {
  const whole = bytesOfFrame(format);
  const least = format.photometricInterpretation === 'YBR_FULL_422' ? (whole * 2) / 3 : whole;
  if (bytes.byteLength < least) throw new CodecError('Damaged', 'The image has fewer samples than it should');
}

/** @param palette for PALETTE COLOR. @throws CodecError Damaged, Unsupported */
export function pictureOf(frame: Frame, palette?: Palette): Picture {
  checkLength(frame);
  const { format } = frame;
  if (format.samplesPerPixel === 3) return colour(frame);
  if (format.samplesPerPixel !== 1) throw unsupported(format);
  if (format.photometricInterpretation !== 'PALETTE COLOR') return grey(frame);
  if (!palette) throw new CodecError('Damaged', 'The image has no palette');
  return coloured(frame, palette);
}
