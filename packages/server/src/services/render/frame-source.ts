// A frame of a stored image, on its way to the threads that decode.
import {
  CodecError,
  type FrameSource,
  frameFormatOf,
  type Presentation,
  presentationOf,
  privateElscint,
} from '@pharos/codecs';
import { DicomError, type ParsedFile } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { InstancePixels } from '../services.ts';

/** @throws CodecError where the data set does not describe an image, PharosError ParameterOutOfRange, BadFileFormat */
export async function frameSource(pixels: InstancePixels, frame: number): Promise<FrameSource> {
  const { file } = pixels;
  const elscint = file.pixelData ? undefined : elscintSource(file, frame);
  if (elscint) return elscint;
  if (!file.pixelData) throw new CodecError('Unsupported', 'The instance has no pixel data');
  const { length, read } = await pixels.frame(frame);
  return { transferSyntax: file.transferSyntax, format: frameFormatOf(file.dataSet), length, read };
}

const elscintCreator = 'ELSCINT1';
const elscintCompression = 0x07a10011;
const elscintPixels = 0x07a1000a;

/** Some CT scanners keep their pixels in a private element. undefined: there are none. */
function elscintSource({ dataSet }: ParsedFile, frame: number): FrameSource | undefined {
  for (let block = 0x10; block <= 0xff; block++) {
    const isOurs = dataSet.privateCreatorOf(elscintPixels | (block << 8))?.trim() === elscintCreator;
    if (!isOurs || dataSet.text(elscintCompression | (block << 8))?.trim() !== 'PMSCT_RLE1') continue;
    const bytes = dataSet.bytes(elscintPixels | (block << 8));
    if (!bytes) return undefined;
    if (frame > 0) throw new PharosError('ParameterOutOfRange', `There is no frame ${frame}`);
    const format = frameFormatOf(dataSet);
    return { transferSyntax: privateElscint, format, length: bytes.byteLength, read: async () => bytes };
  }
  return undefined;
}

export function presentation({ file }: InstancePixels, frame: number): Presentation {
  return presentationOf(file.dataSet, frame);
}

/** Clients know images that cannot be shown by one error, whatever the reason. */
const codes = { Damaged: 'NotImplemented', Unsupported: 'NotImplemented', OverBudget: 'NotEnoughMemory' } as const;

/** What clients are told in place of what codecs and parsers throw. */
export function imageError(error: unknown): unknown {
  if (error instanceof CodecError) return new PharosError(codes[error.code], { details: error.message, cause: error });
  if (error instanceof DicomError) return new PharosError('BadFileFormat', { details: error.message, cause: error });
  return error;
}

/** @throws PharosError in place of other errors of images */
export async function ofImage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw imageError(error);
  }
}
