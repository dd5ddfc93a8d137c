// One end of an association (PS3.8 9.2): performs what the state table says on a transport connection, and tells its user.
import {
  type Abort,
  AbortReason,
  AbortSource,
  type AssociateAc,
  type AssociateRj,
  type AssociateRq,
  type ControlPdu,
  createPduReader,
  encodePdu,
  largestMaximumPdu,
  maximumAssociateBytes,
  type PduReader,
} from '../pdu/index.ts';
import type { Connection } from './connection.ts';
import { type Effect, type Event, type State, transitionOf } from './state-table.ts';
import type { Timers } from './timers.ts';

/** How an association ended other than by release. */
export interface AbortCause {
  /** `connection`: the peer closed it, or it broke. */
  readonly by: 'peer-user' | 'peer-provider' | 'provider' | 'connection';
  readonly reason: number;
  readonly message: string;
  /** What was thrown on this side, where that is the cause. */
  readonly error?: unknown;
}

/** The local service user. Its functions are called in the order of events, never after `ended`. */
export interface UpperLayerUser {
  associateIndication?(request: AssociateRq): void;
  associateConfirm?(answer: AssociateAc | AssociateRj): void;
  /** A piece of a presentation data value; see `PduReaderEvents`. */
  data(contextId: number, control: number, bytes: Uint8Array, isEnd: boolean): Promise<void> | undefined;
  releaseIndication(): void;
  releaseConfirm?(): void;
  abortIndication(cause: AbortCause): void;
  /** The connection is gone: nothing more will be told. */
  ended(): void;
}

export interface UpperLayerOptions {
  readonly connection: Connection;
  readonly user: UpperLayerUser;
  readonly timers: Timers;
  /** Milliseconds that a silent peer is waited for before and after an association (PS3.8 9.1.5). */
  readonly artim: number;
  /** Length announced to the peer. */
  readonly maximumPduLength?: number;
  /** Present on the side that requests. */
  readonly request?: AssociateRq;
  /** Refusal by the provider itself, such as a local limit (AE-6). */
  readonly refuse?: (request: AssociateRq) => AssociateRj | undefined;
}

export interface UpperLayer {
  readonly state: State;
  accept(answer: AssociateAc): void;
  reject(answer: AssociateRj): void;
  /** Sends whole P-DATA-TF PDUs. A promise asks to wait before sending more; `false`: no association is established, nothing was sent. */
  send(chunks: readonly Uint8Array[]): Promise<void> | undefined | false;
  release(): void;
  respondToRelease(): void;
  /** A-ABORT of the user; nothing where there is nothing to abort. */
  abort(): void;
  /** A-ABORT of the provider: the peer broke the protocol above the PDUs. */
  fail(reason: number, message: string): void;
  /** Drops the connection without a word. */
  destroy(): void;
  /** Closes the connection after what was written, without waiting for the peer. */
  close(): void;
}

