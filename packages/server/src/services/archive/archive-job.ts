// Archives as jobs: for somebody who waits, as they are made; or in the background, into a blob that is gone after a restart.
import { PharosError } from '../../model/index.ts';
import type { BlobStore } from '../../ports/index.ts';
import type { Job, JobContent, JobContext, JobStep } from '../jobs/index.ts';
import { type ArchivePlan, planArchive } from './archive-plan.ts';
import { type ArchiveRoom, archiveBytes, transcodedArchiveBytes } from './archive-room.ts';
import {
  type ArchiveDependencies,
  type ArchiveOptions,
  type ArchiveProgress,
  archiveStream,
} from './archive-stream.ts';
import { createPieceChannel } from './piece-channel.ts';

export interface StreamedArchiveDependencies extends ArchiveDependencies {
  readonly archiveRoom: ArchiveRoom;
}

export interface ArchiveJobDependencies extends ArchiveDependencies {
  readonly blobs: Pick<BlobStore, 'create' | 'stream' | 'remove'>;
}

export interface ArchiveJobInput extends ArchiveOptions {
  readonly description: string;
  /** Of resources of any level. */
  readonly resources: readonly string[];
  /** Of what is downloaded. */
  readonly fileName: string;
}

const types = { archive: 'Archive', media: 'Media' } as const;
const version = 1;
/** Name of the output. */
export const archiveOutput = 'archive';
const bytesOfMega = 1024 * 1024;

interface Sizes {
  instances: number;
  uncompressed: number;
  archive: number;
  /** Instances that are not in it, as their files cannot be read. */
  missing: number;
}

function contentOf({ description, transcode, quality, utf8 }: ArchiveJobInput, sizes: Sizes): JobContent {
  return {
    Description: description,
    InstancesCount: sizes.instances,
    UncompressedSize: String(sizes.uncompressed),
    UncompressedSizeMB: Math.floor(sizes.uncompressed / bytesOfMega),
    ArchiveSize: String(sizes.archive),
    ArchiveSizeMB: Math.floor(sizes.archive / bytesOfMega),
    Utf8: utf8,
    ...(sizes.missing > 0 && { MissingInstances: sizes.missing }),
    ...(transcode !== undefined && { Transcode: transcode }),
    ...(quality !== undefined && { LossyQuality: quality }),
  };
}

/** Where an archive goes. */
interface Target {
  /** Resolves when writing may begin. */
  begin?(): Promise<void>;
  write(piece: Uint8Array): Promise<void> | undefined;
  /** All is written. */
  finish(): Promise<void>;
  abort(error: unknown): Promise<void>;
  /** In the end, whatever came of it. */
  leave?(): void;
}

function createJob(
  deps: ArchiveDependencies,
  input: ArchiveJobInput,
  targetOf: (context: JobContext) => Target,
  planned?: ArchivePlan,
): Job {
  let sizes = sizesOf(planned);

  async function* run(context: JobContext): AsyncGenerator<JobStep> {
    const target = targetOf(context);
    try {
      await target.begin?.();
      const plan = planned ?? (await planArchive(deps.index, input.resources, input));
      sizes = sizesOf(plan);
      let done = 0;
      const progress: ArchiveProgress = {
        done: () => context.progress(++done / (plan.instances + 1)),
        missing: () => void sizes.missing++,
      };
      for await (const piece of archiveStream(deps, plan, input, progress)) {
        context.signal.throwIfAborted();
        await target.write(piece);
        sizes.archive += piece.byteLength;
      }
      await target.finish();
    } catch (error) {
      await target.abort(error);
      throw error;
    } finally {
      target.leave?.();
    }
    yield { progress: 1 };
  }

  return {
    type: types[input.kind],
    version,
    input,
    // What it makes is gone after a restart, and nobody waits any more.
    isTransient: true,
    state: () => ({}),
    content: () => contentOf(input, sizes),
    run,
    reset() {
      sizes = sizesOf(planned);
    },
  };
}

function sizesOf(plan: ArchivePlan | undefined): Sizes {
  return { instances: plan?.instances ?? 0, uncompressed: plan?.length ?? 0, archive: 0, missing: 0 };
}

/** The archive is an output of the job, to be fetched when it has succeeded. */
export function createArchiveJob(deps: ArchiveJobDependencies, input: ArchiveJobInput): Job {
  const toBlob = ({ offer }: JobContext): Target => {
    const writer = deps.blobs.create('scratch');
    return {
      write: (piece) => writer.write(piece),
      abort: () => writer.abort(),
      async finish() {
        const { key, size } = await writer.finish();
        offer(archiveOutput, {
          fileName: input.fileName,
          mime: 'application/zip',
          length: size,
          open: () => deps.blobs.stream(key),
          remove: () => deps.blobs.remove([key]),
        });
      },
    };
  };
  return createJob(deps, input, toBlob);
}

const isCancellation = (reason: unknown): boolean => reason instanceof PharosError && reason.code === 'CanceledJob';

export interface StreamedArchive {
  readonly job: Job;
  /** What the job writes: it waits for its reader, and fails where that goes away; the reader gets the error where the job fails, so that
   * nobody takes a part for the whole. Where it is cancelled, what is read ends before the directory of the archive. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Nobody waits for it any more: the job fails, also where it has not begun to write. */
  abandon(): void;
}

/** The archive goes to whoever asked for it, while it is made, once there is room for it. */
export function createStreamedArchiveJob(
  deps: StreamedArchiveDependencies,
  input: ArchiveJobInput,
  plan: ArchivePlan,
): StreamedArchive {
  const channel = createPieceChannel();
  const left = new AbortController();
  const toChannel = ({ signal }: JobContext): Target => {
    let isBegun = false;
    const stop = (): void => {
      // As in Orthanc, what was cancelled ends before the directory of the archive: no program takes it for whole.
      if (!isBegun || !isCancellation(signal.reason)) channel.end(signal.reason);
      channel.cut(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    let leave = (): void => {};
    return {
      async begin() {
        const bytes = input.transcode === undefined ? archiveBytes : transcodedArchiveBytes;
        leave = await deps.archiveRoom.enter(bytes, AbortSignal.any([signal, left.signal]));
      },
      write(piece) {
        isBegun = true;
        return channel.push(piece);
      },
      finish: async () => channel.end(),
      // Unless it was cut before: the reader gets to know that it has a part only.
      abort: async (error) => channel.end(error),
      leave: () => leave(),
    };
  };
  return {
    job: createJob(deps, input, toChannel, plan),
    pieces: channel.pieces(),
    abandon() {
      const reason = new PharosError('CannotWriteFile', 'Nobody waits for the archive any more');
      channel.end(reason);
      channel.cut(reason);
      left.abort(reason);
    },
  };
}
