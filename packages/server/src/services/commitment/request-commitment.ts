// Asking a modality for storage commitment (PS3.4 J.3.2).
import { SopClass } from '../../model/index.ts';
import type { ModalityNetwork, RemoteModality } from '../../ports/index.ts';
import { type CommitmentReference, commitmentInstance, commitmentRequest } from './commitment-data.ts';
import type { CommitmentReports } from './commitment-reports.ts';

const requestCommitmentAction = 1;

/** The report comes later, under the transaction UID. @throws PharosError NetworkProtocol, NoPresentationContext */
export async function requestCommitment(
  { network, reports }: { readonly network: Pick<ModalityNetwork, 'action'>; readonly reports: CommitmentReports },
  remote: RemoteModality,
  transactionUid: string,
  references: readonly CommitmentReference[],
): Promise<void> {
  // Before the request: the report may come before its answer.
  reports.expect(transactionUid, remote.aet);
  try {
    await network.action(remote, {
      sopClassUid: SopClass.storageCommitmentPushModel,
      sopInstanceUid: commitmentInstance,
      typeId: requestCommitmentAction,
      information: commitmentRequest({ transactionUid, references }),
    });
  } catch (error) {
    reports.forget(transactionUid);
    throw error;
  }
}
