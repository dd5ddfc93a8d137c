// The DICOM network as a client (PS3.4 A, B, C, K): one association for each operation, errors told as Orthanc does.
import { type Association, isStored, Status } from '@pharos/dimse';
import { PharosError, type Settings } from '../model/index.ts';
import type { ModalityNetwork, RemoteModality } from '../ports/index.ts';
import { onAssociation, statusFailure, step } from './association-steps.ts';
import { openPart10, type Part10Source } from './part10-source.ts';
import { echoProposal, storeContexts } from './proposals.ts';
import { createQueryRetrieve, type QueryRetrieveDeps } from './query-retrieve.ts';

export interface ModalityNetworkDeps extends QueryRetrieveDeps {
  readonly settings: Pick<Settings, 'MaximumPduLength' | 'DicomScuPreferredTransferSyntax'>;
}

export function createModalityNetwork(deps: ModalityNetworkDeps): ModalityNetwork {
  return {
    ...createQueryRetrieve(deps),
    async echo(remote) {
      await onAssociation(deps, remote, echoProposal, async (association) => {
        const status = await step(remote, 'C-ECHO', () => association.echo());
        if (status !== Status.success) throw statusFailure(remote, 'C-ECHO', status);
      });
    },
    async store(remote, file) {
      const source = await openPart10(file);
      const contexts = storeContexts(source, deps.settings.DicomScuPreferredTransferSyntax);
      try {
        await onAssociation(deps, remote, { contexts }, (association) => storeOn(association, remote, source));
      } finally {
        await source.close();
      }
      return { sopClassUid: source.sopClassUid, sopInstanceUid: source.sopInstanceUid };
    },
  };
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
  if (!isStored(status)) throw statusFailure(remote, 'C-STORE', status);
}
