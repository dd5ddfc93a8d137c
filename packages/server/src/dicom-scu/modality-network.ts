// The DICOM network as a client (PS3.4 A, B, C, K): one association for each operation, errors told as Orthanc does.
import { Status } from '@pharos/dimse';
import type { ModalityNetwork } from '../ports/index.ts';
import { onAssociation, statusFailure, step } from './association-steps.ts';
import { createNormalised, type NormalisedDeps } from './normalised.ts';
import { openPart10 } from './part10-source.ts';
import { echoProposal } from './proposals.ts';
import { createQueryRetrieve, type QueryRetrieveDeps } from './query-retrieve.ts';
import { createDataSetSession, openStoreSession, type StoreDeps } from './store-session.ts';

export interface ModalityNetworkDeps extends QueryRetrieveDeps, StoreDeps, NormalisedDeps {
  readonly settings: StoreDeps['settings'];
}

export function createModalityNetwork(deps: ModalityNetworkDeps): ModalityNetwork {
  return {
    ...createQueryRetrieve(deps),
    ...createNormalised(deps),
    async echo(remote) {
      await onAssociation(deps, remote, echoProposal, async (association) => {
        const status = await step(remote, 'C-ECHO', () => association.echo());
        if (status !== Status.success) throw statusFailure(remote, 'C-ECHO', status);
      });
    },
    async store(remote, file) {
      const { dataSet, close, ...ids } = await openPart10(file);
      const session = createDataSetSession(deps, remote, false);
      try {
        await session.send({ ...ids, dataSet: () => dataSet });
      } finally {
        await session.close();
        await close();
      }
      return { sopClassUid: ids.sopClassUid, sopInstanceUid: ids.sopInstanceUid };
    },
    openStore: (remote) => openStoreSession(deps, remote),
  };
}
