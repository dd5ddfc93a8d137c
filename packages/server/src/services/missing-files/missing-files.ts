// Tells of files that the index refers to and the storage folder does not have: disks that were lost, folders that were not mounted,
// backups of one that are older than the other. Looked for once, in the background, after the server has begun.
import type { BlobStore, IndexStore, Log, Metrics, MissingBlobs } from '../../ports/index.ts';

export interface MissingFilesDependencies {
  readonly index: Pick<IndexStore, 'lastBlobBetween' | 'countBlobsBetween' | 'resourceOfBlob'>;
  readonly blobs: Pick<BlobStore, 'missing'>;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface MissingFiles {
  /** Resolves when all was looked at, with the number of missing files. Never throws. */
  readonly looked: Promise<number>;
  stop(): Promise<void>;
}

/** So many are named. */
const named = 5;

/** Begins at once. */
export function createMissingFiles({ index, blobs, log, metrics }: MissingFilesDependencies): MissingFiles {
  const logger = log.of('generic');
  let count = 0;
  let isStopped = false;
  const files: string[] = [];
  const attachments: string[] = [];
  metrics.gauge('pharos_missing_files', () => count);

  /** Names attachments of a file that is missing, the last ones first. */
  const name = async ({ from, before }: MissingBlobs): Promise<void> => {
    let end = before;
    while (attachments.length < named) {
      const key = await index.lastBlobBetween(from, end);
      if (key === undefined) return;
      const resource = await index.resourceOfBlob(key);
      if (resource) attachments.push(`${key} of ${resource.level.toLowerCase()} ${resource.id}`);
      end = key;
    }
  };

  const look = async (): Promise<void> => {
    const rows = {
      lastBetween: async (from: string, before: string) =>
        isStopped ? undefined : index.lastBlobBetween(from, before),
    };
    for await (const missing of blobs.missing(rows)) {
      count += await index.countBlobsBetween(missing.from, missing.before);
      if (files.length < named) files.push(missing.file);
      await name(missing);
    }
    if (count === 0) return;
    logger.error(
      'Stored files are missing: the index refers to them, the storage folder does not have them. Stop the server and put back what is ' +
        'missing from a backup of the storage folder; or delete the instances, and send them again.',
      { count, files, attachments },
    );
  };

  const looked = look()
    .catch((error: unknown) => logger.error('It could not be told whether stored files are missing', { error }))
    .then(() => count);
  return {
    looked,
    async stop() {
      isStopped = true;
      await looked;
    },
  };
}
