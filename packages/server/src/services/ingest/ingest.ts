// The one way in: C-STORE, REST, jobs and peers all push their files through here. The bytes go to the store while the header is
// read; a finished file is committed with all others that finish at the same time, and acknowledged when it is durable.
import { type Dictionary, type ParsedFile, Tag } from '@pharos/dicom';
import {
  Attachment,
  type AttachmentInfo,
  type MainDicomTagRegistry,
  Metadata,
  type Origin,
  PharosError,
  type Settings,
} from '../../model/index.ts';
import type {
  AddOutcome,
  BlobStore,
  Clock,
  Filters,
  IndexStore,
  InstanceView,
  Log,
  MetadataValues,
  Metrics,
  NewInstance,
  Refusal,
} from '../../ports/index.ts';
import { createInstanceViewer } from '../read/index.ts';
import type {
  AttachmentWriter,
  ExpectedInstance,
  Ingest,
  Intake,
  IntakeOptions,
  LiveSettings,
  StoreResult,
} from '../services.ts';
import { attachmentContent } from './attachment-content.ts';
import { createCommitQueue } from './commit-queue.ts';
import { createHeaderReader, type HeaderBudget, readHeader } from './header-reader.ts';
import type { IngestTranscoding } from './ingest-transcoding.ts';
import { createInstanceDescriber, type InstanceDescription } from './instance-description.ts';
import { timestamp } from './timestamp.ts';

/** An instance that is durable and indexed. */
export interface StoredInstance {
  readonly result: StoreResult;
  readonly origin: Origin;
  readonly outcome: AddOutcome;
  readonly metadata: MetadataValues;
  /** Where somebody wanted it when the instance came. */
  readonly view: InstanceView | undefined;
}

/** Who wants to know of stored instances; called after the commit, must not throw. */
export interface IngestEvents {
  readonly onStored: Set<(stored: StoredInstance) => void>;
  /** Whether they want to see what is in the instances that come now. */
  readonly wantsView: Set<() => boolean>;
}

export function createIngestEvents(): IngestEvents {
  return { onStored: new Set(), wantsView: new Set() };
}

export interface IngestDependencies {
  readonly index: Pick<IndexStore, 'addInstances' | 'sync' | 'blobsWithRow' | 'get'>;
  readonly blobs: Pick<BlobStore, 'publish' | 'remove' | 'stream'>;
  readonly attachmentWriter: AttachmentWriter;
  readonly live: Pick<LiveSettings, 'fallbackCharset'>;
  readonly settings: Pick<
    Settings,
    | 'MaximumStorageSize'
    | 'MaximumPatientCount'
    | 'MaximumStorageMode'
    | 'OverwriteInstances'
    | 'SyncStorageArea'
    | 'StoreDicom'
    | 'StorageCompression'
  >;
  readonly mainTags: MainDicomTagRegistry;
  readonly dictionary: Dictionary;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events?: IngestEvents;
  readonly filters?: Pick<Filters, 'receivedInstance'>;
  readonly transcoding?: IngestTranscoding;
}

const mebibyte = 1024 * 1024;

function checkExpected({ dataSet }: ParsedFile, expect: ExpectedInstance): void {
  const sopClass = dataSet.text(Tag.SOPClassUID)?.trim();
  const sopInstance = dataSet.text(Tag.SOPInstanceUID)?.trim();
  if (!sopClass || !sopInstance) throw new PharosError('NoSopClassOrInstance');
  if (sopClass !== expect.sopClassUid || sopInstance !== expect.sopInstanceUid) throw new PharosError('SopMismatch');
}

function blobKeys(instances: readonly NewInstance[]): readonly string[] {
  return instances.flatMap(({ attachments }) => attachments.map(({ uuid }) => uuid));
}

type File = Omit<AttachmentInfo, 'revision'>;

/** An instance that is to be stored. */
interface Described extends InstanceDescription {
  readonly view: InstanceView | undefined;
}

function withMetadata(
  description: InstanceDescription,
  added: NonNullable<IntakeOptions['metadata']>,
): InstanceDescription {
  const { metadata } = description;
  return {
    ...description,
    metadata: {
      Patient: { ...metadata.Patient, ...added.Patient },
      Study: { ...metadata.Study, ...added.Study },
      Series: { ...metadata.Series, ...added.Series },
      Instance: { ...metadata.Instance, ...added.Instance },
    },
  };
}

