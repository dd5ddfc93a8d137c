// Decoding and encoding in threads: how much memory a frame takes, how long it may take, what is refused beforehand.

import type { EncodedFrame, FrameSource, ImageWorkers } from '../frame/index.ts';
import { bytesOfFrame, CodecError, type FrameFormat } from '../frame/index.ts';
import { compileNativeModule } from '../native/index.ts';
import { createPool, type Job } from './pool.ts';
import { isEncodedFrame, type Task } from './tasks.ts';

export interface ImageWorkersOptions {
  readonly threads: number;
  /** Bytes of all frames that are under way, as they are stored and decoded. */
  readonly memoryBytes: number;
  /** Milliseconds for a frame. */
  readonly deadline?: number;
}

/** A decoded frame may have this many bytes. */
const largestFrame = 512 * 1024 * 1024;
/** Of each byte decoded: what the decoder works with, its output, and what is made of it. */
const copies = 4;
const usualDeadline = 60_000;

export function createImageWorkers({
  threads,
  memoryBytes,
  deadline = usualDeadline,
}: ImageWorkersOptions): ImageWorkers {
  const pool = createPool({
    script: new URL('./thread.ts', import.meta.url),
    data: compileNativeModule,
    threads,
    memoryBytes,
    deadline,
  });

  const run = (source: FrameSource, task: (frame: EncodedFrame) => Task): Promise<unknown> => {
    checkSize(source.format);
    return pool.run(source.length + copies * bytesOfFrame(source.format), () => prepare(source, task));
  };

  return {
    async transcode(source, transferSyntax, options) {
      const made = await run(source, (frame) => ({ kind: 'transcode', frame, transferSyntax, options }));
      if (isEncodedFrame(made)) return made;
      throw new Error('A thread for images gave no frame');
    },
    close: pool.close,
  };
}

/** The bytes are copied: what they came from may be kept, and used by others. */
async function prepare(source: FrameSource, task: (frame: EncodedFrame) => Task): Promise<Job> {
  const bytes = new Uint8Array(await source.read());
  const { transferSyntax, format } = source;
  return { request: task({ transferSyntax, format, bytes }), transfer: [bytes.buffer] };
}

function checkSize(format: FrameFormat): void {
  if (bytesOfFrame(format) <= largestFrame) return;
  const { columns, rows } = format;
  throw new CodecError(
    'OverBudget',
    `An image of ${columns} x ${rows} pixels is more than this server decodes at once`,
  );
}
