// JPEG-LS (ITU-T T.87; PS3.5 8.2.3, A.4.3), lossless and near-lossless.

import type { Frame, FrameFormat } from '../frame/index.ts';
import { CodecError, type FrameCodec } from '../frame/index.ts';
import type { Kernels, NativeCodecs } from '../native/index.ts';
import { checkStream, inAllocatedBytes, readJpegHeader } from './code-stream.ts';
import { decodeJpegLs } from './jpeg-ls-lossless.ts';
import { byPixel, checkEncodable, nativeFormatOf, usedBits } from './samples.ts';

export interface JpegLsCodecs {
  readonly native: NativeCodecs;
  readonly kernels: Kernels;
}

function decode({ native, kernels }: JpegLsCodecs, encoded: Uint8Array, format: FrameFormat): Frame {
  const stream = readJpegHeader(encoded);
  checkStream(stream, format);
  const decoded =
    decodeJpegLs(kernels, encoded, stream) ?? native.decode('JpegLs', ended(encoded), nativeFormatOf(format));
  const colour = planesOf(encoded) ? byPlane(format, inAllocatedBytes(decoded, stream.precision, format)) : undefined;
  const bytes = colour ?? inAllocatedBytes(decoded, stream.precision, format);
  return { bytes, format: { ...format, planarConfiguration: 0 } };
}

/** With an end: of a stream that was cut off, the module looks for it until a counter of 32 bits is at its end. */
function ended(encoded: Uint8Array): Uint8Array {
  let end = encoded.byteLength;
  while (end > 0 && encoded[end - 1] === 0) end--;
  if (encoded[end - 2] === 0xff && encoded[end - 1] === 0xd9) return encoded;
  return Buffer.concat([encoded, Uint8Array.of(0xff, 0xd9)]);
}

const startOfScan = 0xda;

/** Whether the components come one after the other, in scans of their own (T.87 C.2.3). */
function planesOf(encoded: Uint8Array): boolean {
  for (let at = 2; at + 5 < encoded.byteLength; ) {
    if (encoded[at] !== 0xff) return false;
    const marker = encoded[at + 1];
    if (marker === startOfScan) return encoded[at + 4] === 1;
    at += 2 + ((encoded[at + 2] ?? 0) << 8) + (encoded[at + 3] ?? 0);
  }
  return false;
}

function byPlane(format: FrameFormat, bytes: Uint8Array): Uint8Array {
  return byPixel({ format: { ...format, planarConfiguration: 1 }, bytes }).bytes;
}

/** Quality 100 changes no sample; each point less allows one more step in eight bits. */
function allowedError(quality: number, bits: number): number {
  const steps = Math.max(1, Math.round((100 - quality) / 5));
  return Math.min(255, steps << Math.max(0, bits - 8));
}

function encode(codecs: NativeCodecs, frame: Frame, quality?: number): { bytes: Uint8Array; format: FrameFormat } {
  checkEncodable(frame);
  const { format, bytes } = byPixel(frame);
  if (quality !== undefined && format.photometricInterpretation === 'PALETTE COLOR') {
    throw new CodecError('Unsupported', 'Indices into a palette are not compressed with loss');
  }
  if (quality !== undefined && format.isSigned) {
    throw new CodecError('Unsupported', 'Samples with sign are not compressed with loss by JPEG-LS');
  }
  const bits = usedBits({ format, bytes });
  // The module codes as many bits as it is told are allocated.
  const native = { ...nativeFormatOf(format), bitsAllocated: format.bitsAllocated === 16 ? Math.max(bits, 9) : 8 };
  const encoded = codecs.encode('JpegLs', bytes, native, {
    isLossy: quality !== undefined,
    allowedError: quality === undefined ? 0 : allowedError(quality, bits),
  });
  return { bytes: encoded, format };
}

export function jpegLs(codecs: JpegLsCodecs, isLossy: boolean): FrameCodec {
  return {
    decode: (encoded, format) => decode(codecs, encoded, format),
    encode: (frame, { quality }) => encode(codecs.native, frame, isLossy ? quality : undefined),
  };
}
