// What threads are asked to do with frames.
import type { EncodedFrame, EncodeOptions } from '../frame/index.ts';
import type { Picture, Presentation } from '../pixels/index.ts';
import type { FrameValues, PictureRequest } from './ports.ts';

/** What is made of a decoded frame; the frame itself is answered too where it is wanted. */
export type ViewTask =
  | { readonly kind: 'picture'; readonly request: PictureRequest }
  | { readonly kind: 'values'; readonly presentation: Presentation; readonly isRescaled: boolean }
  | { readonly kind: 'matlab'; readonly presentation: Presentation };

/** What threads that decode one frame together have in common. */
interface Shared {
  readonly shared: SharedArrayBuffer;
}

export type Task = { readonly frame: EncodedFrame } & (
  | (Partial<Shared> & { readonly kind: 'transcode'; readonly transferSyntax: string; readonly options: EncodeOptions })
  | (Partial<Shared> & ViewTask & { readonly isDecodedWanted: boolean })
  | (Shared & { readonly kind: 'help' })
);

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const kinds: readonly unknown[] = ['transcode', 'picture', 'values', 'matlab', 'help'];

/** Of what came from the owner of the thread, who made it by these types: its kind tells. */
export function isTask(request: unknown): request is Task {
  return isMembers(request) && kinds.includes(request.kind);
}

/** Of what came from a thread, as all below. */
export function hasBytes(answer: unknown): answer is { readonly bytes: Uint8Array } {
  return isMembers(answer) && answer.bytes instanceof Uint8Array;
}

export function isEncodedFrame(answer: unknown): answer is EncodedFrame {
  return hasBytes(answer) && 'transferSyntax' in answer && 'format' in answer;
}

/** An answer with the decoded frame beside what was made of it. */
export function hasDecoded(answer: unknown): answer is { readonly decoded: EncodedFrame } {
  return isMembers(answer) && isEncodedFrame(answer.decoded);
}

export function isFrameValues(answer: unknown): answer is FrameValues {
  return hasBytes(answer) && 'type' in answer && 'shape' in answer;
}

/** A picture as a file, or the samples of one. */
export interface PictureFile {
  readonly kind: Picture['kind'];
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

export function isPictureFile(answer: unknown): answer is PictureFile {
  return hasBytes(answer) && 'kind' in answer && 'width' in answer && 'height' in answer;
}
