// JPEG 2000 and High-Throughput JPEG 2000 (ISO/IEC 15444-1, -15; PS3.5 8.2.4, 8.2.14, A.4.4, A.4.10), lossless and lossy.

import type { Frame, FrameFormat } from '../frame/index.ts';
import { bytesOfFrame, CodecError, type FrameCodec } from '../frame/index.ts';
import { decodeReversible, encodeReversible, helpDecode } from '../jpeg-2000/index.ts';
import type { Kernels, NativeCodecs, NativeFamily, NativeFormat, OpenJpeg, OpenJph } from '../native/index.ts';
import { checkStream, codeStreamOf, componentTransform, inAllocatedBytes, readJpeg2000Header } from './code-stream.ts';
import { byPixel, checkEncodable, nativeFormatOf, usedBits, usedSignedBits } from './samples.ts';

type Family = NativeFamily & ('Jpeg2000' | 'HtJpeg2000');

/** What codes the streams: each can what the others cannot. */
export interface Jpeg2000Codecs {
  readonly kernels: Kernels;
  readonly native: NativeCodecs;
  readonly openJpeg: OpenJpeg;
  readonly openJph: OpenJph;
}

/** The other libraries take colour of more than eight bits, and of HTJ2K that is not turned, for something else than it is.
 * @throws CodecError Unsupported for what none takes for what it is */
function isForOpenJpeg(family: Family, encoded: Uint8Array, format: NativeFormat): boolean {
  if (format.samplesPerPixel === 1) return false;
  if (format.bitsAllocated > 8) return true;
  if (family === 'Jpeg2000' || componentTransform(encoded) === 1) return false;
  if (format.isSigned) throw new CodecError('Unsupported', 'HTJ2K colour with sign is not decoded');
  return true;
}

function decodeByLibrary(
  { native, openJpeg }: Jpeg2000Codecs,
  family: Family,
  encoded: Uint8Array,
  format: NativeFormat,
): Uint8Array {
  if (isForOpenJpeg(family, encoded, format)) return openJpeg.decode(encoded);
  return native.decode(family, encoded, format);
}

function decode(
  codecs: Jpeg2000Codecs,
  family: Family,
  encoded: Uint8Array,
  format: FrameFormat,
  shared?: SharedArrayBuffer,
): Frame {
  const stream = readJpeg2000Header(encoded);
  checkStream(stream, format);
  if (stream.components !== 1 && stream.components !== 3) {
    throw new CodecError('Unsupported', `JPEG 2000 images of ${stream.components} components are not decoded`);
  }
  if (componentTransform(encoded) > 1) {
    throw new CodecError('Unsupported', 'Transforms of components beyond Part 1 of JPEG 2000 are not decoded');
  }
  const native = {
    ...nativeFormatOf(format),
    bitsAllocated: stream.precision > 8 ? 16 : 8,
    isSigned: stream.isSigned,
  };
  const isOurs = family === 'Jpeg2000';
  const decoded =
    (isOurs && decodeReversible(codecs.kernels, codeStreamOf(encoded), format, shared)) ||
    decodeByLibrary(codecs, family, encoded, native);
  const bytes = inAllocatedBytes(decoded, stream.precision, format, stream.isSigned && format.isSigned);
  // The stream turns colour back by itself.
  const isTurned = /^YBR_(ICT|RCT)$/.test(format.photometricInterpretation);
  const photometricInterpretation = isTurned ? 'RGB' : format.photometricInterpretation;
  return { bytes, format: { ...format, planarConfiguration: 0, photometricInterpretation } };
}

/** Bytes before for each byte after: 90 is about 5, 50 about 25. */
function ratioOf(quality: number): number {
  return Math.max(1, (100 - quality) / 2);
}

/** Between values that are told apart, as a part of all values: 90 is about 1 %. */
function stepOf(quality: number): number {
  return (100.5 - quality) / 1000;
}

interface Mode {
  readonly family: Family;
  readonly isLossy: boolean;
  /** 0 LRCP, 2 RPCL. */
  readonly progressionOrder: number;
}

/** Into components that are told in fewer bytes (ISO/IEC 15444-1 G.2, G.3). */
function isTurnable({ samplesPerPixel, photometricInterpretation }: FrameFormat): boolean {
  return samplesPerPixel === 3 && photometricInterpretation === 'RGB';
}

