// Samples on their way into an encoder.
import { bytesOfFrame, CodecError, type Frame, type FrameFormat } from '../frame/index.ts';

/** Colour by pixel. */
export function byPixel({ format, bytes }: Frame): Frame {
  const { samplesPerPixel, planarConfiguration, bitsAllocated, rows, columns } = format;
  if (samplesPerPixel === 1 || planarConfiguration === 0) return { format, bytes };
  const width = bitsAllocated / 8;
  const count = rows * columns;
  const turned = new Uint8Array(count * samplesPerPixel * width);
  for (let sample = 0; sample < samplesPerPixel; sample++) {
    for (let byte = 0; byte < width; byte++) {
      let from = sample * count * width + byte;
      let to = sample * width + byte;
      for (let pixel = 0; pixel < count; pixel++, from += width, to += samplesPerPixel * width) {
        turned[to] = bytes[from] ?? 0;
      }
    }
  }
  return { format: { ...format, planarConfiguration: 0 }, bytes: turned };
}

/** @throws CodecError Unsupported for samples of other than one or two bytes, and colour that is subsampled; Damaged */
export function checkEncodable({ format, bytes }: Frame): void {
  const { bitsAllocated, samplesPerPixel, photometricInterpretation } = format;
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw new CodecError('Unsupported', `Samples of ${bitsAllocated} bits are not compressed this way`);
  }
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) {
    throw new CodecError('Unsupported', `Images of ${samplesPerPixel} samples per pixel are not compressed this way`);
  }
  if (/_42[02]$/.test(photometricInterpretation)) {
    throw new CodecError('Unsupported', 'Images with fewer samples of colour than of brightness are not compressed');
  }
  if (bytes.byteLength < bytesOfFrame(format)) throw new CodecError('Damaged', 'The frame is shorter than its format');
}

/** Words of a frame of two bytes a sample. */
export function wordsOf(bytes: Uint8Array): Uint16Array {
  const isAligned = bytes.byteOffset % 2 === 0;
  const { buffer, byteOffset } = isAligned ? bytes : bytes.slice();
  return new Uint16Array(buffer, byteOffset, Math.floor(bytes.byteLength / 2));
}

/** As many as are looked at in one call: short loops that run often are compiled best. */
const wordsTogether = 4096;

type Combine = (words: Uint16Array, from: number) => number;

const combined: Combine = (words, from) => {
  const end = Math.min(from + wordsTogether, words.length);
  let all = 0;
  for (let at = from; at < end; at++) all |= words[at] ?? 0;
  return all;
};

/** What is below 0 takes as many bits as its complement. */
const combinedSizes: Combine = (words, from) => {
  const end = Math.min(from + wordsTogether, words.length);
  let all = 0;
  for (let at = from; at < end; at++) {
    const word = words[at] ?? 0;
    all |= word ^ -(word >> 15);
  }
  return all & 0x7fff;
};

function bitsOf(bytes: Uint8Array, combine: Combine): number {
  const words = wordsOf(bytes);
  let all = 0;
  for (let from = 0; from < words.length; from += wordsTogether) all |= combine(words, from);
  return 32 - Math.clz32(all);
}

/** As many bits as the samples really take, taken as numbers without sign: overlays and signs may lie above Bits Stored. */
export function usedBits({ format: { bitsAllocated, bitsStored }, bytes }: Frame): number {
  return bitsAllocated === 8 ? 8 : Math.max(bitsStored, bitsOf(bytes, combined));
}

/** The same of samples in two's complement: with the bit that is their sign. */
export function usedSignedBits({ format: { bitsAllocated, bitsStored }, bytes }: Frame): number {
  return bitsAllocated === 8 ? 8 : Math.max(bitsStored, bitsOf(bytes, combinedSizes) + 1);
}

export function nativeFormatOf(format: FrameFormat) {
  const { columns, rows, bitsAllocated, bitsStored, samplesPerPixel, isSigned, planarConfiguration } = format;
  const isRgb = samplesPerPixel === 3;
  return { columns, rows, bitsAllocated, bitsStored, samplesPerPixel, isSigned, planarConfiguration, isRgb };
}
