// What a transfer syntax needs so that its frames can be read and written. Codecs run to the end without a pause: in worker threads.
import type { Frame, FrameFormat } from './frame.ts';

export interface EncodeOptions {
  /** 1 to 100, for lossy syntaxes (DicomLossyTranscodingQuality). */
  readonly quality: number;
}

export interface FrameCodec {
  /** @param encoded the joined fragments of one frame. @param format what the data set says: what comes out has its rows, columns and
   * samples; photometric interpretation and planar configuration are those of what came out.
   * @param shared memory of its own, where other threads are asked to help (see `sharedBytesOf`)
   * @throws CodecError where the stream is damaged or contradicts the format */
  decode?(encoded: Uint8Array, format: FrameFormat, shared?: SharedArrayBuffer): Frame;
  /** Takes a part in what `decode` does with the same stream, format and memory in another thread, which does not rely on it. */
  help?(encoded: Uint8Array, format: FrameFormat, shared: SharedArrayBuffer): void;
  /** @returns the stream (one fragment) and the format that the data set must tell then (PS3.5 8.2).
   * @throws CodecError where the syntax cannot hold such a frame */
  encode?(frame: Frame, options: EncodeOptions): { readonly bytes: Uint8Array; readonly format: FrameFormat };
}

export type CodecErrorCode =
  /** The stream is damaged, or it contradicts the data set. */
  | 'Damaged'
  /** Nothing here reads or writes such a frame. */
  | 'Unsupported'
  /** More pixels, bytes or time than allowed. */
  | 'OverBudget';

/** Why a frame was not decoded or encoded. The message is for people, without anything of the data set. */
export class CodecError extends Error {
  readonly code: CodecErrorCode;

  constructor(code: CodecErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodecError';
    this.code = code;
  }
}
