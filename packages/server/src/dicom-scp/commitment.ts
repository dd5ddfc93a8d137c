// Storage commitment over the network (PS3.4 J): requests of others become jobs, their reports are kept.
import {
  CommandField,
  createNormalisedService,
  type NormalisedOutcome,
  type Request,
  type Service,
  Status,
} from '@pharos/dimse';
import { PharosError, type Settings, SopClass } from '../model/index.ts';
import type { Logger } from '../ports/index.ts';
import {
  type CommitmentJobDependencies,
  type CommitmentReports,
  commitmentInstance,
  createCommitmentJob,
  longestInformation,
  ReportEvent,
  readCommitmentReport,
  readCommitmentRequest,
  requestAction,
} from '../services/commitment/index.ts';
import type { Modality, Services } from '../services/index.ts';
import { remoteModality } from '../services/modalities/index.ts';
import { commentOn } from './error-comment.ts';

export interface CommitmentServices extends CommitmentJobDependencies {
  readonly jobs: Pick<Services['jobs'], 'submit'>;
  readonly commitments: Pick<CommitmentReports, 'take'>;
  readonly settings: Pick<Settings, 'DicomAet' | 'DicomScuTimeout'>;
}

export interface CommitmentDeps {
  readonly services: CommitmentServices;
  readonly log: Logger;
  /** The registered modality of a title. */
  modalityOf(aet: string): Modality | undefined;
}

const { nAction, nEventReport } = CommandField;

export function createCommitmentServices(deps: CommitmentDeps): readonly Service[] {
  const common = {
    sopClassUid: SopClass.storageCommitmentPushModel,
    sopInstanceUid: commitmentInstance,
    maximumBytes: longestInformation,
  };
  const outcomeOf = (error: unknown, { association }: Request, name: string): NormalisedOutcome => {
    const message = error instanceof Error ? error.message : 'unknown error';
    deps.log.error(`${name} of AET "${association.callingAet}" failed: ${message}`);
    const isTooMuch = error instanceof PharosError && error.code === 'ParameterOutOfRange';
    return { status: isTooMuch ? Status.resourceLimitation : Status.processingFailure, comment: commentOn(error) };
  };
  return [
    createNormalisedService({
      ...common,
      command: nAction,
      typeIds: [requestAction],
      handle: (request, information) => begin(request, information, deps),
      outcomeOf: (error, request) => outcomeOf(error, request, 'N-ACTION'),
    }),
    createNormalisedService({
      ...common,
      command: nEventReport,
      typeIds: Object.values(ReportEvent),
      handle: (request, information) => take(request, information, deps),
      outcomeOf: (error, request) => outcomeOf(error, request, 'N-EVENT-REPORT'),
    }),
  ];
}

/** @throws PharosError BadRequest, ParameterOutOfRange, NotEnoughMemory */
async function begin(
  { association, context }: Request,
  information: Uint8Array,
  { services, modalityOf, log }: CommitmentDeps,
): Promise<NormalisedOutcome> {
  const { callingAet, calledAet, remoteAddress } = association;
  const modality = modalityOf(callingAet);
  if (!modality) throw new PharosError('BadRequest', 'No report could be sent: the AET is not in DicomModalities');
  const asked = readCommitmentRequest(information, context.transferSyntax);
  const remote = remoteModality(modality, services.settings);
  await services.jobs.submit(createCommitmentJob(services, { ...asked, remote, remoteIp: remoteAddress, calledAet }));
  log.info(`Storage commitment of ${asked.references.length} instances for AET "${callingAet}"`);
  return { status: Status.success };
}

/** @throws PharosError BadRequest, ParameterOutOfRange */
async function take(
  { association, command, context }: Request,
  information: Uint8Array,
  { services, log }: CommitmentDeps,
): Promise<NormalisedOutcome> {
  const report = readCommitmentReport(information, context.transferSyntax, command.EventTypeID ?? 0);
  services.commitments.take(association.callingAet, report);
  log.info(
    `AET "${association.callingAet}" reports ${report.committed.length} instances committed, ${report.failed.length} failed`,
  );
  return { status: Status.success };
}