/** @throws CodecError Unsupported for what the libraries would write as something else, without a word */
function checkForLibrary({ family, isLossy }: Mode, format: FrameFormat): void {
  const { bitsAllocated, samplesPerPixel, isSigned, photometricInterpretation } = format;
  if (samplesPerPixel > 1 && bitsAllocated > 8) {
    throw new CodecError('Unsupported', 'Colour of more than eight bits is written by JPEG 2000 without loss only');
  }
  if (photometricInterpretation === 'YBR_FULL') {
    throw new CodecError('Unsupported', 'YBR_FULL is written by JPEG 2000 without loss only');
  }
  if (isSigned && bitsAllocated === 8 && (isLossy || family === 'Jpeg2000')) {
    throw new CodecError('Unsupported', 'Samples of eight bits with sign are written by JPEG 2000 without loss only');
  }
}

function encode(
  codecs: Jpeg2000Codecs,
  mode: Mode,
  frame: Frame,
  quality: number,
): { bytes: Uint8Array; format: FrameFormat } {
  checkEncodable(frame);
  const { format, bytes } = byPixel(frame);
  const { bitsAllocated, samplesPerPixel, photometricInterpretation } = format;
  const { isLossy } = mode;
  if (Math.min(format.rows, format.columns) < 2) {
    throw new CodecError('Unsupported', 'Images of a single row or column are not compressed by JPEG 2000');
  }
  const isTurned = isTurnable(format);
  if (samplesPerPixel > 1 && !isTurned && photometricInterpretation !== 'YBR_FULL') {
    throw new CodecError('Unsupported', 'Of colour, JPEG 2000 takes RGB and YBR_FULL');
  }
  if (isLossy && photometricInterpretation === 'PALETTE COLOR') {
    throw new CodecError('Unsupported', 'Indices into a palette are not compressed with loss');
  }
  // What is above Bits Stored must survive too, with its sign.
  const bits = format.isSigned ? usedSignedBits({ format, bytes }) : usedBits({ format, bytes });
  const bitsStored = bitsAllocated === 16 ? Math.max(bits, 9) : bitsAllocated;
  const encoded = encodeFrame(
    codecs,
    mode,
    { format, bytes: bytes.subarray(0, bytesOfFrame(format)) },
    bitsStored,
    quality,
  );
  const colour = isLossy ? 'YBR_ICT' : 'YBR_RCT';
  return { bytes: encoded, format: isTurned ? { ...format, photometricInterpretation: colour } : format };
}

function encodeFrame(
  { kernels, native, openJph }: Jpeg2000Codecs,
  mode: Mode,
  frame: Frame,
  bitsStored: number,
  quality: number,
): Uint8Array {
  const { format, bytes } = frame;
  const { isLossy, family, progressionOrder } = mode;
  const isOurs = !isLossy && family === 'Jpeg2000';
  const isColourTurned = isTurnable(format);
  const encoded = isOurs ? encodeReversible(kernels, bytes, { ...format, isColourTurned }, bitsStored) : undefined;
  if (encoded) return encoded;
  checkForLibrary(mode, format);
  if (isLossy && family === 'HtJpeg2000') return encodeLossyHt(openJph, frame, bitsStored, quality);
  const ratio = isLossy ? ratioOf(quality) : 1;
  return native.encode(family, bytes, { ...nativeFormatOf(format), bitsStored }, { isLossy, progressionOrder, ratio });
}

function encodeLossyHt(codec: OpenJph, { format, bytes }: Frame, bitsPerSample: number, quality: number): Uint8Array {
  const { columns: width, rows: height, samplesPerPixel: componentCount, isSigned } = format;
  const info = { width, height, bitsPerSample, componentCount, isSigned, isUsingColorTransform: componentCount > 1 };
  return codec.encodeLossy(bytes, info, stepOf(quality));
}

export function jpeg2000(codecs: Jpeg2000Codecs, mode: Mode): FrameCodec {
  return {
    decode: (encoded, format, shared) => decode(codecs, mode.family, encoded, format, shared),
    help: (encoded, format, shared) => helpDecode(codecs.kernels, codeStreamOf(encoded), format, shared),
    encode: (frame, { quality }) => encode(codecs, mode, frame, quality),
  };
}
