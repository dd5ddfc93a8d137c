// Storage commitment over the network (PS3.4 J): requests of others become jobs, their reports are kept.
import { CommandField, createNormalisedService, type Request, type Service, Status } from '@pharos/dimse';
import { type DicomService, dicomServices, PharosError, type Settings } from '../model/index.ts';
import type { Logger } from '../ports/index.ts';
import {
  type CommitmentJobDependencies,
  type CommitmentReports,
  commitmentInstance,
  createCommitmentJob,
  readCommitmentReport,
  readCommitmentRequest,
} from '../services/commitment/index.ts';
import type { Modality, Services } from '../services/index.ts';
import { remoteModality } from '../services/modalities/index.ts';

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

const { sopClasses }: DicomService = dicomServices.storageCommitment;
/** A hundred thousand references. */
const longestInformation = 16 * 1024 * 1024;
const requestAction = 1;

export function createCommitmentServices(deps: CommitmentDeps): readonly Service[] {
  const service = (command: number, name: string, handle: (request: Request, bytes: Uint8Array) => Promise<number>) =>
    createNormalisedService({
      command,
      serves: (sopClassUid) => sopClasses.includes(sopClassUid),
      maximumBytes: longestInformation,
      async handle(request, bytes) {
        try {
          return await handle(request, bytes);
        } catch (error) {
          const message = error instanceof Error ? error.message : 'unknown error';
          deps.log.error(`${name} of AET "${request.association.callingAet}" failed: ${message}`);
          return Status.processingFailure;
        }
      },
    });
  return [
    service(CommandField.nAction, 'N-ACTION', (request, bytes) => begin(request, bytes, deps)),
    service(CommandField.nEventReport, 'N-EVENT-REPORT', (request, bytes) => take(request, bytes, deps)),
  ];
}

/** Gives the status. @throws PharosError BadRequest, NotEnoughMemory */
async function begin(
  { association, command, context }: Request,
  bytes: Uint8Array,
  { services, modalityOf, log }: CommitmentDeps,
): Promise<number> {
  if (command.RequestedSOPInstanceUID !== commitmentInstance) return Status.noSuchInstance;
  if (command.ActionTypeID !== requestAction) return Status.noSuchActionType;
  const { callingAet, calledAet, remoteAddress } = association;
  const modality = modalityOf(callingAet);
  if (!modality) {
    throw new PharosError('BadRequest', 'Its reports could not be sent: it is not among DicomModalities');
  }
  const asked = readCommitmentRequest(bytes, context.transferSyntax);
  const remote = remoteModality(modality, services.settings);
  const job = createCommitmentJob(services, { ...asked, remote, remoteIp: remoteAddress, calledAet });
  await services.jobs.submit(job);
  log.info(`Storage commitment of ${asked.references.length} instances for AET "${callingAet}"`);
  return Status.success;
}

/** Gives the status. @throws PharosError BadRequest */
async function take(
  { association, context }: Request,
  bytes: Uint8Array,
  { services, log }: CommitmentDeps,
): Promise<number> {
  const report = readCommitmentReport(bytes, context.transferSyntax);
  services.commitments.take(association.callingAet, report);
  log.info(
    `AET "${association.callingAet}" reports ${report.committed.length} instances committed, ${report.failed.length} failed`,
  );
  return Status.success;
}
