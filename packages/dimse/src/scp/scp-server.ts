// The acceptor of associations: lets peers in, negotiates, serves their requests. Each association is served on its own; none waits
// for another.
import type { AssociationInformation, PeerIdentity } from '../association-information.ts';
import { type CommandSet, createMessageReader, createMessageWriter, type MessageReader } from '../messages/index.ts';
import { type AssociateRq, largestMaximumPdu, RejectResult, RejectSource, smallestMaximumPdu } from '../pdu/index.ts';
import {
  type AbortCause,
  type Connection,
  createInactivityTimer,
  createUpperLayer,
  type InactivityTimer,
  type Listening,
  systemTimers,
  type Timers,
  type Transport,
  type UpperLayer,
} from '../upper-layer/index.ts';
import { type AcceptancePolicy, judgeRequest } from './acceptance.ts';
import { type CommandRequest, createDispatcher, type Dispatcher } from './dispatcher.ts';
import { createServiceRegistry, type Service, type ServiceRegistry } from './service.ts';

/** What is worth a line in a log. */
export type ScpEvent =
  | { readonly kind: 'accepted'; readonly association: AssociationInformation }
  | { readonly kind: 'rejected'; readonly peer: PeerIdentity; readonly reason: string }
  | { readonly kind: 'dropped' | 'limit'; readonly remoteAddress: string }
  /** Something was thrown that should not: the connection ends. Without an address: a connection could not be taken. */
  | { readonly kind: 'fault'; readonly remoteAddress?: string; readonly error: unknown }
  | { readonly kind: 'released' | 'timeout'; readonly association: AssociationInformation }
  | { readonly kind: 'aborted'; readonly association: AssociationInformation; readonly cause: AbortCause }
  | {
      readonly kind: 'refused' | 'unsupported';
      readonly association: AssociationInformation;
      readonly command: CommandSet;
    }
  | {
      readonly kind: 'failed';
      readonly association: AssociationInformation;
      readonly command: CommandSet;
      readonly error: unknown;
    };

export interface ScpServerOptions extends AcceptancePolicy {
  readonly transport: Transport;
  readonly services: readonly Service[];
  /** Asked before each command is executed; false aborts the association. */
  authorise(request: CommandRequest): boolean;
  /** Milliseconds without a command, without a byte of a data set, or without reading an answer, after which an association is aborted;
   * 0 is never. */
  readonly inactivityTimeout: number;
  /** Milliseconds for a peer that says nothing before or after its association; 30 seconds by default. */
  readonly artim?: number;
  /** Associations at the same time; more are rejected as transient. 500 by default. */
  readonly maximumAssociations?: number;
  readonly observe?: (event: ScpEvent) => void;
  readonly timers?: Timers;
}

export interface ScpServer {
  /** @throws Error where the port is taken */
  listen(port: number, host?: string): Promise<{ readonly port: number }>;
  /** Associations that are established. */
  readonly associations: number;
  /** Lets nobody in any more, finishes the requests that are being worked on (at most `grace` milliseconds, 10 seconds by default),
   * then ends every association. */
  close(grace?: number): Promise<void>;
}

/** A connection that is open. */
interface Session {
  /** Resolves when no request is in flight. */
  idle(): Promise<void>;
  /** Ends the association, or the connection where there is none. */
  end(): void;
  destroy(): void;
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;
  readonly isEstablished: boolean;
}

interface Door {
  readonly options: ScpServerOptions;
  readonly registry: ServiceRegistry;
  readonly timers: Timers;
  isFull(): boolean;
}

const defaultArtim = 30_000;
const defaultGrace = 10_000;
/** For a peer to read that its association is over, when the server closes. */
const farewell = 1000;

export function createScpServer(options: ScpServerOptions): ScpServer {
  const sessions = new Set<Session>();
  const timers = options.timers ?? systemTimers;
  const limit = options.maximumAssociations ?? 500;
  let listening: Listening | undefined;
  let isClosing = false;
  const established = (): number => [...sessions].filter((session) => session.isEstablished).length;
  const door: Door = {
    options: { ...options, maximumPduLength: announcedMaximum(options.maximumPduLength) },
    registry: createServiceRegistry(options.services),
    timers,
    isFull: () => isClosing || established() >= limit,
  };

  const arrive = (connection: Connection): void => {
    // Silent connections are cheap but not free: beyond twice the limit nobody is even listened to.
    if (isClosing || sessions.size >= limit * 2) {
      connection.destroy();
      return;
    }
    const session = createSession(connection, door);
    sessions.add(session);
    session.gone.then(() => sessions.delete(session));
  };

  return {
    get associations() {
      return established();
    },
    async listen(port, host) {
      const failed = (error: Error): void => options.observe?.({ kind: 'fault', error });
      listening = await options.transport.listen({ port, host }, arrive, failed);
      return { port: listening.port };
    },
    async close(grace = defaultGrace) {
      isClosing = true;
      const closed = listening?.close();
      const ended = [...sessions].map(async (session) => {
        await withinTime(timers, grace, session.idle());
        session.end();
        await withinTime(timers, farewell, session.gone);
        session.destroy();
        await session.gone;
      });
      await Promise.all([closed, ...ended]);
    },
  };
}

