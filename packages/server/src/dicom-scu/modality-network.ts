// The DICOM network as a client (PS3.4 A, B): one association for each operation, errors told as Orthanc does.
import { implementationClassUid, implementationVersionName } from '@pharos/dicom';
import {
  type Association,
  AssociationError,
  type AssociationOptions,
  formatStatus,
  isStored,
  openAssociation,
  Status,
  type Transport,
  tcpTransport,
  verificationSopClass,
} from '@pharos/dimse';
import { PharosError, type Settings } from '../model/index.ts';
import type { Log, ModalityNetwork, RemoteModality } from '../ports/index.ts';
import { openPart10, type Part10Source } from './part10-source.ts';

export interface ModalityNetworkDeps {
  readonly settings: Pick<Settings, 'MaximumPduLength' | 'DicomScuPreferredTransferSyntax'>;
  readonly log: Log;
  readonly transport?: Transport;
}

type Contexts = AssociationOptions['contexts'];

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const implicitLittleEndian = '1.2.840.10008.1.2';
const explicitBigEndian = '1.2.840.10008.1.2.2';

/** What all requests but C-STORE propose. */
const genericSyntaxes = [explicitLittleEndian, implicitLittleEndian, explicitBigEndian];

export function createModalityNetwork(deps: ModalityNetworkDeps): ModalityNetwork {
  return {
    async echo(remote) {
      const contexts = [{ abstractSyntax: verificationSopClass, transferSyntaxes: genericSyntaxes }];
      await onAssociation(deps, remote, contexts, async (association) => {
        const status = await step(remote, 'C-ECHO', () => association.echo());
        if (status !== Status.success) throw failure(remote, 'C-ECHO', `status ${formatStatus(status)}`);
      });
    },
    async store(remote, file) {
      const source = await openPart10(file);
      try {
        await onAssociation(deps, remote, storeContexts(source, deps), (association) =>
          storeOn(association, remote, source),
        );
      } finally {
        await source.close();
      }
      return { sopClassUid: source.sopClassUid, sopInstanceUid: source.sopInstanceUid };
    },
    find: () => notThere(),
    move: () => notThere(),
    get: () => notThere(),
  };
}

const notThere = (): never => {
  throw new PharosError('NotImplemented');
};

/** The source syntax; the preferred one; the two that everybody has: each in a context of its own, so that the peer cannot trade
 * one for another. */
function storeContexts(source: Part10Source, { settings }: ModalityNetworkDeps): Contexts {
  const abstractSyntax = source.sopClassUid;
  const preferred = settings.DicomScuPreferredTransferSyntax;
  const others = preferred === source.transferSyntax ? [] : [{ abstractSyntax, transferSyntaxes: [preferred] }];
  return [
    { abstractSyntax, transferSyntaxes: [source.transferSyntax] },
    ...others,
    { abstractSyntax, transferSyntaxes: [implicitLittleEndian, explicitLittleEndian] },
  ];
}

async function storeOn(association: Association, remote: RemoteModality, source: Part10Source): Promise<void> {
  const { sopClassUid, sopInstanceUid, transferSyntax } = source;
  const context = association.findContext(sopClassUid, transferSyntax);
  if (!context) {
    const details = `SOP class ${sopClassUid} in transfer syntax ${transferSyntax} to AET "${remote.aet}"`;
    throw new PharosError('NoPresentationContext', details);
  }
  const status = await step(remote, 'C-STORE', () =>
    association.store({ contextId: context.id, sopClassUid, sopInstanceUid, data: source.dataSet }),
  );
  if (!isStored(status)) throw failure(remote, 'C-STORE', `status ${formatStatus(status)}`);
}

async function onAssociation(
  { settings, log, transport }: ModalityNetworkDeps,
  remote: RemoteModality,
  contexts: Contexts,
  run: (association: Association) => Promise<void>,
): Promise<void> {
  const association = await step(remote, 'connecting', () =>
    openAssociation({
      transport: transport ?? tcpTransport,
      host: remote.host,
      port: remote.port,
      callingAet: remote.localAet,
      calledAet: remote.aet,
      contexts,
      maximumPduLength: settings.MaximumPduLength,
      implementation: { classUid: implementationClassUid, versionName: implementationVersionName },
      timeout: remote.timeout * 1000,
    }),
  );
  log.of('dicom').info(`Association opened with AET "${remote.aet}" on ${remote.host}:${remote.port}`);
  try {
    await run(association);
  } finally {
    await association.release();
  }
}

/** Names the step that failed. */
async function step<T>(remote: RemoteModality, name: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AssociationError) throw failure(remote, name, error.message, error);
    throw error;
  }
}

function failure(remote: RemoteModality, name: string, reason: string, cause?: unknown): PharosError {
  return new PharosError('NetworkProtocol', {
    details: `DicomAssociation - ${name} to AET "${remote.aet}": ${reason}`,
    cause,
  });
}