export function createIngest(dependencies: IngestDependencies): Ingest {
  const { index, blobs, attachmentWriter, live, settings, clock, metrics, events, filters } = dependencies;
  const log = dependencies.log.of('generic');
  const describer = createInstanceDescriber(dependencies);
  // Most headers are shorter than what is always held: thousands of connections may hold that much.
  const budget: HeaderBudget = { held: 0, limit: 64 * mebibyte, always: mebibyte / 32, largest: 16 * mebibyte };
  const largeBudget: HeaderBudget = { held: 0, limit: 128 * mebibyte, always: 128 * mebibyte, largest: 128 * mebibyte };
  let largeHeaders: Promise<unknown> = Promise.resolve();
  const viewOf = createInstanceViewer(dependencies);
  let inFlight = 0;
  let drained: (() => void)[] = [];

  const publish = async (instances: readonly NewInstance[]): Promise<void> => {
    try {
      await blobs.publish(blobKeys(instances));
    } catch (error) {
      // Its row, and then its file, went in the moment between: nothing is left to be moved.
      if (error instanceof PharosError && error.code === 'InexistentFile') return;
      // Rows and bytes are durable and readable where they are; the sweep of the next start puts the files into place.
      log.error('Stored files could not be moved into place; this is tried again at the next start', { error });
    }
  };
  const remove = async (keys: readonly string[]): Promise<void> => {
    try {
      const withRow = await index.blobsWithRow(keys);
      await blobs.remove(keys.filter((key) => !withRow.has(key)));
    } catch (error) {
      log.error('Files of instances that were not stored remain until the next start', { error });
    }
  };
  const queue = createCommitQueue({
    index,
    sync: settings.SyncStorageArea,
    limits: {
      maximumBytes: settings.MaximumStorageSize * mebibyte,
      maximumPatients: settings.MaximumPatientCount,
      mode: settings.MaximumStorageMode,
    },
    committed: publish,
    refused: (instances) => remove(blobKeys(instances)),
    log,
  });

  const track = async <T>(work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    inFlight++;
    try {
      return await work();
    } finally {
      inFlight--;
      metrics.observe('orthanc_store_dicom_duration_ms', performance.now() - started);
      if (inFlight === 0) {
        for (const resolve of drained) resolve();
        drained = [];
      }
    }
  };

  const isViewWanted = (): boolean => {
    if (filters?.receivedInstance) return true;
    if (events) for (const wants of events.wantsView) if (wants()) return true;
    return false;
  };

  /** As at Orthanc, nobody is asked about an instance that is there and stays as it is. */
  const refusalOf = async ({ ids, view }: Described, origin: Origin): Promise<Refusal | undefined> => {
    const filter = filters?.receivedInstance;
    if (!filter || !view) return undefined;
    if (settings.OverwriteInstances === 'Never' && (await index.get(ids.instance, {}))) return undefined;
    return filter(view, origin);
  };

  const commit = async (described: Described, attachments: readonly File[], origin: Origin): Promise<StoreResult> => {
    const { ids, tags, metadata, view } = described;
    const refusal = await refusalOf(described, origin);
    if (refusal) {
      await remove(attachments.map(({ uuid }) => uuid));
      log.info('An instance that came is refused by a filter', { id: ids.instance });
      return { status: 'FilteredOut', ids, dimseStatus: refusal.dimseStatus };
    }
    const receivedAt = timestamp(clock.now());
    const instanceMetadata = { ...metadata.Instance, [Metadata.ReceptionDate]: receivedAt };
    const outcome = await queue.add({
      ids,
      tags,
      metadata: { ...metadata, Instance: instanceMetadata },
      attachments: attachments.map((attachment) => ({ ...attachment, revision: 0 })),
      receivedAt,
      overwrite: settings.OverwriteInstances,
    });
    if (outcome.status === 'Full') throw new PharosError('FullStorage');
    const result: StoreResult = { status: outcome.status === 'Stored' ? 'Success' : 'AlreadyStored', ids };
    if (events)
      for (const notify of events.onStored) notify({ result, origin, outcome, metadata: instanceMetadata, view });
    return result;
  };

  /** Beside a compressed file also its bytes before Pixel Data, as Orthanc keeps them: read without inflating the pixels. */
  const withStart = async (stored: File, { metadata }: InstanceDescription): Promise<readonly File[]> => {
    const offset = metadata.Instance[Metadata.PixelDataOffset];
    if (!settings.StorageCompression || offset === undefined) return [stored];
    const start = attachmentWriter.begin(Attachment['dicom-until-pixel-data']);
    let left = Number(offset);
    try {
      for await (const chunk of attachmentContent(blobs, stored)) {
        const piece = chunk.subarray(0, left);
        await start.push(piece);
        left -= piece.byteLength;
        if (left === 0) break;
      }
      const kept = await start.finish();
      metrics.add('orthanc_storage_written_bytes', kept.compressedSize);
      return [stored, kept];
    } catch (error) {
      await start.abort();
      await remove([stored.uuid]);
      throw error;
    }
  };

  const begin = (
    origin: Origin,
    expect?: ExpectedInstance,
    { metadata = {}, keepsSyntax }: IntakeOptions = {},
  ): Intake => {
    const file = attachmentWriter.begin(Attachment.dicom);
    const options = {
      fallbackCharset: live.fallbackCharset(),
      describe: (parsed: ParsedFile): Described => {
        if (expect) checkExpected(parsed, expect);
        const description = withMetadata(describer.describe(parsed, origin), metadata);
        return { ...description, view: isViewWanted() ? viewOf(parsed) : undefined };
      },
    };
    const header = createHeaderReader({ ...options, budget });
    let isEmpty = true;
    let isRefused = false;

    /** Reads a header that was too large to be held: from the store, after all others of its kind. */
    const describeStored = async (stored: File): Promise<Described> => {
      const turn = largeHeaders.then(() =>
        readHeader(attachmentContent(blobs, stored), { ...options, budget: largeBudget }),
      );
      largeHeaders = turn.catch(() => {});
      try {
        return await turn;
      } catch (error) {
        await remove([stored.uuid]);
        throw error;
      }
    };

    /** The file in the transfer syntax that the settings want, in the place of what came. */
    const transcoded = async (received: File, description: Described) => {
      const { transcoding } = dependencies;
      const transferSyntax = description.metadata.Instance[Metadata.TransferSyntax];
      if (!transcoding || keepsSyntax || transferSyntax === undefined) return { stored: received, description };
      try {
        const stored = await transcoding(received, transferSyntax);
        if (!stored) return { stored: received, description };
        metrics.add('orthanc_storage_written_bytes', stored.compressedSize);
        const written = await describeStored(stored);
        await remove([received.uuid]);
        return { stored, description: written };
      } catch (error) {
        await remove([received.uuid]);
        throw error;
      }
    };

    const store = async (): Promise<StoreResult> => {
      if (isEmpty) throw new PharosError('BadFileFormat', 'The file is empty');
      const outcome = header.finish();
      if (outcome.kind === 'described' && !settings.StoreDicom) {
        await file.abort();
        return commit(outcome.value, [], origin);
      }
      const begun = performance.now();
      const received = await file.finish();
      metrics.observe('orthanc_storage_create_duration_ms', performance.now() - begun);
      metrics.add('orthanc_storage_written_bytes', received.compressedSize);
      const asReceived = outcome.kind === 'described' ? outcome.value : await describeStored(received);
      if (!settings.StoreDicom) {
        await remove([received.uuid]);
        return commit(asReceived, [], origin);
      }
      const { stored, description } = await transcoded(received, asReceived);
      return commit(description, await withStart(stored, description), origin);
    };

    return {
      push(chunk) {
        if (chunk.byteLength > 0) isEmpty = false;
        // The rest of a refused file is taken and dropped, so that the sender gets to hear why.
        if (isRefused) return undefined;
        isRefused = !header.push(chunk);
        return isRefused ? file.abort() : file.push(chunk);
      },
      finish: () =>
        track(async () => {
          try {
            return await store();
          } catch (error) {
            await file.abort();
            throw error;
          } finally {
            header.discard();
          }
        }),
      abort() {
        header.discard();
        return file.abort();
      },
    };
  };

  return {
    begin,
    drain: () => (inFlight === 0 ? Promise.resolve() : new Promise((resolve) => drained.push(resolve))),
  };
}
