// One connection of an acceptor, from its first byte to its last: the association is judged, its requests are served.
import type { AssociationInformation } from '../association-information.ts';
import { createMessageReader, createMessageWriter, isResponse, type MessageReader } from '../messages/index.ts';
import { AssociationError, createOperations, createRequests, type Requests } from '../operations/index.ts';
import { AbortReason, type AssociateRq, RejectResult, RejectSource } from '../pdu/index.ts';
import {
  type Connection,
  createInactivityTimer,
  createUpperLayer,
  type InactivityTimer,
  type Timers,
  type UpperLayer,
} from '../upper-layer/index.ts';
import { judgeRequest } from './acceptance.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import type { ScpServerOptions } from './scp-options.ts';
import type { ServiceRegistry } from './service.ts';

/** A connection that is open. */
export interface Session {
  /** Resolves when no request is in flight. */
  idle(): Promise<void>;
  /** Ends the association, or the connection where there is none. */
  end(): void;
  destroy(): void;
  /** Resolves when the connection is gone. */
  readonly gone: Promise<void>;
  /** The peer may make requests. What was released or aborted counts no more, even where the peer leaves the connection open. */
  readonly isEstablished: boolean;
  readonly remoteAddress: string;
}

/** What all sessions have in common. */
export interface Door {
  readonly options: ScpServerOptions;
  readonly registry: ServiceRegistry;
  readonly timers: Timers;
  /** Whether another association with this address is one too many. */
  isFull(remoteAddress: string): boolean;
}

const defaultArtim = 30_000;

export function createSession(connection: Connection, { options, registry, timers, isFull }: Door): Session {
  const observe = options.observe ?? (() => {});
  const { remoteAddress } = connection;
  let association: AssociationInformation | undefined;
  let reader: MessageReader | undefined;
  let dispatcher: Dispatcher | undefined;
  let requests: Requests | undefined;
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
    const fail = (message: string): void => upperLayer.fail(AbortReason.notSpecified, message);
    const writer = createMessageWriter({
      send,
      peerMaximum: established.peer.maximumPduLength,
      progress: timer.touch,
    });
    const making = createRequests({
      writer,
      silence: timer,
      timers,
      patience: options.inactivityTimeout || defaultArtim,
      stop: ({ message }) => fail(message),
    });
    requests = making;
    const serving = createDispatcher({
      association: established,
      registry,
      writer,
      peer: createOperations(established.contexts, making, () => Promise.resolve()),
      violation: fail,
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
      command: (contextId, command) =>
        isResponse(command) ? making.receive(command) : serving.command(contextId, command),
      violation: (reason, message) => upperLayer.fail(reason, message),
    });
  };

  /** Nothing is served any more. */
  const leave = (): void => {
    inactivity?.stop();
    dispatcher?.close();
    requests?.end(new AssociationError('closed', 'The association is over'));
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
      if (!isFull(remoteAddress)) return undefined;
      observe({ kind: 'limit', remoteAddress });
      return localLimitExceeded;
    },
    user: {
      associateIndication: answer,
      data: (contextId, control, bytes, isEnd) => reader?.piece(contextId, control, bytes, isEnd),
      releaseIndication() {
        // Nothing comes after that: not the response to a sub-operation either.
        requests?.end(new AssociationError('closed', 'The peer asks for release'));
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
    remoteAddress,
    get isEstablished() {
      return reader !== undefined;
    },
  };
}

const localLimitExceeded = {
  kind: 'A-ASSOCIATE-RJ',
  result: RejectResult.transient,
  source: RejectSource.presentationProvider,
  reason: 2,
} as const;
