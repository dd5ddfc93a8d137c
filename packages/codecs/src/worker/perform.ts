// One piece of work of a thread.

import type { CodecOf } from '../families/index.ts';
import type { EncodedFrame, Frame } from '../frame/index.ts';
import { abilityOf, CodecError, isNativeSyntax } from '../frame/index.ts';
import type { Served } from './serve.ts';
import type { Task, TranscodeTask } from './tasks.ts';

/** Frames without compression have no codec; those of an unknown syntax are refused by `codecOf`. */
function decoded({ transferSyntax, format, bytes }: EncodedFrame, codecOf: CodecOf): Frame {
  if (isNativeSyntax(transferSyntax)) return { format, bytes };
  const codec = codecOf(transferSyntax);
  if (!codec.decode) throw new CodecError('Unsupported', `Frames in ${transferSyntax} are not decoded`);
  return codec.decode(bytes, format);
}

function transcode({ frame, transferSyntax, options }: TranscodeTask, codecOf: CodecOf): EncodedFrame {
  const native = decoded(frame, codecOf);
  if (isNativeSyntax(transferSyntax)) return { transferSyntax, ...native };
  const codec = codecOf(transferSyntax);
  if (!codec.encode || !abilityOf(transferSyntax).encodes) {
    throw new CodecError('Unsupported', `Images are not compressed as ${transferSyntax}`);
  }
  return { transferSyntax, ...codec.encode(native, options) };
}

/** Bytes that nothing else refers to, to be handed over. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}

export function createPerformer(codecOf: CodecOf): (task: Task) => Served {
  return (task) => {
    const frame = transcode(task, codecOf);
    const bytes = own(frame.bytes);
    return { value: { ...frame, bytes }, transfer: [bytes.buffer] };
  };
}
