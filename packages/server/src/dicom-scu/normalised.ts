// N-ACTION and N-EVENT-REPORT as invoker (PS3.7 10.1.1, 10.1.4).
import { encodeDataSet } from '@pharos/dicom';
import { type Association, CommandField, createNormalisedService, Status, statusClassOf } from '@pharos/dimse';
import type { ModalityNetwork, NormalisedRequest, RemoteModality } from '../ports/index.ts';
import {
  type AssociationDeps,
  contextFor,
  onAssociation,
  type Proposal,
  statusFailure,
  step,
} from './association-steps.ts';
import { genericProposal } from './proposals.ts';

/** An N-EVENT-REPORT that came on the association of an N-ACTION. Gives the status. */
export type TakeReport = (
  report: { readonly aet: string; readonly typeId: number; readonly transferSyntax: string },
  information: Uint8Array,
) => number;

export interface NormalisedDeps extends AssociationDeps {
  /** Nobody waits for reports where absent. */
  readonly takeReport?: TakeReport;
}

const longestReport = 16 * 1024 * 1024;

export function createNormalised(deps: NormalisedDeps): Pick<ModalityNetwork, 'action' | 'eventReport'> {
  return {
    action: (remote, request) =>
      run(deps, remote, request, 'N-ACTION', actionProposal(deps, remote, request), (association, options) =>
        association.action({ ...options, actionTypeId: request.typeId }),
      ),
    eventReport: (remote, request) =>
      run(deps, remote, request, 'N-EVENT-REPORT', reportProposal(request), (association, options) =>
        association.eventReport({ ...options, eventTypeId: request.typeId }),
      ),
  };
}

/** The peer may report on the same association, before it is released. */
function actionProposal({ takeReport }: NormalisedDeps, remote: RemoteModality, { sopClassUid }: NormalisedRequest) {
  const proposal = genericProposal(sopClassUid);
  if (!takeReport) return proposal;
  const service = createNormalisedService({
    command: CommandField.nEventReport,
    serves: (uid) => uid === sopClassUid,
    maximumBytes: longestReport,
    handle: async ({ command, context }, information) =>
      takeReport(
        { aet: remote.aet, typeId: command.EventTypeID ?? 0, transferSyntax: context.transferSyntax },
        information,
      ),
  });
  return { ...proposal, services: [service] };
}

/** This side performs the service: the peer is its SCU (PS3.7 D.3.3.4). */
function reportProposal({ sopClassUid }: NormalisedRequest): Proposal {
  return { ...genericProposal(sopClassUid), roles: [{ sopClassUid, scu: false, scp: true }] };
}

type Options = Omit<Parameters<Association['action']>[0], 'actionTypeId'>;

async function run(
  deps: NormalisedDeps,
  remote: RemoteModality,
  { sopClassUid, sopInstanceUid, information }: NormalisedRequest,
  name: string,
  proposal: Proposal,
  request: (association: Association, options: Options) => Promise<number>,
): Promise<void> {
  await onAssociation(deps, remote, proposal, async (association) => {
    const context = contextFor(association, remote, name, sopClassUid);
    const data = [encodeDataSet(information, context.transferSyntax)];
    const status = await step(remote, name, () =>
      request(association, { contextId: context.id, sopClassUid, sopInstanceUid, information: data }),
    );
    const isDone = status === Status.success || statusClassOf(status) === 'warning';
    if (!isDone) throw statusFailure(remote, name, status);
  });
}
