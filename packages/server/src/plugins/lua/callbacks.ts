// The functions that a script may define and that the server calls then.

/** Told of what happened, one after the other. */
export const events = [
  'Initialize',
  'Finalize',
  'OnHeartBeat',
  'OnStoredInstance',
  'OnStablePatient',
  'OnStableStudy',
  'OnStableSeries',
  'OnUpdatedPatient',
  'OnUpdatedStudy',
  'OnUpdatedSeries',
  'OnUpdatedInstance',
  'OnDeletedPatient',
  'OnDeletedStudy',
  'OnDeletedSeries',
  'OnDeletedInstance',
  'OnJobSubmitted',
  'OnJobSuccess',
  'OnJobFailure',
] as const;

/** Asked before something happens: somebody waits for the answer. */
export const filters = [
  'ReceivedInstanceFilter',
  'ReceivedCStoreInstanceFilter',
  'OutgoingCStoreInstanceFilter',
  'IncomingHttpRequestFilter',
  'IncomingFindRequestFilter',
  'IncomingWorklistRequestFilter',
  'OutgoingFindRequestFilter',
] as const;

export type EventName = (typeof events)[number];
export type FilterName = (typeof filters)[number];
export type CallbackName = EventName | FilterName;

export const callbacks: readonly CallbackName[] = [...events, ...filters];
