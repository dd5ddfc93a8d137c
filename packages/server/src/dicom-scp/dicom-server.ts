// The DICOM server: C-ECHO, C-STORE and C-FIND onto the services (PS3.4 A, B, C).
import { implementationClassUid, implementationVersionName } from '@pharos/dicom';
import {
  createEchoService,
  createScpServer,
  createStoreService,
  formatStatus,
  type Transport,
  tcpTransport,
} from '@pharos/dimse';
import { associationLimit, associationLimitOfPeer, type Settings } from '../model/index.ts';
import type { Ingest, Modality, Registry, Services } from '../services/index.ts';
import type { QueryDependencies } from '../services/query/index.ts';
import { type AuthorisationSettings, createAuthorisation } from './authorisation.ts';
import { type CommitmentServices, createCommitmentServices } from './commitment.ts';
import { contextRulesOf } from './context-rules.ts';
import { createEventLog } from './event-log.ts';
import { createFindService } from './find.ts';
import { createGetService, type GetDeps } from './get.ts';
import { createMoveService, type MoveServices } from './move.ts';
import { beginInstance, storeStatusOf } from './store-sink.ts';
import { createWorklistService } from './worklist.ts';

export interface DicomServerOptions {
  /** Instead of DicomPort; 0 is any free port. */
  readonly port?: number;
  /** Address to listen on; all by default. */
  readonly host?: string;
  /** Associations at the same time; `associationLimit` by default. */
  readonly maximumAssociations?: number;
  /** Connections at the same time, with an association or not yet. */
  readonly maximumConnections?: number;
  /** TCP in clear by default. */
  readonly transport?: Transport;
}

export interface DicomServer {
  /** @throws Error where the port is taken */
  listen(): Promise<{ readonly port: number }>;
  /** How many more associations would be accepted at this time. */
  freeAssociations(): number;
  /** Lets nobody in any more, finishes what is in flight, ends every association. */
  close(): Promise<void>;
}

/** What the DICOM server needs of the services. */
export type DicomServerServices = Pick<Services, 'live' | 'log' | 'worklists' | 'filters' | 'dictionary'> &
  Omit<QueryDependencies, 'settings' | 'live' | 'dictionary'> &
  Omit<MoveServices, 'settings'> &
  Omit<CommitmentServices, 'settings'> & {
    readonly ingest: Pick<Ingest, 'begin'>;
    readonly modalities: Pick<Registry<Modality>, 'names' | 'get'>;
    readonly settings: AuthorisationSettings &
      QueryDependencies['settings'] &
      MoveServices['settings'] &
      GetDeps['services']['settings'] &
      Pick<Settings, 'MaximumPduLength' | 'DicomScpTimeout' | 'DicomPort'>;
  };

export function createDicomServer(services: DicomServerServices, options: DicomServerOptions = {}): DicomServer {
  const { settings, ingest, live, modalities, worklists, dictionary, filters, metrics } = services;
  const log = services.log.of('dicom');
  const authorisation = createAuthorisation(settings, modalities);
  const { modalityOf } = authorisation;
  const store = createStoreService({
    begin: (request) => beginInstance(ingest, request),
    statusOf(error) {
      const status = storeStatusOf(error);
      const message = error instanceof Error ? error.message : 'unknown error';
      log.error(`C-STORE failed with status ${formatStatus(status)}: ${message}`);
      return status;
    },
  });
  const serving = [
    createEchoService(),
    store,
    createFindService(services, { log, metrics, filters, modalityOf }),
    createMoveService({ live, log, services, modalityOf }),
    createGetService({
      live,
      log,
      services,
      allowsTranscoding: (aet) => modalityOf(aet)?.allow.Transcoding ?? true,
    }),
    ...createCommitmentServices({ log, services, modalityOf }),
    ...(worklists ? [createWorklistService(worklists, { live, log, metrics, dictionary, filters, modalityOf })] : []),
  ];
  const { maximumAssociations = associationLimit } = options;
  const server = createScpServer({
    transport: options.transport ?? tcpTransport,
    implementation: { classUid: implementationClassUid, versionName: implementationVersionName },
    maximumPduLength: settings.MaximumPduLength,
    contextRules: () => contextRulesOf(live, serving),
    admit: authorisation.admit,
    authorise: ({ association, command }) => authorisation.isAllowed(association, command),
    services: serving,
    inactivityTimeout: settings.DicomScpTimeout * 1000,
    maximumAssociations,
    maximumConnections: options.maximumConnections,
    maximumAssociationsOfPeer: associationLimitOfPeer,
    observe: createEventLog(log),
  });
  return {
    listen: () => server.listen(options.port ?? settings.DicomPort, options.host),
    freeAssociations: () => Math.max(0, maximumAssociations - server.associations),
    close: () => server.close(),
  };
}
