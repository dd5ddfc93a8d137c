// Command fields of the DIMSE messages (PS3.7 E.1-1) and the commands that are built from them (PS3.7 9.3, 10.3).
import { type CommandElements, type CommandSet, hasDataSet, noDataSet, withDataSet } from './command-set.ts';
import { Status, statusClassOf } from './status.ts';

/** Command field of each request; a response has 0x8000 set, C-CANCEL has no response. */
export const CommandField = {
  cStore: 0x0001,
  cGet: 0x0010,
  cFind: 0x0020,
  cMove: 0x0021,
  cEcho: 0x0030,
  nEventReport: 0x0100,
  nGet: 0x0110,
  nSet: 0x0120,
  nAction: 0x0130,
  nCreate: 0x0140,
  nDelete: 0x0150,
  cCancel: 0x0fff,
} as const;

const responseBit = 0x8000;

export const verificationSopClass = '1.2.840.10008.1.1';

export const Priority = { medium: 0, high: 1, low: 2 } as const;

export function isResponse(command: CommandSet): boolean {
  return (command.CommandField & responseBit) !== 0;
}

/** Says whether a command names its message, or the one it is about: without, nobody can answer it (PS3.7 Table E.1-1). */
export function isIdentified(command: CommandSet): boolean {
  const isAboutAnother = isResponse(command) || command.CommandField === CommandField.cCancel;
  return (isAboutAnother ? command.MessageIDBeingRespondedTo : command.MessageID) !== undefined;
}

const withoutDataSet: readonly number[] = [CommandField.cEcho, CommandField.cStore, CommandField.cFind];

/** Says whether a response announces a data set that DICOM does not know (PS3.7 9.3): some peers do so at the end of a query, and send
 * none. */
export function mayLackDataSet(command: CommandSet): boolean {
  if (!isResponse(command) || !hasDataSet(command)) return false;
  const { CommandField: field, Status: status = Status.success } = command;
  const isRetrieved = field === (CommandField.cMove | responseBit) || field === (CommandField.cGet | responseBit);
  if (isRetrieved) return status === Status.success;
  return withoutDataSet.includes(field & ~responseBit) && statusClassOf(status) !== 'pending';
}

/** The response to a request, with what every response repeats of it. `extra` adds or replaces elements. */
export function responseTo(request: CommandSet, status: number, extra: CommandElements = {}): CommandSet {
  return {
    AffectedSOPClassUID: request.AffectedSOPClassUID ?? request.RequestedSOPClassUID,
    CommandField: request.CommandField | responseBit,
    MessageIDBeingRespondedTo: request.MessageID ?? 0,
    CommandDataSetType: noDataSet,
    Status: status,
    AffectedSOPInstanceUID: request.AffectedSOPInstanceUID ?? request.RequestedSOPInstanceUID,
    ...extra,
  };
}

/** C-ECHO-RQ (PS3.7 9.3.5.1). */
export function echoRequest(messageId: number): CommandSet {
  return {
    AffectedSOPClassUID: verificationSopClass,
    CommandField: CommandField.cEcho,
    MessageID: messageId,
    CommandDataSetType: noDataSet,
  };
}

/** The C-MOVE of which a C-STORE is a part. */
export interface MoveOriginator {
  readonly aet: string;
  readonly messageId: number;
}

export interface StoreCommand {
  readonly messageId: number;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** See `Priority`; medium by default. */
  readonly priority?: number;
  readonly moveOriginator?: MoveOriginator;
}

/** C-STORE-RQ (PS3.7 9.3.1.1). */
export function storeRequest(command: StoreCommand): CommandSet {
  return {
    AffectedSOPClassUID: command.sopClassUid,
    CommandField: CommandField.cStore,
    MessageID: command.messageId,
    Priority: command.priority ?? Priority.medium,
    CommandDataSetType: withDataSet,
    AffectedSOPInstanceUID: command.sopInstanceUid,
    MoveOriginatorApplicationEntityTitle: command.moveOriginator?.aet,
    MoveOriginatorMessageID: command.moveOriginator?.messageId,
  };
}

/** C-CANCEL-RQ of C-FIND, C-MOVE and C-GET (PS3.7 9.3.2.3). */
export function cancelRequest(messageId: number): CommandSet {
  return {
    CommandField: CommandField.cCancel,
    MessageIDBeingRespondedTo: messageId,
    CommandDataSetType: noDataSet,
  };
}
