// A frame of pixel data without compression, and how its samples are laid out (PS3.3 C.7.6.3, PS3.5 8.2).

export type PhotometricInterpretation =
  | 'MONOCHROME1'
  | 'MONOCHROME2'
  | 'PALETTE COLOR'
  | 'RGB'
  | 'YBR_FULL'
  | 'YBR_FULL_422'
  | 'YBR_PARTIAL_422'
  | 'YBR_PARTIAL_420'
  | 'YBR_ICT'
  | 'YBR_RCT';

/** The Image Pixel module's description of a frame. */
export interface FrameFormat {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** 1, 8, 16, 32 or 64; 12 and others that are packed are unpacked first. */
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  /** Pixel Representation 1: two's complement. */
  readonly isSigned: boolean;
  /** 0: colour by pixel. 1: colour by plane. */
  readonly planarConfiguration: 0 | 1;
  readonly photometricInterpretation: PhotometricInterpretation;
}

/** Words are little endian. */
export interface Frame {
  readonly format: FrameFormat;
  readonly bytes: Uint8Array;
}

/** Bytes of an uncompressed frame of this format; frames of one bit take whole bytes. */
export function bytesOfFrame({ rows, columns, samplesPerPixel, bitsAllocated }: FrameFormat): number {
  return Math.ceil((rows * columns * samplesPerPixel * bitsAllocated) / 8);
}

/** A frame as it is stored: one stream, or samples where the transfer syntax does not compress. Words are little endian. */
export interface EncodedFrame extends Frame {
  readonly transferSyntax: string;
}
