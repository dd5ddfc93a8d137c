// The codec of each transfer syntax. For worker threads: what they do runs to the end.
import {
  abilityOf,
  bytesOfFrame,
  CodecError,
  type CodecFamily,
  type EncodedFrame,
  type Frame,
  type FrameCodec,
  type FrameFormat,
  privateElscint,
} from '../frame/index.ts';
import { sharedBytes, workBytes } from '../jpeg-2000/index.ts';
import { createKernels, createNativeCodecs, createOpenJpeg, createOpenJph, type Kernels } from '../native/index.ts';
import { jpegBaseline, jpegDecoder, jpegExtended, jpegLossless } from './jpeg.ts';
import { jpeg2000 } from './jpeg-2000.ts';
import { jpegLs } from './jpeg-ls.ts';
import { jpegXlDecoder, jpegXlLossless } from './jpeg-xl.ts';
import { pmsctRle } from './pmsct-rle.ts';
import { rle } from './rle.ts';

/** @returns the codec. @throws CodecError Unsupported, with the reason */
export type CodecOf = (transferSyntax: string) => FrameCodec;

/** Without what makes it even (PS3.5 A.4.11). Of YBR_FULL_422 every second sample of colour may be left out. */
function withoutPadding(bytes: Uint8Array, format: FrameFormat): Frame {
  const whole = bytesOfFrame(format);
  const isSubsampled = format.photometricInterpretation === 'YBR_FULL_422' && bytes.byteLength < whole;
  const length = isSubsampled ? (whole * 2) / 3 : whole;
  if (bytes.byteLength < length) throw new CodecError('Damaged', 'The frame is shorter than its format');
  return { bytes: bytes.subarray(0, length), format };
}

const asItIs: FrameCodec = {
  decode: withoutPadding,
  encode: (frame) => frame,
};

const lrcp = 0;
const rpcl = 2;
const root = '1.2.840.10008.1.2';

export function createCodecs(kernels: Kernels = createKernels()): CodecOf {
  const native = createNativeCodecs();
  const forJpeg2000 = { kernels, native, openJpeg: createOpenJpeg(), openJph: createOpenJph() };
  const lossless = { isLossy: false, progressionOrder: lrcp };
  const specific: Readonly<Record<string, FrameCodec>> = {
    [`${root}.1.98`]: asItIs,
    [`${root}.4.50`]: jpegBaseline(native),
    [`${root}.4.51`]: jpegExtended(native),
    [`${root}.4.57`]: jpegLossless(native, kernels),
    [`${root}.4.70`]: jpegLossless(native, kernels),
    [`${root}.4.80`]: jpegLs({ native, kernels }, false),
    [`${root}.4.81`]: jpegLs({ native, kernels }, true),
    [`${root}.4.90`]: jpeg2000(forJpeg2000, { family: 'Jpeg2000', ...lossless }),
    [`${root}.4.91`]: jpeg2000(forJpeg2000, { family: 'Jpeg2000', isLossy: true, progressionOrder: lrcp }),
    [`${root}.4.110`]: jpegXlLossless(native),
    [`${root}.4.201`]: jpeg2000(forJpeg2000, { family: 'HtJpeg2000', ...lossless }),
    [`${root}.4.202`]: jpeg2000(forJpeg2000, { family: 'HtJpeg2000', isLossy: false, progressionOrder: rpcl }),
    [`${root}.4.203`]: jpeg2000(forJpeg2000, { family: 'HtJpeg2000', isLossy: true, progressionOrder: rpcl }),
    [`${root}.5`]: rle(kernels),
    [privateElscint]: pmsctRle,
  };
  const byFamily: Readonly<Record<string, FrameCodec>> = {
    jpeg: jpegDecoder(native),
    'jpeg-2000': jpeg2000(forJpeg2000, { family: 'Jpeg2000', ...lossless }),
    htj2k: jpeg2000(forJpeg2000, { family: 'HtJpeg2000', ...lossless }),
    'jpeg-xl': jpegXlDecoder(native),
  };
  return (transferSyntax) => {
    const { family, reason } = abilityOf(transferSyntax);
    const codec = specific[transferSyntax] ?? (family && byFamily[family]);
    if (codec) return codec;
    throw new CodecError('Unsupported', reason ?? `There is no codec for ${transferSyntax}`);
  };
}

/** Memory for threads that decode a frame together (see `FrameCodec.decode`). @returns bytes, 0 where one does it alone */
export function sharedBytesOf({ transferSyntax, format }: Omit<EncodedFrame, 'bytes'>): number {
  const { family, isLossy } = abilityOf(transferSyntax);
  if (family !== 'jpeg-2000' || isLossy) return 0;
  return sharedBytes(samplesOf(format));
}

/** Numbers of four bytes that libraries keep for each sample, as measured. */
const numbersOfSample: Readonly<Partial<Record<CodecFamily, number>>> = { htj2k: 2, 'jpeg-xl': 4 };

/** What decoding or encoding takes beside a few times the bytes of the frame: numbers that are wider than its samples. `sharedBytesOf` is
 * part of it. @returns bytes */
export function workBytesOf({ transferSyntax, format }: Omit<EncodedFrame, 'bytes'>): number {
  const { family } = abilityOf(transferSyntax);
  const samples = samplesOf(format);
  if (family === 'jpeg-2000') return workBytes(samples);
  return 4 * samples * ((family && numbersOfSample[family]) ?? 0);
}

const samplesOf = ({ rows, columns, samplesPerPixel }: FrameFormat): number => rows * columns * samplesPerPixel;