function createSession(connection: Connection, { options, registry, timers, isFull }: Door): Session {
  const observe = options.observe ?? (() => {});
  const { remoteAddress } = connection;
  let association: AssociationInformation | undefined;
  let reader: MessageReader | undefined;
  let dispatcher: Dispatcher | undefined;
  let inactivity: InactivityTimer | undefined;
  let markGone: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    markGone = resolve;
  });

  const answer = (request: AssociateRq): void => {
    const judged = judgeRequest(request, remoteAddress, options);
    if (judged.verdict === 'drop') {
      observe({ kind: 'dropped', remoteAddress });
      upperLayer.destroy();
      return;
    }
    if (judged.verdict === 'reject') {
      observe({ kind: 'rejected', peer: judged.peer, reason: judged.reason });
      upperLayer.reject(judged.answer);
      return;
    }
    upperLayer.accept(judged.answer);
    serve(judged.association);
    observe({ kind: 'accepted', association: judged.association });
  };

  const serve = (established: AssociationInformation): void => {
    association = established;
    const timer = createInactivityTimer(timers, options.inactivityTimeout, () => {
      observe({ kind: 'timeout', association: established });
      leave();
      upperLayer.abort();
    });
    inactivity = timer;
    /** The time that the peer takes to read what is sent is its own. */
    const send: UpperLayer['send'] = (chunks) => {
      const wait = upperLayer.send(chunks);
      if (!wait) return wait;
      timer.release();
      return wait.then(timer.hold);
    };
    const serving = createDispatcher({
      association: established,
      registry,
      writer: createMessageWriter({ send, peerMaximum: established.peer.maximumPduLength }),
      authorise(request) {
        const isAllowed = options.authorise(request);
        if (!isAllowed) observe({ kind: 'refused', association: established, command: request.command });
        return isAllowed;
      },
      abort() {
        leave();
        upperLayer.abort();
      },
      unsupported: (command) => observe({ kind: 'unsupported', association: established, command }),
      failed: (command, error) => observe({ kind: 'failed', association: established, command, error }),
      busy: (isBusy) => (isBusy ? timer.hold() : timer.release()),
      touch: timer.touch,
    });
    dispatcher = serving;
    reader = createMessageReader((id) => established.contexts.has(id), {
      command: serving.command,
      violation: (reason, message) => upperLayer.fail(reason, message),
    });
  };

  /** Nothing is served any more. */
  const leave = (): void => {
    inactivity?.stop();
    dispatcher?.close();
    reader = undefined;
  };

  /** Nothing where the association ended while its last request was answered. */
  const answerRelease = (): void => {
    if (!association || upperLayer.state !== 'Sta8') return;
    leave();
    observe({ kind: 'released', association });
    upperLayer.respondToRelease();
  };

  const upperLayer: UpperLayer = createUpperLayer({
    connection,
    timers,
    artim: options.artim ?? defaultArtim,
    maximumPduLength: options.maximumPduLength,
    refuse() {
      if (!isFull()) return undefined;
      observe({ kind: 'limit', remoteAddress });
      return localLimitExceeded;
    },
    user: {
      associateIndication: answer,
      data: (contextId, control, bytes, isEnd) => reader?.piece(contextId, control, bytes, isEnd),
      releaseIndication() {
        dispatcher?.release().then(answerRelease);
      },
      abortIndication(cause) {
        leave();
        if (cause.error !== undefined) observe({ kind: 'fault', remoteAddress, error: cause.error });
        if (association) observe({ kind: 'aborted', association, cause });
      },
      ended() {
        leave();
        association = undefined;
        markGone();
      },
    },
  });

  return {
    idle: () => dispatcher?.idle() ?? Promise.resolve(),
    end() {
      leave();
      upperLayer.abort();
      upperLayer.close();
    },
    destroy: upperLayer.destroy,
    gone,
    get isEstablished() {
      return association !== undefined;
    },
  };
}

const localLimitExceeded = {
  kind: 'A-ASSOCIATE-RJ',
  result: RejectResult.transient,
  source: RejectSource.presentationProvider,
  reason: 2,
} as const;

function announcedMaximum(length: number): number {
  return Math.min(Math.max(Math.trunc(length), smallestMaximumPdu), largestMaximumPdu);
}

async function withinTime(timers: Timers, milliseconds: number, wait: Promise<void>): Promise<void> {
  let cancel: () => void = () => {};
  const late = new Promise<void>((resolve) => {
    cancel = timers.after(milliseconds, resolve);
  });
  await Promise.race([wait, late]);
  cancel();
}