export function createUpperLayer(options: UpperLayerOptions): UpperLayer {
  const { connection, user, timers } = options;
  let state: State = 'Sta1';
  let stopArtim: (() => void) | undefined;
  let waiting: Uint8Array[] = [];
  let isWaiting = false;
  let isEnded = false;
  let isAborted = false;
  /** True while the P-DATA-TF that is being read is to be indicated. */
  let isDataWanted = false;

  interface Occurrence {
    readonly pdu?: ControlPdu;
    readonly cause?: AbortCause;
    readonly refusal?: AssociateRj;
  }

  const raise = (event: Event, occurrence: Occurrence = {}): boolean => {
    const facts = { isRequestor: options.request !== undefined, isAcceptable: occurrence.refusal === undefined };
    const transition = transitionOf(state, event, facts);
    if (!transition) return false;
    state = transition.next;
    for (const effect of transition.effects) effects[effect](occurrence, event);
    return true;
  };

  const write = (pdu: ControlPdu): void => void connection.write([encodePdu(pdu)]);

  const answerWith = (pdu: ControlPdu | undefined): void => {
    if (pdu) write(pdu);
  };

  /** Once: a peer that goes on regardless (AA-7) must not make answers pile up that it does not read. */
  const writeAbort = (pdu: Abort): void => {
    if (!isAborted) write(pdu);
    isAborted = true;
  };

  const startArtim = (): void => {
    stopArtim?.();
    stopArtim = timers.after(options.artim, () => raise('Evt18'));
  };

  const confirm = ({ pdu }: Occurrence): void => {
    if (pdu?.kind === 'A-ASSOCIATE-AC' || pdu?.kind === 'A-ASSOCIATE-RJ') user.associateConfirm?.(pdu);
  };

  const indicateAbort = ({ cause }: Occurrence): void => user.abortIndication(cause ?? outOfTurn);

  const effects: Readonly<Record<Effect, (occurrence: Occurrence, event: Event) => void>> = {
    // The connection is open before the upper layer is made, and data are written by `send`.
    connect() {},
    'send-data'() {},
    'send-associate-rq': () => answerWith(options.request),
    'send-associate-ac': ({ pdu }) => answerWith(pdu),
    'send-associate-rj': ({ pdu, refusal }) => answerWith(refusal ?? pdu),
    'send-release-rq': () => write({ kind: 'A-RELEASE-RQ' }),
    'send-release-rp': () => write({ kind: 'A-RELEASE-RP' }),
    'send-user-abort': () => writeAbort(userAbort),
    'send-provider-abort': ({ cause }) => writeAbort(providerAbort(cause)),
    'start-artim': startArtim,
    'stop-artim'() {
      stopArtim?.();
      stopArtim = undefined;
    },
    'close-connection': (_occurrence, event) => (unread.has(event) ? connection.destroy() : connection.close()),
    'indicate-associate'({ pdu }) {
      if (pdu?.kind === 'A-ASSOCIATE-RQ') user.associateIndication?.(pdu);
    },
    'confirm-accept': confirm,
    'confirm-reject': confirm,
    'indicate-data'() {
      isDataWanted = true;
    },
    'indicate-release': () => user.releaseIndication(),
    'confirm-release': () => user.releaseConfirm?.(),
    'indicate-abort': indicateAbort,
    'indicate-provider-abort': indicateAbort,
  };

  const receive = (pdu: ControlPdu): void => {
    switch (pdu.kind) {
      case 'A-ASSOCIATE-RQ':
        raise('Evt6', { pdu, refusal: state === 'Sta2' ? refusalOf(pdu, options.refuse) : undefined });
        return;
      case 'A-ASSOCIATE-AC':
        raise('Evt3', { pdu });
        return;
      case 'A-ASSOCIATE-RJ':
        raise('Evt4', { pdu });
        return;
      case 'A-RELEASE-RQ':
        raise('Evt12', { pdu });
        return;
      case 'A-RELEASE-RP':
        raise('Evt13', { pdu });
        return;
      case 'A-ABORT':
        raise('Evt16', { pdu, cause: causeOfAbort(pdu) });
    }
  };

  const reader: PduReader = createPduReader(
    { associateBytes: maximumAssociateBytes, dataBytes: options.maximumPduLength ?? largestMaximumPdu },
    {
      control: receive,
      data() {
        isDataWanted = false;
        raise('Evt10', { cause: outOfTurn });
      },
      piece: (contextId, control, bytes, isEnd) =>
        isDataWanted && (state === 'Sta6' || state === 'Sta7')
          ? user.data(contextId, control, bytes, isEnd)
          : undefined,
      malformed({ reason, message }) {
        raise('Evt19', { cause: { by: 'provider', reason, message } });
      },
    },
  );

  /** Reads on until the user asks to wait; then nothing more is read from the network either. */
  const pump = (chunk: Uint8Array): void => {
    const held = reader.push(chunk);
    if (!held) return;
    isWaiting = true;
    if (held.rest.length > 0) waiting.unshift(held.rest);
    connection.pause();
    held.until.then(() => guarded(resume), breakOff);
  };

  const resume = (): void => {
    isWaiting = false;
    while (!isWaiting) {
      const chunk = waiting.shift();
      if (!chunk) {
        connection.resume();
        return;
      }
      pump(chunk);
    }
  };

  const end = (error: Error | undefined): void => {
    if (isEnded) return;
    waiting = [];
    const message = error ? `The connection broke: ${error.message}` : 'The peer closed the connection';
    try {
      raise('Evt17', { cause: { by: 'connection', reason: AbortReason.notSpecified, message } });
    } finally {
      stopArtim?.();
      isEnded = true;
      user.ended();
    }
  };

  /** What is thrown unexpectedly must not reach the socket, where it would end the process: it ends this association alone. */
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      breakOff(error);
    }
  };

  const breakOff = (error: unknown): void => {
    waiting = [];
    const cause = { by: 'provider', reason: AbortReason.notSpecified, message: 'Failed unexpectedly', error } as const;
    try {
      raise('Evt19', { cause });
      connection.close();
    } catch {
      connection.destroy();
    }
  };

  if (options.request) {
    raise('Evt1');
    raise('Evt2');
  } else raise('Evt5');
  connection.start({
    data(chunk) {
      if (isWaiting) waiting.push(chunk);
      else guarded(() => pump(chunk));
    },
    closed: (error) => guarded(() => end(error)),
  });

  return {
    get state() {
      return state;
    },
    accept: (answer) => void raise('Evt7', { pdu: answer }),
    reject: (answer) => void raise('Evt8', { pdu: answer }),
    send: (chunks) => raise('Evt9') && connection.write(chunks),
    release: () => void raise('Evt11'),
    respondToRelease: () => void raise('Evt14'),
    abort: () => void raise('Evt15'),
    fail: (reason, message) => void raise('Evt19', { cause: { by: 'provider', reason, message } }),
    destroy: () => connection.destroy(),
    close: () => connection.close(),
  };
}

/** After an abort of the peer, and after its silence, nobody reads what is still to be written. */
const unread: ReadonlySet<Event> = new Set(['Evt16', 'Evt18']);

const userAbort: Abort = { kind: 'A-ABORT', source: AbortSource.user, reason: AbortReason.notSpecified };

const outOfTurn: AbortCause = {
  by: 'provider',
  reason: AbortReason.unexpectedPdu,
  message: 'The peer sent a PDU out of turn',
};

function providerAbort(cause: AbortCause | undefined): Abort {
  return { kind: 'A-ABORT', source: AbortSource.provider, reason: cause?.reason ?? AbortReason.unexpectedPdu };
}

function causeOfAbort(pdu: Abort): AbortCause {
  const by = pdu.source === AbortSource.user ? 'peer-user' : 'peer-provider';
  return {
    by,
    reason: pdu.reason,
    message: `The peer aborted the association (source ${pdu.source}, reason ${pdu.reason})`,
  };
}

/** Protocol version 1 is bit 0 (PS3.8 9.3.2). */
function refusalOf(request: AssociateRq, refuse: UpperLayerOptions['refuse']): AssociateRj | undefined {
  if ((request.protocolVersion & 1) === 0) return { kind: 'A-ASSOCIATE-RJ', result: 1, source: 2, reason: 2 };
  return refuse?.(request);
}
