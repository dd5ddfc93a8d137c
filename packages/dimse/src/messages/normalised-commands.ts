// N-ACTION and N-EVENT-REPORT (PS3.7 10.3.1, 10.3.4).
import { type CommandSet, noDataSet, withDataSet } from './command-set.ts';
import { CommandField } from './commands.ts';

/** The instance that a normalised command is about. */
interface NormalisedCommand {
  readonly messageId: number;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Whether action or event information follows. */
  readonly hasInformation: boolean;
}

const common = ({ messageId, hasInformation }: NormalisedCommand) => ({
  MessageID: messageId,
  CommandDataSetType: hasInformation ? withDataSet : noDataSet,
});

/** N-ACTION-RQ (PS3.7 10.3.4.1). */
export function actionRequest(command: NormalisedCommand & { readonly actionTypeId: number }): CommandSet {
  return {
    ...common(command),
    CommandField: CommandField.nAction,
    RequestedSOPClassUID: command.sopClassUid,
    RequestedSOPInstanceUID: command.sopInstanceUid,
    ActionTypeID: command.actionTypeId,
  };
}

/** N-EVENT-REPORT-RQ (PS3.7 10.3.1.1). */
export function eventReportRequest(command: NormalisedCommand & { readonly eventTypeId: number }): CommandSet {
  return {
    ...common(command),
    CommandField: CommandField.nEventReport,
    AffectedSOPClassUID: command.sopClassUid,
    AffectedSOPInstanceUID: command.sopInstanceUid,
    EventTypeID: command.eventTypeId,
  };
}
