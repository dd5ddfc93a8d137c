// Work on images, done in threads: what services may ask for.
import type { EncodedFrame, EncodeOptions } from '../frame/index.ts';
import type { NumpyType, View } from '../picture/index.ts';
import type { Presentation } from '../pixels/index.ts';

/** A frame that is read when its turn has come. */
export interface FrameSource extends Omit<EncodedFrame, 'bytes'> {
  readonly length: number;
  read(): Promise<Uint8Array>;
}

export type PictureType = 'image/png' | 'image/jpeg' | 'image/x-portable-arbitrarymap' | 'image/webp';

export interface PictureRequest {
  readonly view: View;
  readonly presentation: Presentation;
  readonly type: PictureType;
  /** 1 to 100, for JPEG and WebP. */
  readonly quality: number;
}

/** The values of a frame for programs. */
export interface FrameValues {
  readonly type: NumpyType;
  /** Rows, columns, channels. */
  readonly shape: readonly [number, number, number];
  /** Little endian. */
  readonly bytes: Uint8Array;
}

/** Takes a frame that had to be decoded, without compression now: what is made of that one next need not decode it. */
export type TakeDecoded = (frame: EncodedFrame) => void;

/** All throw CodecError. */
export interface ImageWorkers {
  transcode(frame: FrameSource, transferSyntax: string, options: EncodeOptions): Promise<EncodedFrame>;
  /** The bytes of a file. */
  picture(frame: FrameSource, request: PictureRequest, take?: TakeDecoded): Promise<Uint8Array>;
  values(frame: FrameSource, presentation: Presentation, isRescaled: boolean, take?: TakeDecoded): Promise<FrameValues>;
  /** An expression for Matlab and Octave. */
  matlab(frame: FrameSource, presentation: Presentation, take?: TakeDecoded): Promise<Uint8Array>;
  close(): Promise<void>;
}
