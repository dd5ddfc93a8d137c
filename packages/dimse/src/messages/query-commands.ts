// Queries and retrievals: the requests (PS3.7 9.3.2 to 9.3.4) and the counters of their responses.
import { type CommandSet, noDataSet, withDataSet } from './command-set.ts';
import { CommandField, Priority, responseTo } from './commands.ts';
import { statusClassOf } from './status.ts';

export interface QueryCommand {
  readonly messageId: number;
  /** The information model: see PS3.4 C.6. */
  readonly sopClassUid: string;
  /** See `Priority`; medium by default. */
  readonly priority?: number;
}

/** C-FIND-RQ (PS3.7 9.3.2.1). */
export function findRequest(command: QueryCommand): CommandSet {
  return queryRequest(CommandField.cFind, command);
}

/** C-GET-RQ (PS3.7 9.3.3.1). */
export function getRequest(command: QueryCommand): CommandSet {
  return queryRequest(CommandField.cGet, command);
}

/** C-MOVE-RQ (PS3.7 9.3.4.1) to the application entity `destination`. */
export function moveRequest(command: QueryCommand & { readonly destination: string }): CommandSet {
  return { ...queryRequest(CommandField.cMove, command), MoveDestination: command.destination };
}

function queryRequest(field: number, { messageId, sopClassUid, priority }: QueryCommand): CommandSet {
  return {
    AffectedSOPClassUID: sopClassUid,
    CommandField: field,
    MessageID: messageId,
    Priority: priority ?? Priority.medium,
    CommandDataSetType: withDataSet,
  };
}

/** How far a C-MOVE or C-GET has come: numbers of C-STORE sub-operations. */
export interface SubOperations {
  readonly remaining: number;
  readonly completed: number;
  readonly failed: number;
  readonly warning: number;
}

/** The counters of a response; what it does not say is as `before`, but nothing remains after the final one (PS3.4 C.4.2.1.6). */
export function subOperationsOf(response: CommandSet, before: SubOperations, isFinal: boolean): SubOperations {
  return {
    remaining: response.NumberOfRemainingSuboperations ?? (isFinal ? 0 : before.remaining),
    completed: response.NumberOfCompletedSuboperations ?? before.completed,
    failed: response.NumberOfFailedSuboperations ?? before.failed,
    warning: response.NumberOfWarningSuboperations ?? before.warning,
  };
}

export interface RetrieveResponse {
  readonly status: number;
  readonly subOperations: SubOperations;
  /** Whether the list of the instances that failed follows. */
  readonly hasIdentifier: boolean;
  readonly comment?: string;
}

/** C-MOVE-RSP or C-GET-RSP (PS3.7 9.3.3.2, 9.3.4.2). What remains is told only while it is pending, and where it was cancelled
 * (PS3.4 C.4.2.1.6). */
export function retrieveResponse(request: CommandSet, response: RetrieveResponse): CommandSet {
  const { status, subOperations, hasIdentifier, comment } = response;
  const statusClass = statusClassOf(status);
  const tellsRemaining = statusClass === 'pending' || statusClass === 'cancel';
  return responseTo(request, status, {
    CommandDataSetType: hasIdentifier ? withDataSet : noDataSet,
    ErrorComment: comment,
    NumberOfRemainingSuboperations: tellsRemaining ? countOf(subOperations.remaining) : undefined,
    NumberOfCompletedSuboperations: countOf(subOperations.completed),
    NumberOfFailedSuboperations: countOf(subOperations.failed),
    NumberOfWarningSuboperations: countOf(subOperations.warning),
  });
}

/** The counters have 16 bits. */
function countOf(count: number): number {
  return Math.min(count, 0xffff);
}
