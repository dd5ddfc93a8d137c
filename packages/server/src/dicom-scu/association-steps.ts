// One association for each operation, and what is told of the step that failed.
import { implementationClassUid, implementationVersionName } from '@pharos/dicom';
import {
  type AcceptedContext,
  type Association,
  AssociationError,
  type AssociationOptions,
  describeStatus,
  openAssociation,
  Status,
  type Transport,
  tcpTransport,
} from '@pharos/dimse';
import { dimsePayload, PharosError, type Settings } from '../model/index.ts';
import { DimseStatusError, type Log, type RemoteModality } from '../ports/index.ts';

export interface AssociationDeps {
  readonly settings: Pick<Settings, 'MaximumPduLength'>;
  readonly log: Log;
  readonly transport?: Transport;
  /** For modalities with DICOM TLS: nothing is ever sent to them in clear. */
  readonly tlsTransport?: Transport;
}

/** What an operation asks for. */
export type Proposal = Pick<AssociationOptions, 'contexts' | 'roles' | 'services'>;

/** @throws PharosError NetworkProtocol */
export async function open(deps: AssociationDeps, remote: RemoteModality, proposal: Proposal): Promise<Association> {
  const { settings, log } = deps;
  const association = await step(remote, 'connecting', () =>
    openAssociation({
      ...proposal,
      transport: transportTo(deps, remote),
      host: remote.host,
      port: remote.port,
      callingAet: remote.localAet,
      calledAet: remote.aet,
      maximumPduLength: settings.MaximumPduLength,
      implementation: { classUid: implementationClassUid, versionName: implementationVersionName },
      timeout: remote.timeout * 1000,
    }),
  );
  log.of('dicom').info(`Association opened with AET "${remote.aet}" on ${remote.host}:${remote.port}`);
  return association;
}

/** Releases the association whatever happens. @throws PharosError NetworkProtocol, and what `run` throws */
export async function onAssociation<T>(
  deps: AssociationDeps,
  remote: RemoteModality,
  proposal: Proposal,
  run: (association: Association) => Promise<T>,
): Promise<T> {
  const association = await open(deps, remote, proposal);
  try {
    return await run(association);
  } finally {
    await association.release();
  }
}

const noTls =
  'DICOM TLS is not set up here: set DicomTlsCertificate, DicomTlsPrivateKey and DicomTlsTrustedCertificates to PEM files';

function transportTo({ transport, tlsTransport }: AssociationDeps, remote: RemoteModality): Transport {
  if (!remote.useDicomTls) return transport ?? tcpTransport;
  if (!tlsTransport) throw failure(remote, 'connecting', noTls);
  return tlsTransport;
}

/** @throws PharosError NoPresentationContext */
export function contextFor(
  association: Association,
  remote: RemoteModality,
  service: string,
  sopClassUid: string,
): AcceptedContext {
  const context = association.findContext(sopClassUid);
  if (context) return context;
  throw new PharosError('NoPresentationContext', `${service} of SOP class ${sopClassUid} to AET "${remote.aet}"`);
}

/** Names the step that failed. */
export async function step<T>(remote: RemoteModality, name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw explained(remote, name, error);
  }
}

/** An error of the network as one of the server, that names the step; any other as it is. */
export function explained(remote: RemoteModality, name: string, error: unknown): unknown {
  return error instanceof AssociationError ? failure(remote, name, error.message, error) : error;
}

export function failure(remote: RemoteModality, name: string, reason: string, cause?: unknown): PharosError {
  return new PharosError('NetworkProtocol', {
    details: `DicomAssociation - ${name} to AET "${remote.aet}": ${reason}`,
    cause,
  });
}

const searching: readonly string[] = ['C-FIND', 'C-MOVE'];

/** The peer answered, but did not do it. */
export function statusFailure(remote: RemoteModality, service: string, status: number): PharosError {
  const details = `${service} SCU to AET "${remote.aet}" has failed with DIMSE status ${describeStatus(status)}`;
  const isUnable = status === Status.cannotUnderstand && searching.includes(service);
  return new PharosError(isUnable ? 'UnableToProcess' : 'NetworkProtocol', {
    details,
    cause: new DimseStatusError(status, details),
    payload: dimsePayload(status),
  });
}
