// Statuses of DIMSE responses (PS3.7 C, PS3.4 B.2.3 for storage).
export const Status = {
  success: 0x0000,
  cancel: 0xfe00,
  pending: 0xff00,
  /** Pending, optional keys were not supported. */
  pendingWarning: 0xff01,
  processingFailure: 0x0110,
  duplicateInstance: 0x0111,
  noSuchInstance: 0x0112,
  noSuchEventType: 0x0113,
  noSuchSopClass: 0x0118,
  classInstanceConflict: 0x0119,
  sopClassNotSupported: 0x0122,
  noSuchActionType: 0x0123,
  notAuthorised: 0x0124,
  duplicateTransactionUid: 0x0131,
  unrecognisedOperation: 0x0211,
  resourceLimitation: 0x0213,
  outOfResources: 0xa700,
  unableToCountMatches: 0xa701,
  unableToPerformSuboperations: 0xa702,
  moveDestinationUnknown: 0xa801,
  dataSetDoesNotMatchSopClass: 0xa900,
  coercionOfElements: 0xb000,
  elementsDiscarded: 0xb006,
  dataSetDoesNotMatchSopClassWarning: 0xb007,
  cannotUnderstand: 0xc000,
} as const;

export type StatusClass = 'success' | 'warning' | 'failure' | 'cancel' | 'pending';

/** The class of a status code (PS3.7 C.1 to C.5). */
export function statusClassOf(status: number): StatusClass {
  if (status === Status.success) return 'success';
  if (status === Status.cancel) return 'cancel';
  if (status === Status.pending || status === Status.pendingWarning) return 'pending';
  if (status === 0x0001 || (status & 0xf000) === 0xb000 || warningsOfNormalised.has(status)) return 'warning';
  return 'failure';
}

const warningsOfNormalised: ReadonlySet<number> = new Set([0x0107, 0x0116]);

const stored: ReadonlySet<number> = new Set([
  Status.success,
  Status.coercionOfElements,
  Status.elementsDiscarded,
  Status.dataSetDoesNotMatchSopClassWarning,
  Status.duplicateInstance,
]);

/** True where the peer of a C-STORE has the instance: success, the warnings of PS3.4 B.2.3, and duplicates. */
export function isStored(status: number): boolean {
  return stored.has(status);
}

/** `0xA700`, as statuses are written everywhere. */
export function formatStatus(status: number): string {
  return `0x${status.toString(16).toUpperCase().padStart(4, '0')}`;
}

const words: ReadonlyMap<number, string> = new Map([
  [Status.success, 'success'],
  [Status.cancel, 'cancelled'],
  [Status.pending, 'pending'],
  [Status.pendingWarning, 'pending, optional keys not supported'],
  [Status.processingFailure, 'processing failure'],
  [Status.duplicateInstance, 'duplicate SOP instance'],
  [Status.noSuchInstance, 'no such SOP instance'],
  [Status.noSuchEventType, 'no such event type'],
  [Status.noSuchSopClass, 'no such SOP class'],
  [Status.classInstanceConflict, 'class and instance in conflict'],
  [Status.sopClassNotSupported, 'SOP class not supported'],
  [Status.noSuchActionType, 'no such action type'],
  [Status.notAuthorised, 'not authorised'],
  [Status.duplicateTransactionUid, 'duplicate transaction UID'],
  [Status.unrecognisedOperation, 'unrecognised operation'],
  [Status.resourceLimitation, 'resource limitation'],
  [Status.outOfResources, 'out of resources'],
  [Status.unableToCountMatches, 'out of resources, unable to count the matches'],
  [Status.unableToPerformSuboperations, 'out of resources, unable to perform sub-operations'],
  [Status.moveDestinationUnknown, 'move destination unknown'],
  [Status.dataSetDoesNotMatchSopClass, 'data set does not match the SOP class'],
  [Status.coercionOfElements, 'coercion of elements, or some sub-operations failed'],
  [Status.elementsDiscarded, 'elements discarded'],
  [Status.dataSetDoesNotMatchSopClassWarning, 'data set does not match the SOP class, stored all the same'],
]);

/** `0xA801 (move destination unknown)`: a status for people to read (PS3.7 C, PS3.4 B.2.3, C.4). */
export function describeStatus(status: number): string {
  return `${formatStatus(status)} (${words.get(status) ?? wordsOfRange(status)})`;
}

function wordsOfRange(status: number): string {
  if ((status & 0xff00) === 0xa700) return 'out of resources';
  if ((status & 0xff00) === 0xa900) return 'data set does not match the SOP class';
  if ((status & 0xf000) === 0xc000) return 'unable to process';
  return statusClassOf(status);
}
