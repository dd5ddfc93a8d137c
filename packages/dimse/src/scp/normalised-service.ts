// N-ACTION and N-EVENT-REPORT as performer (PS3.7 10.1.1, 10.1.4) on the well-known instance of a SOP class: the information is
// gathered, then judged as a whole.
import { CommandField, type CommandSet, responseTo, Status } from '../messages/index.ts';
import { createGatheringExchange } from './gathering-exchange.ts';
import type { Request, Service } from './service.ts';

export interface NormalisedOutcome {
  readonly status: number;
  /** What is wrong, for people to read: 64 characters at most (PS3.7 table C.4-1). */
  readonly comment?: string;
}

export interface NormalisedServiceOptions {
  readonly command: typeof CommandField.nAction | typeof CommandField.nEventReport;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Action or Event Type IDs that are served. */
  readonly typeIds: readonly number[];
  /** More information than this is refused. */
  readonly maximumBytes: number;
  /** @param information in the transfer syntax of the request's context; empty where none came */
  handle(request: Request, information: Uint8Array): Promise<NormalisedOutcome>;
  /** The outcome where `handle` throws; a processing failure by default. */
  outcomeOf?(error: unknown, request: Request): NormalisedOutcome;
}

/** Takes the command for every SOP class: one that is not served gets its status (PS3.7 10.1.1.1.8, 10.1.4.1.10). */
export function createNormalisedService(options: NormalisedServiceOptions): Service {
  const work = async (request: Request, information: Uint8Array | undefined): Promise<NormalisedOutcome> => {
    const refusal = refusalOf(request.command, options);
    if (refusal !== undefined) return { status: refusal };
    if (!information) return { status: Status.resourceLimitation, comment: 'Too much information' };
    try {
      return await options.handle(request, information);
    } catch (error) {
      return options.outcomeOf?.(error, request) ?? { status: Status.processingFailure };
    }
  };
  return {
    command: options.command,
    begin: (request) =>
      createGatheringExchange(options.maximumBytes, async (information) => {
        const { ActionTypeID, EventTypeID } = request.command;
        const { status, comment: ErrorComment } = await work(request, information);
        await request.respond(responseTo(request.command, status, { ActionTypeID, EventTypeID, ErrorComment }));
      }),
  };
}

function refusalOf(command: CommandSet, { sopClassUid, sopInstanceUid, typeIds }: NormalisedServiceOptions) {
  const isAction = command.CommandField === CommandField.nAction;
  const [aClass, anInstance, type] = isAction
    ? [command.RequestedSOPClassUID, command.RequestedSOPInstanceUID, command.ActionTypeID]
    : [command.AffectedSOPClassUID, command.AffectedSOPInstanceUID, command.EventTypeID];
  if (aClass !== sopClassUid) return Status.noSuchSopClass;
  if (anInstance !== sopInstanceUid) return Status.noSuchInstance;
  if (type === undefined || !typeIds.includes(type)) {
    return isAction ? Status.noSuchActionType : Status.noSuchEventType;
  }
  return undefined;
}
