// One piece of work of a thread.
import type { CodecOf } from '../families/index.ts';
import { abilityOf, CodecError, type EncodedFrame, type Frame, isNativeSyntax } from '../frame/index.ts';
import type { Kernels } from '../native/index.ts';
import { encodePam, encodePng, matlabText, numpyShape, numpyType, numpyValues, viewOf } from '../picture/index.ts';
import { type Picture, type Picture8, type Presentation, pictureOf } from '../pixels/index.ts';
import type { FrameValues, PictureRequest } from './ports.ts';
import type { Served } from './serve.ts';
import type { PictureFile, Task, ViewTask } from './tasks.ts';

const baseline = '1.2.840.10008.1.2.4.50';

/** Frames without compression have no codec; those of an unknown syntax are refused by `codecOf`. */
function decoded({ frame, shared }: Exclude<Task, { kind: 'help' }>, codecOf: CodecOf): Frame {
  const { transferSyntax, format, bytes } = frame;
  if (isNativeSyntax(transferSyntax)) return { format, bytes };
  const codec = codecOf(transferSyntax);
  if (!codec.decode) throw new CodecError('Unsupported', `Frames in ${transferSyntax} are not decoded`);
  return codec.decode(bytes, format, shared);
}

function transcoded(task: Extract<Task, { kind: 'transcode' }>, codecOf: CodecOf): EncodedFrame {
  const { transferSyntax, options } = task;
  const native = decoded(task, codecOf);
  if (isNativeSyntax(transferSyntax)) return { transferSyntax, ...native };
  const codec = codecOf(transferSyntax);
  if (!codec.encode || !abilityOf(transferSyntax).encodes) {
    throw new CodecError('Unsupported', `Images are not compressed as ${transferSyntax}`);
  }
  return { transferSyntax, ...codec.encode(native, options) };
}

/** A JPEG file is one frame of the baseline transfer syntax. */
function encodeJpeg({ kind, width, height, samples }: Picture8, quality: number, codecOf: CodecOf): Uint8Array {
  const format = {
    rows: height,
    columns: width,
    samplesPerPixel: kind === 'rgb8' ? 3 : 1,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    isSigned: false,
    planarConfiguration: 0,
    photometricInterpretation: kind === 'rgb8' ? 'RGB' : 'MONOCHROME2',
  } as const;
  const encoded = codecOf(baseline).encode?.({ format, bytes: samples }, { quality });
  if (!encoded) throw new CodecError('Unsupported', 'JPEG files are not written');
  return encoded.bytes;
}

function is8Bit(picture: Picture): picture is Picture8 {
  return picture.samples instanceof Uint8Array;
}

interface Means {
  readonly codecOf: CodecOf;
  readonly kernels: Kernels;
}

function fileOf(picture: Picture, { type, quality }: PictureRequest, { codecOf, kernels }: Means): Uint8Array {
  if (type === 'image/png') return encodePng(picture, kernels);
  if (type === 'image/x-portable-arbitrarymap') return encodePam(picture);
  if (!is8Bit(picture)) throw new CodecError('Unsupported', 'Pictures of this kind have samples of 8 bits');
  // The samples: what makes the file of them is beside the threads.
  return type === 'image/jpeg' ? encodeJpeg(picture, quality, codecOf) : picture.samples;
}

function valuesOf(picture: Picture, presentation: Presentation, isRescaled: boolean): FrameValues {
  return {
    type: numpyType(picture, isRescaled),
    shape: numpyShape(picture),
    bytes: numpyValues(picture, presentation, isRescaled),
  };
}

/** Bytes that nothing else refers to, to be handed over. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

const explicitLittleEndian = '1.2.840.10008.1.2.1';

function served<T extends { readonly bytes: Uint8Array }>(made: T, decoded?: Frame): Served {
  const bytes = own(made.bytes);
  if (!decoded) return { value: { ...made, bytes }, transfer: [bytes.buffer] };
  // What was made may be the very samples of the frame.
  const samples = decoded.bytes.buffer === bytes.buffer ? new Uint8Array(decoded.bytes) : own(decoded.bytes);
  const frame: EncodedFrame = { transferSyntax: explicitLittleEndian, format: decoded.format, bytes: samples };
  return { value: { ...made, bytes, decoded: frame }, transfer: [bytes.buffer, samples.buffer] };
}

function viewed(task: ViewTask, frame: Frame, means: Means): { readonly bytes: Uint8Array } {
  const picture = ({ palette }: Presentation): Picture => pictureOf(frame, palette);
  if (task.kind === 'values') return valuesOf(picture(task.presentation), task.presentation, task.isRescaled);
  if (task.kind === 'matlab') return { bytes: Buffer.from(matlabText(picture(task.presentation)), 'latin1') };
  const { request } = task;
  const isInverted = frame.format.photometricInterpretation === 'MONOCHROME1';
  const shown = viewOf(picture(request.presentation), { ...request, isInverted });
  const { kind, width, height } = shown;
  const file: PictureFile = { kind, width, height, bytes: fileOf(shown, request, means) };
  return file;
}

export function createPerformer(codecOf: CodecOf, kernels: Kernels): (task: Task) => Served {
  return (task) => {
    if (task.kind === 'help') {
      const { transferSyntax, bytes, format } = task.frame;
      codecOf(transferSyntax).help?.(bytes, format, task.shared);
      return { value: undefined, transfer: [] };
    }
    if (task.kind === 'transcode') return served(transcoded(task, codecOf));
    const frame = decoded(task, codecOf);
    const isNew = task.isDecodedWanted && !isNativeSyntax(task.frame.transferSyntax);
    return served(viewed(task, frame, { codecOf, kernels }), isNew ? frame : undefined);
  };
}
