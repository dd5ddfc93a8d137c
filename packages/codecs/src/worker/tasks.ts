// What threads are asked to do with frames.
import type { EncodedFrame, EncodeOptions } from '../frame/index.ts';

export interface TranscodeTask {
  readonly kind: 'transcode';
  readonly frame: EncodedFrame;
  readonly transferSyntax: string;
  readonly options: EncodeOptions;
}

export type Task = TranscodeTask;

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Of what came from the owner of the thread, who made it by these types: its kind tells. */
export function isTask(request: unknown): request is Task {
  return isMembers(request) && request.kind === 'transcode';
}

/** Of what came from a thread. */
export function isEncodedFrame(answer: unknown): answer is EncodedFrame {
  return isMembers(answer) && answer.bytes instanceof Uint8Array && typeof answer.transferSyntax === 'string';
}
