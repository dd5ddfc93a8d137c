// Hands the requests of one association to services, one at a time: a further request waits, unread, until the one before is answered
// (asynchronous operations are not negotiated, PS3.7 D.3.3.3). C-CANCEL goes past, and so do responses.
import type { AssociationInformation } from '../association-information.ts';
import {
  CommandField,
  type CommandSet,
  type DataReceiver,
  hasDataSet,
  isResponse,
  leaveData,
  type MessageWriter,
} from '../messages/index.ts';
import type { PeerOperations } from '../operations/index.ts';
import { type Exchange, type Request, type Service, type ServiceRegistry, sopClassOf } from './service.ts';

/** A command before it is executed. */
export interface CommandRequest {
  readonly association: AssociationInformation;
  readonly command: CommandSet;
  readonly sopClassUid: string;
}

export interface DispatcherOptions {
  readonly association: AssociationInformation;
  readonly registry: ServiceRegistry;
  readonly writer: MessageWriter;
  /** For services that ask something of the peer. */
  readonly peer: PeerOperations;
  /** False: the association is aborted without an answer. */
  authorise(request: CommandRequest): boolean;
  /** Ends the association. */
  abort(): void;
  /** The peer broke the rules: the association is to end. */
  violation(message: string): void;
  /** No service has this command: it is left without an answer. */
  unsupported(command: CommandSet): void;
  /** A service threw instead of answering: the association is aborted then. */
  failed(command: CommandSet, error: unknown): void;
  /** A request begins and ends to be worked on here: the peer is not to blame for the time between. */
  busy(isBusy: boolean): void;
  /** A request came, or its answer went out. */
  touch(): void;
}

export interface Dispatcher {
  command(contextId: number, command: CommandSet): DataReceiver | undefined | Promise<DataReceiver | undefined>;
  /** The peer asks for release. A request that is not complete is given up; one that is being worked on is cancelled, and answered
   * before the promise resolves. */
  release(): Promise<void>;
  /** The peer is gone. */
  close(): void;
  /** Resolves when no request is being received or worked on. */
  idle(): Promise<void>;
}

interface Progress {
  readonly messageId: number | undefined;
  isCancelled: boolean;
  /** The data set is still coming. */
  isReceiving: boolean;
}

interface Current {
  readonly command: CommandSet;
  readonly service: Service;
  readonly exchange: Exchange;
  readonly progress: Progress;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { association, registry, writer } = options;
  let current: Current | undefined;
  /** Settles when `current` is done. */
  let done: Promise<void> = Promise.resolve();
  let markDone: () => void = () => {};
  let isClosed = false;

  const begin = (contextId: number, command: CommandSet): DataReceiver | undefined => {
    const context = association.contexts.get(contextId);
    if (isClosed || !context) return undefined;
    if (!options.authorise({ association, command, sopClassUid: sopClassOf(command) })) {
      options.abort();
      return undefined;
    }
    const service = registry.find(command);
    if (!service) {
      options.unsupported(command);
      return undefined;
    }
    const progress: Progress = { messageId: command.MessageID, isCancelled: false, isReceiving: hasDataSet(command) };
    const request: Request = {
      association,
      context,
      command,
      isCancelled: () => isClosed || progress.isCancelled,
      respond: async (response, data) => {
        if (isClosed) leaveData(data);
        else await writer.send(contextId, response, data);
      },
    };
    const exchange = beginExchange(service, request);
    if (!exchange) return undefined;
    const running: Current = { command, service, exchange, progress };
    current = running;
    done = new Promise((resolve) => {
      markDone = resolve;
    });
    if (progress.isReceiving) return receiverOf(running, command);
    finish(running, command);
    return undefined;
  };

  const beginExchange = (service: Service, request: Request): Exchange | undefined => {
    try {
      return service.begin(request, options.peer);
    } catch (error) {
      fail(request.command, error);
      return undefined;
    }
  };

  /** The peer would wait for an answer that does not come, or read on in the middle of one. */
  const fail = (command: CommandSet, error: unknown): void => {
    if (isClosed) return;
    options.failed(command, error);
    options.abort();
  };

  const receiverOf = (running: Current, command: CommandSet): DataReceiver => ({
    push(chunk) {
      options.touch();
      const wait = running.exchange.push(chunk);
      if (!wait) return undefined;
      options.busy(true);
      const settled = (): void => options.busy(false);
      return wait.then(settled, settled);
    },
    end() {
      running.progress.isReceiving = false;
      if (!isClosed) finish(running, command);
    },
  });

  const finish = (running: Current, command: CommandSet): void => {
    options.busy(true);
    running.exchange
      .finish()
      .catch((error: unknown) => fail(command, error))
      .finally(() => {
        options.busy(false);
        end();
      });
  };

  const cancel = (): void => {
    if (current) current.progress.isCancelled = true;
  };

  const giveUpReceiving = (): void => {
    if (!current?.progress.isReceiving) return;
    const { command, exchange, progress } = current;
    progress.isReceiving = false;
    exchange
      .abort()
      .catch((error: unknown) => options.failed(command, error))
      .finally(end);
  };

  const end = (): void => {
    current = undefined;
    markDone();
  };

  return {
    command(contextId, command) {
      options.touch();
      if (isResponse(command)) return undefined;
      if (command.CommandField === CommandField.cCancel) {
        if (current?.progress.messageId === command.MessageIDBeingRespondedTo) cancel();
        return undefined;
      }
      if (!current) return begin(contextId, command);
      if (!current.service.asksPeer) return done.then(() => begin(contextId, command));
      options.violation('The peer made a request in the middle of another one');
      return undefined;
    },
    release() {
      cancel();
      giveUpReceiving();
      return done;
    },
    close() {
      isClosed = true;
      giveUpReceiving();
    },
    idle: () => done,
  };
}
