// An archive made in the background, to be fetched afterwards: it is written into a blob that is gone after a restart.
import type { BlobStore } from '../../ports/index.ts';
import {
  isCount,
  isMembers,
  isText,
  type Job,
  type JobContent,
  type JobContext,
  type JobStep,
  type JobType,
  listOf,
  unreadable,
} from '../jobs/index.ts';
import { planArchive } from './archive-plan.ts';
import { type ArchiveDependencies, type ArchiveOptions, archiveStream } from './archive-stream.ts';

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
const outputKey = 'archive';
const bytesOfMega = 1024 * 1024;

interface Sizes {
  instances: number;
  uncompressed: number;
  archive: number;
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
    ...(transcode !== undefined && { Transcode: transcode }),
    ...(quality !== undefined && { LossyQuality: quality }),
  };
}

export function createArchiveJob(deps: ArchiveJobDependencies, input: ArchiveJobInput): Job {
  let sizes: Sizes = { instances: 0, uncompressed: 0, archive: 0 };

  async function* run({ signal, offer, progress }: JobContext): AsyncGenerator<JobStep> {
    const plan = await planArchive(deps.index, input.resources, input);
    sizes = { instances: plan.files.length, uncompressed: plan.length, archive: 0 };
    let done = 0;
    const count = (): void => progress(++done / (plan.files.length + 1));
    const writer = deps.blobs.create('scratch');
    try {
      for await (const piece of archiveStream(deps, plan, input, count)) {
        signal.throwIfAborted();
        await writer.write(piece);
        sizes.archive += piece.byteLength;
      }
      const { key, size } = await writer.finish();
      offer(outputKey, {
        fileName: input.fileName,
        mime: 'application/zip',
        length: size,
        open: () => deps.blobs.stream(key),
        remove: () => deps.blobs.remove([key]),
      });
    } catch (error) {
      await writer.abort();
      throw error;
    }
    yield { progress: 1 };
  }

  return {
    type: types[input.kind],
    version,
    input,
    // All is done in one step: what is broken off begins again.
    state: () => ({}),
    content: () => contentOf(input, sizes),
    run,
    reset() {
      sizes = { instances: 0, uncompressed: 0, archive: 0 };
    },
  };
}

function readInput(kept: unknown): ArchiveJobInput {
  if (!isMembers(kept) || !isText(kept.description) || !isText(kept.fileName)) throw unreadable();
  const { kind, isExtended, utf8, transcode, quality } = kept;
  if (kind !== 'archive' && kind !== 'media') throw unreadable();
  if (typeof isExtended !== 'boolean' || typeof utf8 !== 'boolean') throw unreadable();
  if (transcode !== undefined && !isText(transcode)) throw unreadable();
  if (quality !== undefined && !isCount(quality)) throw unreadable();
  const { description, fileName } = kept;
  return {
    description,
    fileName,
    kind,
    isExtended,
    utf8,
    transcode,
    quality,
    resources: listOf(kept.resources, isText),
  };
}

/** So that such jobs go on after a restart: from their beginning. */
export function archiveJobTypes(deps: ArchiveJobDependencies): readonly JobType[] {
  return Object.values(types).map((name) => ({
    name,
    version,
    restore: (input) => createArchiveJob(deps, readInput(input)),
  }));
}
