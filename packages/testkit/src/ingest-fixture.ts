// The pipeline in, with the real index and file store in a temporary folder, without HTTP or DIMSE.
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { standardDictionary } from '@pharos/dicom';
import { openSqliteIndex } from '../../server/src/index-sqlite/index.ts';
import { createMainDicomTagRegistry, type MainDicomTagRegistry } from '../../server/src/model/index.ts';
import type { Log, Metrics } from '../../server/src/ports/index.ts';
import {
  createAttachmentWriter,
  createIngest,
  createIngestEvents,
  type Recovery,
  recover,
} from '../../server/src/services/ingest/index.ts';
import { type FileStoreOptions, openFileStore } from '../../server/src/storage-fs/index.ts';

const silent = { error() {}, warn() {}, info() {}, trace() {} };
export const silentLog: Log = { of: () => silent, level: () => 'default', setLevel() {} };
export const noMetrics: Metrics = {
  isEnabled: () => false,
  setEnabled() {},
  add() {},
  observe() {},
  text: async () => '',
  gauge() {},
};

const defaults = {
  StorageCompression: false,
  StoreMD5ForAttachments: true,
  StoreDicom: true,
  SyncStorageArea: true,
  MaximumStorageSize: 0,
  MaximumPatientCount: 0,
  MaximumStorageMode: 'Recycle',
  OverwriteInstances: 'Never',
  MaximumFileSizeInArchiveMB: 64,
  StableAge: 60,
} as const;

/** The options of the pipeline, under Orthanc's names. */
export type IngestSettings = {
  readonly [K in keyof typeof defaults]: (typeof defaults)[K] extends boolean
    ? boolean
    : (typeof defaults)[K] extends number
      ? number
      : string;
} & {
  readonly MaximumStorageMode: 'Recycle' | 'Reject';
  readonly OverwriteInstances: 'Never' | 'Always' | 'IfChanged';
};

export interface IngestFixtureOptions {
  readonly settings?: Partial<IngestSettings>;
  readonly mainTags?: MainDicomTagRegistry;
  /** A folder to go on with; otherwise a fresh one. */
  readonly folder?: string;
  /** How files are kept. */
  readonly files?: Partial<Omit<FileStoreOptions, 'folder' | 'sync'>>;
  readonly log?: Log;
}

export type IngestFixture = Awaited<ReturnType<typeof openIngest>>;

/** What came of opening the folder is in `recovery`; `discard` closes and removes it. */
export async function openIngest(options: IngestFixtureOptions = {}) {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'pharos-ingest-')));
  const settings: IngestSettings = { ...defaults, ...options.settings };
  const index = await openSqliteIndex({ folder, log: silentLog });
  const blobs = await openFileStore({ folder, sync: settings.SyncStorageArea, log: options.log, ...options.files });
  const recovery: Recovery = await recover({ blobs, index });
  const attachmentWriter = createAttachmentWriter({ blobs, settings });
  const events = createIngestEvents();
  const ingest = createIngest({
    index,
    blobs,
    settings,
    attachmentWriter,
    events,
    live: { fallbackCharset: () => 'ISO_IR 100' },
    mainTags: options.mainTags ?? createMainDicomTagRegistry(),
    dictionary: standardDictionary,
    clock: { now: () => new Date() },
    log: silentLog,
    metrics: noMetrics,
  });
  const close = async (): Promise<void> => {
    await ingest.drain();
    await index.close();
    await blobs.close();
  };
  return {
    folder,
    settings,
    index,
    blobs,
    ingest,
    attachmentWriter,
    events,
    recovery,
    log: silentLog,
    close,
    /** Stores a whole file, in chunks as they come from a socket. */
    async store(file: Uint8Array, chunkBytes = 65536) {
      const intake = ingest.begin({ origin: 'RestApi', remoteIp: '127.0.0.1', httpUsername: '' });
      for (let at = 0; at < file.byteLength; at += chunkBytes) await intake.push(file.subarray(at, at + chunkBytes));
      return intake.finish();
    },
    async discard() {
      await close();
      await rm(folder, { recursive: true });
    },
  };
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
