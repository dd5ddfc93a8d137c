// JPEG XL (ISO/IEC 18181; PS3.5 8.2.15, A.4.13).
import { bytesOfFrame, CodecError, type Frame, type FrameCodec, type FrameFormat } from '../frame/index.ts';
import type { NativeCodecs } from '../native/index.ts';
import { inAllocatedBytes } from './code-stream.ts';
import { readJpegXlSize } from './jpeg-xl-header.ts';
import { byPixel, checkEncodable, nativeFormatOf } from './samples.ts';

function decode(codecs: NativeCodecs, encoded: Uint8Array, format: FrameFormat): Frame {
  const size = readJpegXlSize(encoded);
  if (size.rows !== format.rows || size.columns !== format.columns) {
    throw new CodecError(
      'Damaged',
      `The JPEG XL stream has ${size.columns} x ${size.rows} pixels, unlike the data set`,
    );
  }
  const decoded = codecs.decode('JpegXl', encoded, nativeFormatOf(format));
  const precision = decoded.byteLength < bytesOfFrame(format) ? 8 : format.bitsStored;
  const bytes = inAllocatedBytes(decoded, precision, format);
  const photometricInterpretation = format.samplesPerPixel === 3 ? 'RGB' : format.photometricInterpretation;
  return { bytes, format: { ...format, planarConfiguration: 0, photometricInterpretation } };
}

/** Signs are bits like others. */
function encode(codecs: NativeCodecs, frame: Frame): { bytes: Uint8Array; format: FrameFormat } {
  checkEncodable(frame);
  const { format, bytes } = byPixel(frame);
  if (format.samplesPerPixel === 3 && format.photometricInterpretation !== 'RGB') {
    throw new CodecError('Unsupported', 'Of colour, JPEG XL takes RGB');
  }
  const native = { ...nativeFormatOf(format), bitsStored: format.bitsAllocated, isSigned: false };
  return { bytes: codecs.encode('JpegXl', bytes, native, { isLossy: false }), format };
}

export function jpegXlDecoder(codecs: NativeCodecs): FrameCodec {
  return { decode: (encoded, format) => decode(codecs, encoded, format) };
}

export function jpegXlLossless(codecs: NativeCodecs): FrameCodec {
  return { ...jpegXlDecoder(codecs), encode: (frame) => encode(codecs, frame) };
}
