// The composition root: from settings to a running server. The only place that knows every part.
import { availableParallelism } from 'node:os';
import { createImageWorkers } from '@pharos/codecs';
import type { Transport } from '@pharos/dimse';
import { createDicomServer } from '../dicom-scp/index.ts';
import { createModalityNetwork, type ReportTaker } from '../dicom-scu/index.ts';
import { createHttpServer } from '../http/index.ts';
import { createPeerNetwork } from '../http-client/index.ts';
import { type FolderLock, lockFolder, openSqliteIndex } from '../index-sqlite/index.ts';
import {
  createAttachmentRegistry,
  createMainDicomTagRegistry,
  createMetadataRegistry,
  type Settings,
} from '../model/index.ts';
import type { Clock, IndexStore, Log, Metrics } from '../ports/index.ts';
import { retrieveContent, routesFor } from '../rest/index.ts';
import { createArchiveRoom } from '../services/archive/index.ts';
import {
  commitmentJobType,
  createCommitmentReports,
  ReportEvent,
  readCommitmentReport,
  requestCommitment,
} from '../services/commitment/index.ts';
import { modificationJobTypes } from '../services/edit/index.ts';
import type { Services } from '../services/index.ts';
import {
  createAttachmentWriter,
  createIngest,
  createIngestEvents,
  createIngestTranscoding,
  recover,
} from '../services/ingest/index.ts';
import { createJobs, type JobType } from '../services/jobs/index.ts';
import { createLiveSettings } from '../services/live/index.ts';
import { createModalities, createPeers } from '../services/modalities/index.ts';
import { peerStoreJobType } from '../services/peers/index.ts';
import {
  createMoveArrivals,
  createRemoteQueries,
  type RetrieveReport,
  retrieveJobTypes,
} from '../services/query/index.ts';
import { createInstanceReader } from '../services/read/index.ts';
import { createRemoval } from '../services/removal/index.ts';
import { createRenderer } from '../services/render/index.ts';
import { createStability } from '../services/stability/index.ts';
import { createTranscoder } from '../services/transcode/index.ts';
import { modalityStoreJobType } from '../services/transfer/index.ts';
import {
  createKeptWorklists,
  createWorklists,
  readWorklistSettings,
  type Worklists,
  type WorklistsDependencies,
} from '../services/worklists/index.ts';
import { openFileStore } from '../storage-fs/index.ts';
import { openWorklistFolder } from '../worklists-fs/index.ts';
import { createCompressor } from '../zip/index.ts';
import { dicomTlsTransport } from './dicom-tls.ts';
import { dictionaryOf, extraMainTags } from './dictionary.ts';
import { exportFile } from './file-export.ts';
import { registerGauges } from './gauges.ts';
import { connectionShares } from './open-files.ts';

export interface ServerParts {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  /** What /tools/shutdown and /tools/reset do; nothing unless given. */
  readonly lifecycle?: Services['lifecycle'];
  /** Kinds of jobs that may go on after a restart, beside those of the server itself. */
  readonly jobTypes?: readonly JobType[];
  /** The jobs of the last run do not go on: they are forgotten. */
  readonly forgetsJobs?: boolean;
}

export interface PharosServer {
  /** undefined where HttpServerEnabled is off. */
  readonly httpPort: number | undefined;
  /** undefined where DicomServerEnabled is off. */
  readonly dicomPort: number | undefined;
  readonly services: Services;
  /** Finishes what is in flight, then closes everything. */
  close(): Promise<void>;
}

interface Storage extends Pick<Services, 'index' | 'blobs'> {
  readonly lock: FolderLock;
}

/** More would leave too few of the threads that also read and write files. */
const mostCompressed = 6;

const noLifecycle: Services['lifecycle'] = { shutdown: () => undefined, reset: () => undefined };

