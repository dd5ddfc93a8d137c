// Decoding and encoding in threads: how much memory a frame takes, how long it may take, what is refused beforehand.

import { sharedBytesOf, workBytesOf } from '../families/index.ts';
import { bytesOfFrame, CodecError, type EncodedFrame } from '../frame/index.ts';
import { keptNativeModule } from '../native/index.ts';
import { encodeWebp } from '../picture/index.ts';
import { createPool, type Job } from './pool.ts';
import type { FrameSource, ImageWorkers, PictureRequest, TakeDecoded } from './ports.ts';
import {
  hasBytes,
  hasDecoded,
  isEncodedFrame,
  isFrameValues,
  isPictureFile,
  type Task,
  type ViewTask,
} from './tasks.ts';

export interface ImageWorkersOptions {
  readonly threads: number;
  /** Bytes of all frames that are under way, as they are stored and decoded. */
  readonly memoryBytes: number;
  /** Milliseconds for a frame. */
  readonly deadline?: number;
}

/** A frame may have this many bytes, decoded and as it is stored. */
const largestFrame = 512 * 1024 * 1024;
/** Of each byte decoded: what the decoder works with, its output, and what is made of it. Some work with more: see `workBytesOf`. */
const copies = 4;
const usualDeadline = 60_000;

export function createImageWorkers({
  threads,
  memoryBytes,
  deadline = usualDeadline,
}: ImageWorkersOptions): ImageWorkers {
  const pool = createPool({
    script: new URL('./thread.ts', import.meta.url),
    threads,
    memoryBytes,
    deadline,
  });
  // The library is there before it is needed, mostly, and stays. Where it cannot be read, the threads tell.
  let library: Promise<unknown> | undefined;

  const run = async <T>(
    source: FrameSource,
    isExpected: (answer: unknown) => answer is T,
    task: (frame: EncodedFrame) => Task,
    target = source.transferSyntax,
  ): Promise<T> => {
    checkSize(source);
    library ??= keptNativeModule().catch(() => undefined);
    const shared = threads > 1 ? sharedBytesOf(source) : 0;
    const work = Math.max(workBytesOf(source), workBytesOf({ ...source, transferSyntax: target }));
    const bytes = source.length + copies * bytesOfFrame(source.format) + work;
    const answer = await pool.run(bytes, () =>
      shared > 0 ? prepareTogether(source, task, shared) : prepare(source, task),
    );
    if (isExpected(answer)) return answer;
    throw new Error('A thread for images gave something else than it was asked for');
  };

  const view = async <T>(
    source: FrameSource,
    isExpected: (answer: unknown) => answer is T,
    task: ViewTask,
    take?: TakeDecoded,
  ): Promise<T> => {
    const answer = await run(source, isExpected, (frame) => ({ ...task, frame, isDecodedWanted: take !== undefined }));
    if (take && hasDecoded(answer)) take(answer.decoded);
    return answer;
  };

  const picture = async (source: FrameSource, request: PictureRequest, take?: TakeDecoded): Promise<Uint8Array> => {
    const { kind, width, height, bytes } = await view(source, isPictureFile, { kind: 'picture', request }, take);
    if (request.type !== 'image/webp') return bytes;
    return encodeWebp({ kind: kind === 'rgb8' ? kind : 'grey8', width, height, samples: bytes }, request.quality);
  };

  return {
    picture,
    transcode: (source, transferSyntax, options) =>
      run(source, isEncodedFrame, (frame) => ({ kind: 'transcode', frame, transferSyntax, options }), transferSyntax),
    values: (source, presentation, isRescaled, take) =>
      view(source, isFrameValues, { kind: 'values', presentation, isRescaled }, take),
    matlab: async (source, presentation, take) =>
      (await view(source, hasBytes, { kind: 'matlab', presentation }, take)).bytes,
    async close() {
      await Promise.all([library, pool.close()]);
    },
  };
}

/** The bytes are copied: what they came from may be kept, and used by others. */
async function prepare(source: FrameSource, task: (frame: EncodedFrame) => Task): Promise<Job> {
  const bytes = new Uint8Array(await source.read());
  const { transferSyntax, format } = source;
  return { request: task({ transferSyntax, format, bytes }), transfer: [bytes.buffer] };
}

/** For several threads: all see the same bytes. */
async function prepareTogether(
  source: FrameSource,
  task: (frame: EncodedFrame) => Task,
  sharedLength: number,
): Promise<Job> {
  const read = await source.read();
  const bytes = new Uint8Array(new SharedArrayBuffer(read.byteLength));
  bytes.set(read);
  const { transferSyntax, format } = source;
  const frame = { transferSyntax, format, bytes };
  const shared = new SharedArrayBuffer(sharedLength);
  const help: Task = { kind: 'help', frame, shared };
  return { request: { ...task(frame), shared }, help };
}

/** @throws CodecError OverBudget, before anything is read */
function checkSize({ format, length }: FrameSource): void {
  if (Math.max(bytesOfFrame(format), length) <= largestFrame) return;
  const { columns, rows } = format;
  throw new CodecError(
    'OverBudget',
    `An image of ${columns} x ${rows} pixels in ${length} bytes is more than this server decodes at once`,
  );
}
