// Associations with remote modalities: one for each operation, errors told as Orthanc does.
import { implementationClassUid, implementationVersionName } from '@pharos/dicom';
import {
  type Association,
  AssociationError,
  type AssociationOptions,
  openAssociation,
  type Transport,
  tcpTransport,
} from '@pharos/dimse';
import { PharosError, type Settings } from '../model/index.ts';
import type { Log, RemoteModality } from '../ports/index.ts';

export interface ModalityNetworkDeps {
  readonly settings: Pick<Settings, 'MaximumPduLength' | 'DicomScuPreferredTransferSyntax'>;
  readonly log: Log;
  readonly transport?: Transport;
}

/** What is asked of the peer at the start. */
export type Proposal = Pick<AssociationOptions, 'contexts' | 'roles' | 'services'>;

/** What all requests but C-STORE propose: explicit and implicit little endian, explicit big endian. */
export const genericSyntaxes = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2', '1.2.840.10008.1.2.2'];

/** Opens an association; whoever asked for it releases it. @throws PharosError NetworkProtocol */
export async function openTo(
  { settings, log, transport }: ModalityNetworkDeps,
  remote: RemoteModality,
  proposal: Proposal,
): Promise<Association> {
  const association = await step(remote, 'connecting', () =>
    openAssociation({
      transport: transport ?? tcpTransport,
      host: remote.host,
      port: remote.port,
      callingAet: remote.localAet,
      calledAet: remote.aet,
      ...proposal,
      maximumPduLength: settings.MaximumPduLength,
      implementation: { classUid: implementationClassUid, versionName: implementationVersionName },
      timeout: remote.timeout * 1000,
    }),
  );
  log.of('dicom').info(`Association opened with AET "${remote.aet}" on ${remote.host}:${remote.port}`);
  return association;
}

/** Runs something on an association of its own. @throws PharosError NetworkProtocol, what `run` throws */
export async function onAssociation<T>(
  deps: ModalityNetworkDeps,
  remote: RemoteModality,
  proposal: Proposal,
  run: (association: Association) => Promise<T>,
): Promise<T> {
  const association = await openTo(deps, remote, proposal);
  try {
    return await run(association);
  } finally {
    await association.release();
  }
}

/** Names the step that failed. */
export async function step<T>(remote: RemoteModality, name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AssociationError) throw failure(remote, name, error.message, error);
    throw error;
  }
}

export function failure(remote: RemoteModality, name: string, reason: string, cause?: unknown): PharosError {
  return new PharosError('NetworkProtocol', {
    details: `DicomAssociation - ${name} to AET "${remote.aet}": ${reason}`,
    cause,
  });
}