async function openStorage(settings: Settings, log: Log): Promise<Storage> {
  const folder = settings.StorageDirectory;
  // Also where the index is elsewhere: a second server would take the files of the first for leftovers.
  const lock = lockFolder({
    folder,
    file: 'storage.lock',
    code: 'CannotWriteFile',
    inUse: `The files in ${folder} are in use by another server. Stop that server, or set another StorageDirectory.`,
  });
  try {
    return { ...(await openLocked(settings, log)), lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openLocked(settings: Settings, log: Log): Promise<Omit<Storage, 'lock'>> {
  const index = await openSqliteIndex({ folder: settings.IndexDirectory, log });
  try {
    const blobs = await openFileStore({ folder: settings.StorageDirectory, sync: settings.SyncStorageArea, log });
    const { published, removed } = await recover({ blobs, index });
    if (published + removed > 0) {
      log.of('generic').warn('The last run did not end properly; its files were put in order', { published, removed });
    }
    return { index, blobs };
  } catch (error) {
    await index.close();
    throw error;
  }
}

async function createServices(
  settings: Settings,
  { index, blobs }: Storage,
  parts: ServerParts,
  tlsTransport: Transport | undefined,
): Promise<Services> {
  const {
    log,
    metrics,
    clock = { now: () => new Date() },
    lifecycle = noLifecycle,
    jobTypes = [],
    forgetsJobs,
  } = parts;
  const dictionary = dictionaryOf(settings);
  const mainTags = createMainDicomTagRegistry(extraMainTags(settings, dictionary));
  const live = createLiveSettings(settings);
  const attachmentWriter = createAttachmentWriter({ blobs, settings });
  const commitments = createCommitmentReports(settings);
  const reports: ReportTaker = {
    eventTypes: Object.values(ReportEvent),
    take: ({ aet, transferSyntax, eventType }, information) =>
      commitments.take(aet, readCommitmentReport(information, transferSyntax, eventType)),
  };
  const network = createModalityNetwork({
    settings,
    log,
    fallbackCharset: live.fallbackCharset,
    tlsTransport,
    reports,
  });
  const ask: Services['requestCommitment'] = (remote, transactionUid, instances) =>
    requestCommitment({ network, reports: commitments }, remote, transactionUid, instances);
  const shared = { settings, index, blobs, live, log, metrics, clock, dictionary, mainTags, attachmentWriter };
  const events = createIngestEvents();
  const reader = createInstanceReader(shared);
  const images = createImageWorkers({
    threads: settings.TranscoderThreadsCount,
    memoryBytes: settings.TranscoderMemoryCapacity * 1024 * 1024,
  });
  const transcoder = createTranscoder({ index, reader, settings, images });
  const transcoding = createIngestTranscoding({ ...shared, transcoder, log: log.of('generic') });
  const ingest = createIngest({ ...shared, events, transcoding });
  const arrivals = createMoveArrivals(events);
  const peerNetwork = createPeerNetwork({ settings, log });
  const peers = await createPeers(settings, index);
  const show = (report: RetrieveReport) => retrieveContent(report, dictionary);
  return {
    ...shared,
    ingest,
    reader,
    images,
    compressor: createCompressor(Math.min(availableParallelism() + 2, mostCompressed)),
    archiveRoom: createArchiveRoom(),
    transcoder,
    renderer: createRenderer({ reader, images, settings }),
    network,
    peerNetwork,
    modalities: await createModalities(settings, index),
    peers,
    jobs: await createJobs({
      ...shared,
      types: [
        ...retrieveJobTypes({ ...shared, ingest, arrivals, network, show }),
        modalityStoreJobType({ ...shared, reader, transcoder, network, requestCommitment: ask }),
        ...modificationJobTypes({ ...shared, ingest, reader, transcoder }),
        commitmentJobType({ ...shared, reader, network }),
        peerStoreJobType({ ...shared, reader, transcoder, peerNetwork, peers }),
        ...jobTypes,
      ],
      forgets: forgetsJobs,
      concurrency: settings.ConcurrentJobs || availableParallelism(),
    }),
    queries: createRemoteQueries(settings),
    commitments,
    requestCommitment: ask,
    worklists: createWorklistsOf(shared),
    arrivals,
    metadataTypes: createMetadataRegistry(settings.UserMetadata),
    attachmentTypes: createAttachmentRegistry(settings.UserContentType),
    exportFile,
    lifecycle,
  };
}

/** undefined where they are switched off. @throws PharosError BadParameterType */
function createWorklistsOf(
  deps: Omit<WorklistsDependencies, 'store' | 'options'> & { readonly settings: Settings; readonly index: IndexStore },
): Worklists | undefined {
  const options = readWorklistSettings(deps.settings.Worklists);
  if (!options.enable) return undefined;
  const store = options.saveInDatabase
    ? createKeptWorklists(deps.index, deps.clock)
    : openWorklistFolder({ folder: options.folder, log: deps.log });
  return createWorklists({ ...deps, store, options });
}

async function closeStorage({ index, blobs, lock }: Storage): Promise<void> {
  await index.sync();
  await index.close();
  await blobs.close();
  lock.release();
}

/** Opens storage and ports. @throws PharosError, Error that say what is in the way: a folder in use, a port taken */
export async function createServer(settings: Settings, parts: ServerParts): Promise<PharosServer> {
  const storage = await openStorage(settings, parts.log);
  try {
    return await startServer(settings, storage, parts);
  } catch (error) {
    await closeStorage(storage);
    throw error;
  }
}

async function startServer(settings: Settings, storage: Storage, parts: ServerParts): Promise<PharosServer> {
  const tlsTransport = dicomTlsTransport(settings);
  const services = await createServices(settings, storage, parts, tlsTransport);
  const { log, metrics } = parts;
  registerGauges(services);
  const shares = connectionShares();
  const http = createHttpServer({
    maximumConnections: shares.http,
    routes: routesFor(settings),
    services,
    settings,
    log: log.of('http'),
    metrics,
  });
  const dicom = createDicomServer(services, {
    transport: settings.DicomTlsEnabled ? tlsTransport : undefined,
    maximumConnections: shares.dicom,
  });
  // Associations share one thread; what Orthanc's figure warns of is that nobody is left to serve the next one.
  metrics.gauge('orthanc_available_dicom_threads', () => dicom.freeAssociations());
  const httpPort = settings.HttpServerEnabled ? await http.listen() : undefined;
  const dicomPort = await listenForDicom(settings, dicom).catch(async (error: unknown) => {
    await http.close(0);
    throw error;
  });
  const { worklists } = services;
  const onStable = new Set(worklists ? [worklists.studyIsStable] : []);
  const stability = createStability({ ...services, onStable });
  const removal = createRemoval(services);
  services.jobs.start();
  return {
    httpPort,
    dicomPort,
    services,
    async close() {
      // Requests may wait for jobs, so that these stop at the same time.
      await Promise.all([http.close(), dicomPort === undefined ? undefined : dicom.close(), services.jobs.stop()]);
      await services.ingest.drain();
      await Promise.all([stability.stop(), removal.stop(), worklists?.stop(), services.images.close()]);
      await closeStorage(storage);
    },
  };
}

async function listenForDicom(
  settings: Settings,
  dicom: ReturnType<typeof createDicomServer>,
): Promise<number | undefined> {
  if (!settings.DicomServerEnabled) return undefined;
  return (await dicom.listen()).port;
}
