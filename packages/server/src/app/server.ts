// The composition root: from settings to a running server. The only place that knows every part.
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { createImageWorkers } from '@pharos/codecs';
import type { Transport } from '@pharos/dimse';
import { createDicomServer } from '../dicom-scp/index.ts';
import { createModalityNetwork, type ReportTaker } from '../dicom-scu/index.ts';
import { createHttpServer, createLocalClient } from '../http/index.ts';
import { createPeerNetwork } from '../http-client/index.ts';
import { type FolderLock, lockFolder, openSqliteIndex } from '../index-sqlite/index.ts';
import {
  createAttachmentRegistry,
  createMainDicomTagRegistry,
  createMetadataRegistry,
  type Settings,
} from '../model/index.ts';
import { createLua, type Lua, type LuaSurroundings, runOnFile } from '../plugins/lua/index.ts';
import type { Clock, IndexStore, Log, Metrics } from '../ports/index.ts';
import { modifyRequestOf, retrieveContent, routesFor } from '../rest/index.ts';
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
import { createMissingFiles } from '../services/missing-files/index.ts';
import { createModalities, createPeers } from '../services/modalities/index.ts';
import {
  createOperations,
  type OperationJobDependencies,
  type Operations,
  operationJobType,
} from '../services/operations/index.ts';
import { peerStoreJobType } from '../services/peers/index.ts';
import {
  createMoveArrivals,
  createRemoteQueries,
  type RetrieveReport,
  retrieveJobTypes,
} from '../services/query/index.ts';
import { createInstanceReader, createInstanceViewer } from '../services/read/index.ts';
import { createRemoval } from '../services/removal/index.ts';
import { createRenderer } from '../services/render/index.ts';
import { createStability } from '../services/stability/index.ts';
import { createTranscoder } from '../services/transcode/index.ts';
import { modalityStoreJobType } from '../services/transfer/index.ts';
import { createUploadFolders } from '../services/webdav/index.ts';
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
import { filteredNetwork } from './filtered-network.ts';
import { registerGauges } from './gauges.ts';
import { observedIndex } from './observed-index.ts';
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
  /** As it stands in the files, for scripts. */
  readonly configuration?: Readonly<Record<string, unknown>>;
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

/** The services, and what goes with them as long as the server runs. */
interface Assembly {
  readonly services: Services;
  readonly lua: Lua;
  readonly operations: Operations;
  readonly viewTags: LuaSurroundings['viewTags'];
}

/** More would leave too few of the threads that also read and write files. */
const mostCompressed = 6;

/** Bytes of an answer of the REST API to a script. */
const longestAnswer = 512 * 1024 * 1024;

/** Milliseconds that a request may wait for a job once the server ends. */
const patienceWithJobs = 5000;

