// Work on images, done in threads: what services may ask for.
import type { EncodeOptions } from './codec.ts';
import type { FrameFormat } from './frame.ts';

/** A frame as it is stored: one stream, or samples where the transfer syntax does not compress. Words are little endian. */
export interface EncodedFrame {
  readonly transferSyntax: string;
  readonly format: FrameFormat;
  readonly bytes: Uint8Array;
}

/** A frame that is read when its turn has come. */
export interface FrameSource extends Omit<EncodedFrame, 'bytes'> {
  readonly length: number;
  read(): Promise<Uint8Array>;
}

export interface ImageWorkers {
  /** @throws CodecError */
  transcode(frame: FrameSource, transferSyntax: string, options: EncodeOptions): Promise<EncodedFrame>;
  close(): Promise<void>;
}
