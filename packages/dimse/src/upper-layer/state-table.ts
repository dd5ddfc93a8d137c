// The state machine of the upper layer protocol (PS3.8 9.2.2, Table 9-10) as data: which action an event has in a state, what the
// action does, and the state that follows. Nothing here performs anything.

export type State =
  /** Idle. */
  | 'Sta1'
  /** Connection open, awaiting A-ASSOCIATE-RQ. */
  | 'Sta2'
  /** Awaiting the local answer to an association request. */
  | 'Sta3'
  /** Awaiting the opening of the connection. */
  | 'Sta4'
  /** Awaiting A-ASSOCIATE-AC or -RJ. */
  | 'Sta5'
  /** Association established. */
  | 'Sta6'
  /** Awaiting A-RELEASE-RP. */
  | 'Sta7'
  /** Awaiting the local answer to a release request. */
  | 'Sta8'
  /** Release collision, requestor: awaiting the local answer. */
  | 'Sta9'
  /** Release collision, acceptor: awaiting A-RELEASE-RP. */
  | 'Sta10'
  /** Release collision, requestor: awaiting A-RELEASE-RP. */
  | 'Sta11'
  /** Release collision, acceptor: awaiting the local answer. */
  | 'Sta12'
  /** Awaiting the end of the connection. */
  | 'Sta13';

export const states: readonly State[] = [
  'Sta1',
  'Sta2',
  'Sta3',
  'Sta4',
  'Sta5',
  'Sta6',
  'Sta7',
  'Sta8',
  'Sta9',
  'Sta10',
  'Sta11',
  'Sta12',
  'Sta13',
];

export type Event =
  /** Local request for an association. */
  | 'Evt1'
  /** The connection that was asked for is open. */
  | 'Evt2'
  /** A-ASSOCIATE-AC came. */
  | 'Evt3'
  /** A-ASSOCIATE-RJ came. */
  | 'Evt4'
  /** A connection arrived. */
  | 'Evt5'
  /** A-ASSOCIATE-RQ came. */
  | 'Evt6'
  /** Local answer: accept. */
  | 'Evt7'
  /** Local answer: reject. */
  | 'Evt8'
  /** Local request to send data. */
  | 'Evt9'
  /** P-DATA-TF came. */
  | 'Evt10'
  /** Local request for release. */
  | 'Evt11'
  /** A-RELEASE-RQ came. */
  | 'Evt12'
  /** A-RELEASE-RP came. */
  | 'Evt13'
  /** Local answer to a release request. */
  | 'Evt14'
  /** Local request to abort. */
  | 'Evt15'
  /** A-ABORT came. */
  | 'Evt16'
  /** The connection is closed. */
  | 'Evt17'
  /** The ARTIM timer ran out. */
  | 'Evt18'
  /** Something that is no valid PDU came. */
  | 'Evt19';

export type Action =
  | 'AE-1'
  | 'AE-2'
  | 'AE-3'
  | 'AE-4'
  | 'AE-5'
  | 'AE-6'
  | 'AE-7'
  | 'AE-8'
  | 'DT-1'
  | 'DT-2'
  | 'AR-1'
  | 'AR-2'
  | 'AR-3'
  | 'AR-4'
  | 'AR-5'
  | 'AR-6'
  | 'AR-7'
  | 'AR-8'
  | 'AR-9'
  | 'AR-10'
  | 'AA-1'
  | 'AA-2'
  | 'AA-3'
  | 'AA-4'
  | 'AA-5'
  | 'AA-6'
  | 'AA-7'
  | 'AA-8';

/** What an action does, one step each. Indications and confirmations are told to the local user. */
export type Effect =
  | 'connect'
  | 'send-associate-rq'
  | 'send-associate-ac'
  | 'send-associate-rj'
  | 'send-data'
  | 'send-release-rq'
  | 'send-release-rp'
  /** In the name of the user. */
  | 'send-user-abort'
  /** In the name of the provider, with a reason. */
  | 'send-provider-abort'
  | 'start-artim'
  | 'stop-artim'
  | 'close-connection'
  | 'indicate-associate'
  | 'confirm-accept'
  | 'confirm-reject'
  | 'indicate-data'
  | 'indicate-release'
  | 'confirm-release'
  | 'indicate-abort'
  | 'indicate-provider-abort';

/** What two actions depend on. */
export interface Facts {
  /** The association was requested here (AR-8). */
  readonly isRequestor: boolean;
  /** The provider itself can serve the request that came: protocol version, local limits (AE-6). */
  readonly isAcceptable: boolean;
}

export interface Transition {
  readonly action: Action;
  readonly effects: readonly Effect[];
  readonly next: State;
}

const no = undefined;