/** Milliseconds that the end of the server waits for instances under way before it stops the scripts: a filter may be what keeps them. */
const patienceWithFilters = 10_000;

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
  storage: Storage,
  parts: ServerParts,
  tlsTransport: Transport | undefined,
): Promise<Assembly> {
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
  const metadataTypes = createMetadataRegistry(settings.UserMetadata);
  const lua = createLua({ settings, log, dictionary, mainTags, metadataTypes });
  const { filters, listeners } = lua;
  const { blobs } = storage;
  const index = observedIndex(storage.index, listeners);
  const live = createLiveSettings(settings);
  const attachmentWriter = createAttachmentWriter({ blobs, settings });
  const commitments = createCommitmentReports(settings);
  const reports: ReportTaker = {
    eventTypes: Object.values(ReportEvent),
    take: ({ aet, transferSyntax, eventType }, information) =>
      commitments.take(aet, readCommitmentReport(information, transferSyntax, eventType)),
  };
  const viewOf = createInstanceViewer({ dictionary, mainTags });
  const { fallbackCharset } = live;
  const network = filteredNetwork(createModalityNetwork({ settings, log, fallbackCharset, tlsTransport, reports }), {
    filters,
    fallbackCharset,
    viewTags: (file) => viewOf(file).tags,
  });
  const ask: Services['requestCommitment'] = (remote, transactionUid, instances) =>
    requestCommitment({ network, reports: commitments }, remote, transactionUid, instances);
  const shared = { settings, index, blobs, live, log, metrics, clock, dictionary, mainTags, attachmentWriter };
  const events = createIngestEvents();
  events.onStored.add(listeners.stored);
  events.wantsView.add(listeners.wantsView);
  const reader = createInstanceReader(shared);
  const images = createImageWorkers({
    threads: settings.TranscoderThreadsCount,
    memoryBytes: settings.TranscoderMemoryCapacity * 1024 * 1024,
  });
  const transcoder = createTranscoder({ ...shared, reader, images });
  const transcoding = createIngestTranscoding({ ...shared, transcoder, log: log.of('generic') });
  const ingest = createIngest({ ...shared, events, filters, transcoding });
  const arrivals = createMoveArrivals(events);
  const peerNetwork = createPeerNetwork({ settings, log });
  const peers = await createPeers(settings, index);
  const show = (report: RetrieveReport) => retrieveContent(report, dictionary);
  const callCommand: OperationJobDependencies['callCommand'] = (command, args, file) =>
    runOnFile(settings.TemporaryDirectory, command, args, file);
  const working = { ...shared, ingest, reader, transcoder, network, peerNetwork, peers, callCommand };
  const jobs = await createJobs({
    ...shared,
    types: [
      ...retrieveJobTypes({ ...shared, ingest, arrivals, network, show }),
      modalityStoreJobType({ ...shared, reader, transcoder, network, requestCommitment: ask }),
      ...modificationJobTypes({ ...shared, ingest, reader, transcoder }),
      commitmentJobType({ ...shared, reader, network }),
      peerStoreJobType({ ...shared, reader, transcoder, peerNetwork, peers }),
      operationJobType(working),
      ...jobTypes,
    ],
    forgets: forgetsJobs,
    observers: new Set([listeners.job]),
    concurrency: settings.ConcurrentJobs || availableParallelism(),
  });
  const services: Services = {
    ...shared,
    ingest,
    reader,
    images,
    compressor: createCompressor(Math.min(availableParallelism() + 2, mostCompressed)),
    archiveRoom: createArchiveRoom(),
    uploadFolders: createUploadFolders(),
    transcoder,
    renderer: createRenderer({ reader, images, settings }),
    network,
    peerNetwork,
    modalities: await createModalities(settings, index),
    peers,
    jobs,
    queries: createRemoteQueries(settings),
    commitments,
    requestCommitment: ask,
    worklists: createWorklistsOf(shared),
    arrivals,
    metadataTypes,
    attachmentTypes: createAttachmentRegistry(settings.UserContentType),
    exportFile,
    lifecycle,
    filters,
    runScript: lua.runScript,
  };
  return {
    services,
    lua,
    operations: createOperations(working, jobs),
    async viewTags(id) {
      const header = await reader.header(id);
      return header && viewOf(header).tags;
    },
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
  const assembly = await createServices(settings, storage, parts, tlsTransport);
  const { services, lua } = assembly;
  const { log, metrics } = parts;
  registerGauges(services);
  const shares = connectionShares();
  const routes = routesFor(settings);
  const http = createHttpServer({
    maximumConnections: shares.http,
    routes,
    screen: lua.filters,
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
  const { worklists } = services;
  const onStable = new Set([...(worklists ? [worklists.studyIsStable] : []), lua.listeners.stable]);
  const stability = createStability({ ...services, onStable });
  const removal = createRemoval(services);
  const missingFiles = createMissingFiles(services);
  const background = async (): Promise<void> => {
    await lua.stop();
    await Promise.all([
      stability.stop(),
      removal.stop(),
      missingFiles.stop(),
      worklists?.stop(),
      services.images.close(),
    ]);
  };
  const listen = async () => {
    // Before anybody is let in: scripts may have a say in that.
    await lua.load({
      ...services,
      ...assembly,
      rest: createLocalClient({ routes, services, settings, source: 'Lua', longestAnswer }),
      network: services.peerNetwork,
      values: services.index,
      stability,
      configuration: parts.configuration ?? {},
      modification: (members) => modifyRequestOf(members, undefined, services),
    });
    const httpPort = settings.HttpServerEnabled ? await http.listen() : undefined;
    const dicomPort = await listenForDicom(settings, dicom).catch(async (error: unknown) => {
      await http.close(0);
      throw error;
    });
    return { httpPort, dicomPort };
  };
  const { httpPort, dicomPort } = await listen().catch(async (error: unknown) => {
    await background();
    throw error;
  });
  services.jobs.start();
  lua.begin();
  // What has become stable while the server was not there is news for scripts, too.
  stability.start();
  const closePorts = async (): Promise<void> => {
    const dismissal = setInterval(() => services.jobs.dismiss(), patienceWithJobs);
    await Promise.all([http.close(), dicomPort === undefined ? undefined : dicom.close()]);
    clearInterval(dismissal);
  };
  const drainIngest = (): Promise<void> =>
    Promise.race([services.ingest.drain(), wait(patienceWithFilters, undefined, { ref: false })]);
  return {
    httpPort,
    dicomPort,
    services,
    async close() {
      // Requests may wait for jobs, so that these halt at the same time, unless scripts still have jobs done.
      await Promise.all([closePorts(), lua.isListening() ? undefined : services.jobs.halt()]);
      await drainIngest();
      await stability.stop();
      // Nothing comes in any more, but scripts may have jobs done for what has come.
      await lua.finish();
      await services.jobs.halt();
      await drainIngest();
      await background();
      await services.ingest.drain();
      await services.jobs.stop();
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
