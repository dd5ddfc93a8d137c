// JPEG (ITU-T T.81; PS3.5 8.2.1, A.4.1): baseline, extended, lossless, and the retired processes.

import type { Frame, FrameFormat } from '../frame/index.ts';
import { CodecError, type EncodeOptions, type FrameCodec } from '../frame/index.ts';
import type { NativeCodecs } from '../native/index.ts';
import { checkStream, inAllocatedBytes, readJpegHeader } from './code-stream.ts';
import { byPixel, checkEncodable, nativeFormatOf, usedBits } from './samples.ts';

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

/** T.81 H with first-order prediction: transfer syntaxes .57 and .70. */
function encodeLossless(codecs: NativeCodecs, frame: Frame): { bytes: Uint8Array; format: FrameFormat } {
  checkEncodable(frame);
  const { format, bytes } = byPixel(frame);
  const bits = usedBits({ format, bytes });
  // The module takes samples of up to eight bits as bytes.
  const bitsStored = format.bitsAllocated === 16 ? Math.max(bits, 9) : 8;
  const native = { ...nativeFormatOf(format), bitsStored, isSigned: false };
  return { bytes: codecs.encode('Jpeg', bytes, native, { predictor: 1 }), format };
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
    throw new CodecError('Unsupported', 'JPEG baseline holds samples of eight bits without sign');
  }
  if (photometricInterpretation === 'PALETTE COLOR') {
    throw new CodecError('Unsupported', 'Indices into a palette are not compressed with loss');
  }
  if (samplesPerPixel === 3 && photometricInterpretation !== 'RGB') {
    throw new CodecError('Unsupported', `${photometricInterpretation} is not compressed by JPEG baseline`);
  }
  const encoded = codecs.encode('Jpeg', bytes, nativeFormatOf(format), { isLossy: true, quality });
  const colour: Partial<FrameFormat> = samplesPerPixel === 3 ? { photometricInterpretation: 'YBR_FULL_422' } : {};
  return { bytes: encoded, format: { ...format, ...colour } };
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

export function jpegLossless(codecs: NativeCodecs): FrameCodec {
  return { ...jpegDecoder(codecs), encode: (frame) => encodeLossless(codecs, frame) };
}
