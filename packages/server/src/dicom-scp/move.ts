// C-MOVE as SCP (PS3.7 9.1.4, PS3.4 C.4.2): what is asked for goes to a registered modality.
import type { DataSet } from '@pharos/dicom';
import {
  CommandField,
  formatStatus,
  isStored,
  type Request,
  retrieveResponse,
  type Service,
  Status,
} from '@pharos/dimse';
import { type DicomService, dicomServices, type OrthancId, PharosError, type Settings } from '../model/index.ts';
import {
  type Clock,
  DimseStatusError,
  type IndexStore,
  type Metrics,
  type ModalityNetwork,
  type MoveOriginator,
  type RemoteModality,
} from '../ports/index.ts';
import type { InstanceReader, Modality, Services, Transcoder } from '../services/index.ts';
import { remoteModality } from '../services/modalities/index.ts';
import { instancesOfMove, outgoingSequence } from '../services/selection/index.ts';
import { createModalityStoreJob, logExports } from '../services/transfer/index.ts';
import { createIdentifierExchange, type IdentifierDeps } from './identifier-exchange.ts';
import { runSubOperations, type SentAs } from './sub-operations.ts';

export interface MoveServices {
  readonly index: Pick<IndexStore, 'find' | 'get' | 'getAll' | 'logExport'>;
  readonly reader: Pick<InstanceReader, 'header' | 'stream' | 'lend' | 'sequence'>;
  readonly transcoder: Pick<Transcoder, 'attachment'>;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'observe'>;
  readonly jobs: Pick<Services['jobs'], 'submit'>;
  readonly requestCommitment: Services['requestCommitment'];
  readonly network: Pick<ModalityNetwork, 'openStore'>;
  readonly settings: Pick<Settings, 'DicomAet' | 'DicomScuTimeout' | 'SynchronousCMove' | 'LogExportedResources'>;
}

export interface MoveDeps extends IdentifierDeps {
  readonly services: MoveServices;
  /** The registered modality of a title. */
  modalityOf(aet: string): Modality | undefined;
}

const { sopClasses }: DicomService = dicomServices.move;

export function createMoveService(deps: MoveDeps): Service {
  return {
    command: CommandField.cMove,
    serves: (sopClassUid) => sopClasses.includes(sopClassUid),
    begin: (request) =>
      createIdentifierExchange(request, deps, {
        name: 'C-MOVE',
        run: (identifier) => move(request, identifier, deps),
        fail: (status, comment) =>
          request.respond(
            retrieveResponse(request.command, { status, comment, subOperations: none, hasIdentifier: false }),
          ),
      }),
  };
}

const none = { remaining: 0, completed: 0, failed: 0, warning: 0 };

/** @throws PharosError BadRequest, InexistentItem */
async function move(request: Request, identifier: DataSet, deps: MoveDeps): Promise<void> {
  const { services, log } = deps;
  const { association, command } = request;
  const begun = performance.now();
  const remote = destinationOf(command.MoveDestination, deps);
  const instances = await instancesOfMove(services, identifier);
  const moveOriginator = { aet: association.callingAet, messageId: command.MessageID ?? 0 };
  const end = services.settings.SynchronousCMove
    ? await sendNow(request, instances, remote, moveOriginator, deps)
    : await sendLater(request, instances, remote, moveOriginator, deps);
  services.metrics.observe('orthanc_move_scp_duration_ms', performance.now() - begun);
  log.info(
    `C-MOVE of AET "${association.callingAet}" to AET "${remote.aet}": ${instances.length} instances, status ${formatStatus(end)}`,
  );
}

/** @throws PharosError BadRequest */
function destinationOf(title: string | undefined, { modalityOf, services }: MoveDeps): RemoteModality {
  const modality = title === undefined ? undefined : modalityOf(title);
  if (modality) return remoteModality(modality, services.settings);
  throw new PharosError('BadRequest', 'The move destination is unknown');
}

async function sendNow(
  request: Request,
  instances: readonly OrthancId[],
  remote: RemoteModality,
  moveOriginator: MoveOriginator,
  deps: MoveDeps,
): Promise<number> {
  const { services, log } = deps;
  const session = services.network.openStore(remote);
  try {
    const { status } = await runSubOperations({
      request,
      instances,
      outgoing: outgoingSequence(services, instances),
      async send(instance, id): Promise<SentAs> {
        await session.store(instance, moveOriginator);
        await noteExports(deps, [id], remote);
        return 'completed';
      },
      failed(error) {
        const message = error instanceof Error ? error.message : 'unknown error';
        log.error(`A C-STORE of a C-MOVE failed: ${message}`);
        return isOfInstance(error) ? 'failed' : 'lost';
      },
    });
    return status;
  } finally {
    await session.close();
  }
}

/** The destination answered, or refuses this kind of instance, so that it may take others. */
function isOfInstance(error: unknown): boolean {
  if (!(error instanceof PharosError) || error.code !== 'NetworkProtocol') return true;
  return error.cause instanceof DimseStatusError && !isStored(error.cause.status);
}

/** What was sent, was sent, whether that can be noted or not. */
async function noteExports(
  { services, log }: MoveDeps,
  instances: readonly OrthancId[],
  { aet }: RemoteModality,
): Promise<void> {
  const resources = instances.map((id) => ({ level: 'Instance', id }) as const);
  try {
    await logExports(services, resources, aet);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown error';
    log.error(`What a C-MOVE has sent to AET "${aet}" was not noted among the exports: ${message}`);
  }
}

/** As if all were done: what becomes of it is told by the job. */
async function sendLater(
  { command, respond }: Request,
  instances: readonly OrthancId[],
  remote: RemoteModality,
  moveOriginator: MoveOriginator,
  deps: MoveDeps,
): Promise<number> {
  const { services } = deps;
  const input = { description: 'C-MOVE', instances, parents: [], resources: [], permissive: false, remote };
  await services.jobs.submit(createModalityStoreJob(services, { ...input, moveOriginator }));
  await noteExports(deps, instances, remote);
  const subOperations = { ...none, completed: instances.length };
  await respond(retrieveResponse(command, { status: Status.success, subOperations, hasIdentifier: false }));
  return Status.success;
}
