// JPEG (ITU-T T.81; PS3.5 8.2.1, A.4.1): baseline, extended, lossless, and the retired processes.

import type { Frame, FrameFormat } from '../frame/index.ts';
import { bytesOfFrame, CodecError, type EncodeOptions, type FrameCodec } from '../frame/index.ts';
import type { Kernels, NativeCodecs } from '../native/index.ts';
import { checkStream, inAllocatedBytes, readJpegHeader } from './code-stream.ts';
import { encodeJpeg12 } from './jpeg-12-bit.ts';
import { encodeJpegLossless } from './jpeg-lossless.ts';
import { byPixel, checkEncodable, nativeFormatOf, usedBits, wordsOf } from './samples.ts';

/** Huffman-coded, difference of neighbours (T.81 H). */
const losslessProcess = 0xc3;

function decode(codecs: NativeCodecs, encoded: Uint8Array, format: FrameFormat): Frame {
  const stream = readJpegHeader(encoded);
  checkStream(stream, format);
  // Lossless streams hold what the data set says; of others only the stream knows how colour was turned.
  const toRgb = stream.process !== losslessProcess && /^YBR/.test(format.photometricInterpretation);
  const bytesOfSample = stream.precision > 8 ? 16 : 8;
  const native = { ...nativeFormatOf(format), bitsAllocated: bytesOfSample, isSigned: false };
  const decoded = codecs.decode('Jpeg', encoded, native, { toRgb });
  const bytes = inAllocatedBytes(decoded, stream.precision, format);
  const photometricInterpretation = toRgb ? 'RGB' : format.photometricInterpretation;
  return { bytes, format: { ...format, planarConfiguration: 0, photometricInterpretation } };
}

/** Transfer syntaxes .57 and .70. */
function encodeLossless(kernels: Kernels, frame: Frame): { bytes: Uint8Array; format: FrameFormat } {
  checkEncodable(frame);
  const { format, bytes } = byPixel(frame);
  const precision = Math.max(usedBits({ format, bytes }), 2);
  return { bytes: encodeJpegLossless(kernels, bytes.subarray(0, bytesOfFrame(format)), format, precision), format };
}

/** .50: eight bits. */
function encodeBaseline(
  codecs: NativeCodecs,
  frame: Frame,
  quality: number,
): { bytes: Uint8Array; format: FrameFormat } {
  checkEncodable(frame);
  const { format, bytes } = byPixel(frame);
  const { bitsAllocated, bitsStored, isSigned, samplesPerPixel, photometricInterpretation } = format;
  if (bitsAllocated !== 8 || bitsStored !== 8 || isSigned) {
    throw new CodecError('Unsupported', 'Lossy JPEG is written of samples of eight bits without sign');
  }
  if (photometricInterpretation === 'PALETTE COLOR') {
    throw new CodecError('Unsupported', 'Indices into a palette are not compressed with loss');
  }
  if (samplesPerPixel === 3 && photometricInterpretation !== 'RGB') {
    throw new CodecError('Unsupported', `${photometricInterpretation} is not compressed by lossy JPEG`);
  }
  const encoded = codecs.encode('Jpeg', bytes, nativeFormatOf(format), { isLossy: true, quality });
  const colour: Partial<FrameFormat> = samplesPerPixel === 3 ? { photometricInterpretation: 'YBR_FULL_422' } : {};
  return { bytes: encoded, format: { ...format, ...colour } };
}

/** @throws CodecError Unsupported */
function checkTwelveBits(frame: Frame): void {
  const { isSigned, photometricInterpretation } = frame.format;
  if (isSigned || usedBits(frame) > 12 || photometricInterpretation === 'PALETTE COLOR') {
    throw new CodecError('Unsupported', 'Lossy JPEG holds grey samples of up to twelve bits without sign');
  }
}

const startOfBaseline = 0xc0;
const startOfExtended = 0xc1;

/** Of eight bits, the extended process differs by the marker of its frame header (T.81 B.2.2). Of twelve there is no encoder. */
function encodeExtended(
  codecs: NativeCodecs,
  frame: Frame,
  quality: number,
): { bytes: Uint8Array; format: FrameFormat } {
  const { format, bytes } = frame;
  if (format.bitsAllocated === 16 && format.samplesPerPixel === 1) {
    checkEncodable(frame);
    checkTwelveBits(frame);
    return { bytes: encodeJpeg12(wordsOf(bytes), format, quality), format };
  }
  const encoded = encodeBaseline(codecs, frame, quality);
  const at = markerAt(encoded.bytes, startOfBaseline);
  if (at !== undefined) encoded.bytes[at] = startOfExtended;
  return encoded;
}

/** Second byte of the first such marker. */
function markerAt(bytes: Uint8Array, marker: number): number | undefined {
  for (let at = 2; at + 4 < bytes.byteLength; ) {
    if (bytes[at + 1] === marker) return at + 1;
    at += 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
  }
  return undefined;
}

export function jpegExtended(codecs: NativeCodecs): FrameCodec {
  return { ...jpegDecoder(codecs), encode: (frame, { quality }) => encodeExtended(codecs, frame, quality) };
}

export function jpegDecoder(codecs: NativeCodecs): FrameCodec {
  return { decode: (encoded, format) => decode(codecs, encoded, format) };
}

export function jpegBaseline(codecs: NativeCodecs): FrameCodec {
  return {
    ...jpegDecoder(codecs),
    encode: (frame, { quality }: EncodeOptions) => encodeBaseline(codecs, frame, quality),
  };
}

export function jpegLossless(codecs: NativeCodecs, kernels: Kernels): FrameCodec {
  return { ...jpegDecoder(codecs), encode: (frame) => encodeLossless(kernels, frame) };
}