// Columns: Sta1 ... Sta13.
const table: Readonly<Record<Event, readonly (Action | undefined)[]>> = {
  Evt1: ['AE-1', no, no, no, no, no, no, no, no, no, no, no, no],
  Evt2: [no, no, no, 'AE-2', no, no, no, no, no, no, no, no, no],
  Evt3: [no, 'AA-1', 'AA-8', no, 'AE-3', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-6'],
  Evt4: [no, 'AA-1', 'AA-8', no, 'AE-4', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-6'],
  Evt5: ['AE-5', no, no, no, no, no, no, no, no, no, no, no, no],
  Evt6: [no, 'AE-6', 'AA-8', no, 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-7'],
  Evt7: [no, no, 'AE-7', no, no, no, no, no, no, no, no, no, no],
  Evt8: [no, no, 'AE-8', no, no, no, no, no, no, no, no, no, no],
  Evt9: [no, no, no, no, no, 'DT-1', no, 'AR-7', no, no, no, no, no],
  Evt10: [no, 'AA-1', 'AA-8', no, 'AA-8', 'DT-2', 'AR-6', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-6'],
  Evt11: [no, no, no, no, no, 'AR-1', no, no, no, no, no, no, no],
  Evt12: [no, 'AA-1', 'AA-8', no, 'AA-8', 'AR-2', 'AR-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-6'],
  Evt13: [no, 'AA-1', 'AA-8', no, 'AA-8', 'AA-8', 'AR-3', 'AA-8', 'AA-8', 'AR-10', 'AR-3', 'AA-8', 'AA-6'],
  Evt14: [no, no, no, no, no, no, no, 'AR-4', 'AR-9', no, no, 'AR-4', no],
  Evt15: [no, no, 'AA-1', 'AA-2', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1', 'AA-1', no],
  Evt16: [no, 'AA-2', 'AA-3', no, 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-3', 'AA-2'],
  Evt17: [no, 'AA-5', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AA-4', 'AR-5'],
  Evt18: [no, 'AA-2', no, no, no, no, no, no, no, no, no, no, 'AA-2'],
  Evt19: [no, 'AA-1', 'AA-8', no, 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-8', 'AA-7'],
};

function transition(action: Action, effects: readonly Effect[], next: State): Transition {
  return { action, effects, next };
}

const rejected = transition('AE-6', ['stop-artim', 'send-associate-rj', 'start-artim'], 'Sta13');
const requestorCollision = transition('AR-8', ['indicate-release'], 'Sta9');

const transitions: Readonly<Record<Action, Transition>> = {
  'AE-1': transition('AE-1', ['connect'], 'Sta4'),
  'AE-2': transition('AE-2', ['send-associate-rq'], 'Sta5'),
  'AE-3': transition('AE-3', ['confirm-accept'], 'Sta6'),
  'AE-4': transition('AE-4', ['close-connection', 'confirm-reject'], 'Sta1'),
  'AE-5': transition('AE-5', ['start-artim'], 'Sta2'),
  'AE-6': transition('AE-6', ['stop-artim', 'indicate-associate'], 'Sta3'),
  'AE-7': transition('AE-7', ['send-associate-ac'], 'Sta6'),
  'AE-8': transition('AE-8', ['send-associate-rj', 'start-artim'], 'Sta13'),
  'DT-1': transition('DT-1', ['send-data'], 'Sta6'),
  'DT-2': transition('DT-2', ['indicate-data'], 'Sta6'),
  'AR-1': transition('AR-1', ['send-release-rq'], 'Sta7'),
  'AR-2': transition('AR-2', ['indicate-release'], 'Sta8'),
  'AR-3': transition('AR-3', ['close-connection', 'confirm-release'], 'Sta1'),
  'AR-4': transition('AR-4', ['send-release-rp', 'start-artim'], 'Sta13'),
  'AR-5': transition('AR-5', ['stop-artim'], 'Sta1'),
  'AR-6': transition('AR-6', ['indicate-data'], 'Sta7'),
  'AR-7': transition('AR-7', ['send-data'], 'Sta8'),
  'AR-8': transition('AR-8', ['indicate-release'], 'Sta10'),
  'AR-9': transition('AR-9', ['send-release-rp'], 'Sta11'),
  'AR-10': transition('AR-10', ['confirm-release'], 'Sta12'),
  'AA-1': transition('AA-1', ['send-user-abort', 'start-artim'], 'Sta13'),
  'AA-2': transition('AA-2', ['stop-artim', 'close-connection'], 'Sta1'),
  'AA-3': transition('AA-3', ['close-connection', 'indicate-abort'], 'Sta1'),
  'AA-4': transition('AA-4', ['indicate-provider-abort'], 'Sta1'),
  'AA-5': transition('AA-5', ['stop-artim'], 'Sta1'),
  'AA-6': transition('AA-6', [], 'Sta13'),
  'AA-7': transition('AA-7', ['send-provider-abort'], 'Sta13'),
  'AA-8': transition('AA-8', ['send-provider-abort', 'start-artim', 'indicate-provider-abort'], 'Sta13'),
};

/** What happens at an event; undefined where the event has no meaning in the state and changes nothing. */
export function transitionOf(state: State, event: Event, facts: Facts): Transition | undefined {
  const action = table[event][states.indexOf(state)];
  if (!action) return undefined;
  if (action === 'AE-6' && !facts.isAcceptable) return rejected;
  if (action === 'AR-8' && facts.isRequestor) return requestorCollision;
  return transitions[action];
}
