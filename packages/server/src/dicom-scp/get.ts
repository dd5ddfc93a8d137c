// C-GET as SCP (PS3.7 9.1.3, PS3.4 C.4.3): what is asked for comes on the same association.
import { begun, type DataSet, dataSetBytes } from '@pharos/dicom';
import {
  AssociationError,
  CommandField,
  contextsAsScu,
  formatStatus,
  type PeerOperations,
  type Request,
  retrieveResponse,
  type Service,
  Status,
  statusClassOf,
} from '@pharos/dimse';
import { type DicomService, dicomServices, type Settings, storageSyntaxes } from '../model/index.ts';
import type { OutgoingInstance } from '../ports/index.ts';
import { instancesOfGet, outgoingSequence } from '../services/selection/index.ts';
import { createIdentifierExchange, type IdentifierDeps } from './identifier-exchange.ts';
import type { MoveServices } from './move.ts';
import { runSubOperations, type SentAs } from './sub-operations.ts';

export interface GetDeps extends IdentifierDeps {
  readonly services: Pick<MoveServices, 'index' | 'reader' | 'metrics' | 'transcoder'> & {
    readonly settings: Pick<Settings, 'TranscodeDicomProtocol'>;
  };
  /** Whether images may be transcoded for this peer. */
  allowsTranscoding(callingAet: string): boolean;
}

const { sopClasses }: DicomService = dicomServices.get;
const prefix = '1.2.840.10008.1.2';
/** In what an instance may go that the peer does not take as it is, best first: without compression, without loss, with loss. */
const preferred = [
  ...storageSyntaxes.sent,
  ...['.2', '.1.99', '.4.70', '.4.57', '.4.80', '.4.90', '.5', '.4.201', '.4.50', '.4.51', '.4.81', '.4.91'].map(
    (suffix) => prefix + suffix,
  ),
];

export function createGetService(deps: GetDeps): Service {
  return {
    command: CommandField.cGet,
    asksPeer: true,
    serves: (sopClassUid) => sopClasses.includes(sopClassUid),
    begin: (request, peer) =>
      createIdentifierExchange(request, deps, {
        name: 'C-GET',
        run: (identifier) => get(request, peer, identifier, deps),
        fail: (status, comment) =>
          request.respond(
            retrieveResponse(request.command, { status, comment, subOperations: none, hasIdentifier: false }),
          ),
      }),
  };
}

const none = { remaining: 0, completed: 0, failed: 0, warning: 0 };

/** @throws PharosError BadRequest, InexistentItem */
async function get(request: Request, peer: PeerOperations, identifier: DataSet, deps: GetDeps): Promise<void> {
  const { services, log } = deps;
  const { callingAet } = request.association;
  const begun = performance.now();
  const instances = await instancesOfGet(services, identifier);
  const transcodes = services.settings.TranscodeDicomProtocol && deps.allowsTranscoding(callingAet);
  const { status } = await runSubOperations({
    request,
    instances,
    outgoing: outgoingSequence(services, instances),
    send: (instance) => sendBack(request, peer, instance, transcodes),
    failed(error) {
      const message = error instanceof Error ? error.message : 'unknown error';
      log.error(`A C-STORE of a C-GET failed: ${message}`);
      return error instanceof AssociationError ? 'lost' : 'failed';
    },
  });
  services.metrics.observe('orthanc_get_scp_duration_ms', performance.now() - begun);
  log.info(`C-GET of AET "${callingAet}": ${instances.length} instances, status ${formatStatus(status)}`);
}

async function sendBack(
  { association }: Request,
  peer: PeerOperations,
  stored: OutgoingInstance,
  transcodes: boolean,
): Promise<SentAs> {
  const contexts = contextsAsScu(association, stored.sopClassUid);
  const syntaxes = contexts.map(({ transferSyntax }) => transferSyntax);
  const instance = await inOneOf(stored, syntaxes, transcodes);
  const context = contexts.find(({ transferSyntax }) => transferSyntax === instance.transferSyntax);
  if (!context) {
    throw new Error(`No presentation context for SOP class ${stored.sopClassUid} in ${stored.transferSyntax}`);
  }
  const { sopClassUid, sopInstanceUid } = instance;
  const data = (await instance.lendDataSet?.()) ?? (await begun(dataSetBytes(instance.open())));
  const status = await peer.store({ contextId: context.id, sopClassUid, sopInstanceUid, data });
  if (status === Status.success || status === Status.duplicateInstance) return 'completed';
  return statusClassOf(status) === 'warning' ? 'warning' : 'failed';
}

/** As it is stored where that will do; else in what the peer takes, without loss where it can be helped.
 * @throws PharosError NotImplemented, BadFileFormat */
async function inOneOf(
  instance: OutgoingInstance,
  accepted: readonly string[],
  transcodes: boolean,
): Promise<OutgoingInstance> {
  if (!transcodes || !instance.transcode || accepted.includes(instance.transferSyntax)) return instance;
  return instance.transcode(preferred.filter((syntax) => accepted.includes(syntax)));
}
