// A frame of a stored image, on its way to the threads that decode.
import { CodecError, type FrameSource, frameFormatOf, type Presentation, presentationOf } from '@pharos/codecs';
import { DicomError } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { InstancePixels } from '../services.ts';

/** @throws CodecError where the data set does not describe an image, PharosError ParameterOutOfRange, BadFileFormat */
export async function frameSource(pixels: InstancePixels, frame: number): Promise<FrameSource> {
  const { file } = pixels;
  if (!file.pixelData) throw new CodecError('Unsupported', 'The instance has no pixel data');
  const { length, read } = await pixels.frame(frame);
  return { transferSyntax: file.transferSyntax, format: frameFormatOf(file.dataSet), length, read };
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
