// The frames of a stored image, decoded and encoded anew.
import {
  type EncodedFrame,
  type FrameFormat,
  type FrameSource,
  frameFormatOf,
  type ImageWorkers,
} from '@pharos/codecs';
import { transferSyntaxOf } from '@pharos/dicom';
import { ahead } from '../ahead.ts';
import { numberOfFrames } from '../read/index.ts';
import type { InstancePixels } from '../services.ts';

export interface ImageSource {
  readonly format: FrameFormat;
  readonly frames: number;
  /** One frame in another transfer syntax, from 0. @throws CodecError, PharosError BadFileFormat */
  frame(number: number, transferSyntax: string, quality: number): Promise<EncodedFrame>;
  /** All of them, in order. */
  all(transferSyntax: string, quality: number): AsyncIterable<EncodedFrame>;
}

/** Frames of one image that are under way at the same time. */
const framesAhead = 4;

/** @throws CodecError where the data set does not describe an image, PharosError BadFileFormat */
export function openImage(images: ImageWorkers, pixels: InstancePixels): ImageSource {
  const { file } = pixels;
  const { transferSyntax } = file;
  const format = frameFormatOf(file.dataSet);
  const frames = numberOfFrames(file);
  const isNative = transferSyntaxOf(transferSyntax)?.encapsulated !== true;

  const encodeFrame = async (number: number, target: string, quality: number): Promise<EncodedFrame> => {
    const { length, read } = await pixels.frame(number);
    const isSame = isNative && transferSyntaxOf(target)?.encapsulated === false;
    if (isSame) return { transferSyntax: target, format, bytes: await read() };
    const source: FrameSource = { transferSyntax, format, length, read };
    return images.transcode(source, target, { quality });
  };

  return {
    format,
    frames,
    frame: encodeFrame,
    all: (target, quality) => ahead(frames, framesAhead, (number) => encodeFrame(number, target, quality)),
  };
}
