// Requests to the peer of an association: one at a time, each until its final response (PS3.7 7.5.1).
import {
  type CommandSet,
  cancelRequest,
  type DataReceiver,
  type DataSource,
  hasDataSet,
  leaveData,
  type MessageWriter,
  mayLackDataSet,
  Status,
  statusClassOf,
} from '../messages/index.ts';
import type { InactivityTimer, Timers } from '../upper-layer/index.ts';
import { AssociationError } from './association-error.ts';

/** Is told each response of a request, the final one too; gives the receiver of its data set, which is dropped otherwise. A promise
 * asks to be told nothing until it settles. Never rejects; where it throws, the
 * association is aborted. */
export type ResponseHandler = (response: CommandSet) => DataReceiver | undefined | Promise<DataReceiver | undefined>;

export interface Requests {
  /** Sends a request, with the next message ID; gives its final response, once the data set of that is complete.
   * @throws AssociationError, or what the source of the data throws: the association is aborted then */
  make(contextId: number, command: CommandSet, data?: DataSource, handle?: ResponseHandler): Promise<CommandSet>;
  /** Sends C-CANCEL for the request that is being made, if any, once. The association is aborted where no final response comes in
   * time. */
  cancel(): void;
  /** Aborts: the peer broke the protocol, as the message says. */
  fail(message: string): void;
  /** A response came. */
  receive(command: CommandSet): DataReceiver | undefined | Promise<DataReceiver | undefined>;
  /** The association is over: whoever waits is told, and whoever asks later. The first reason counts. */
  end(reason: AssociationError): void;
}

export interface RequestsOptions {
  readonly writer: MessageWriter;
  /** Runs, released, while the peer has something to answer. */
  readonly silence: InactivityTimer;
  readonly timers: Timers;
  /** Milliseconds for the final response after C-CANCEL. */
  readonly patience: number;
  /** Aborts the association. */
  stop(reason: AssociationError): void;
}

interface Pending {
  readonly messageId: number;
  readonly contextId: number;
  readonly field: number;
  readonly handle: ResponseHandler | undefined;
  /** Set once it is cancelled: calls off the wait for the final response. */
  stopWaiting?: () => void;
  /** The final response came. */
  isAnswered: boolean;
  resolve(response: CommandSet): void;
  reject(reason: AssociationError): void;
}

interface Begun {
  readonly request: Pending;
  readonly response: Promise<CommandSet>;
}

const responseBit = 0x8000;

export function createRequests({ writer, silence, timers, patience, stop }: RequestsOptions): Requests {
  let pending: Pending | undefined;
  let ended: AssociationError | undefined;
  let nextMessageId = 1;

  const begin = (contextId: number, command: CommandSet, handle: ResponseHandler | undefined): Begun => {
    const { promise, resolve, reject } = Promise.withResolvers<CommandSet>();
    const { CommandField: field, MessageID } = command;
    const messageId = MessageID || nextMessageId;
    const request: Pending = { messageId, contextId, field, handle, isAnswered: false, resolve, reject };
    nextMessageId = (nextMessageId % 0xffff) + 1;
    pending = request;
    return { request, response: promise };
  };

  /** Whoever handles a response takes the time of this side, not of the peer. */
  const handled = (response: CommandSet, handle: ResponseHandler | undefined): ReturnType<ResponseHandler> => {
    let receiver: ReturnType<ResponseHandler>;
    try {
      receiver = handle?.(response);
    } catch (error) {
      stop(new AssociationError('aborted', 'A response was not handled here', error));
    }
    if (!(receiver instanceof Promise)) return receiver;
    silence.hold();
    return receiver.finally(silence.release);
  };

  const receiveFinal = (request: Pending, response: CommandSet): ReturnType<ResponseHandler> => {
    request.isAnswered = true;
    const receiver = handled(response, request.handle);
    if (hasDataSet(response) && !mayLackDataSet(response)) return endingWith(receiver, () => request.resolve(response));
    request.resolve(response);
    return receiver;
  };

  const fail = (message: string): void => stop(new AssociationError('protocol', message));

  return {
    fail,
    async make(contextId, command, data, handle) {
      if (ended || pending) {
        leaveData(data);
        throw ended ?? new AssociationError('protocol', 'The association is busy with another request');
      }
      const { request, response } = begin(contextId, command, handle);
      silence.release();
      try {
        // A peer may go away, or answer, before everything was sent; what follows must not begin inside of it.
        const [final] = await Promise.all([
          response,
          writer.send(contextId, { ...command, MessageID: request.messageId }, data),
        ]);
        return final;
      } catch (error) {
        if (ended) throw ended;
        stop(new AssociationError('aborted', 'The association was aborted here'));
        throw error;
      } finally {
        silence.hold();
        request.stopWaiting?.();
        pending = undefined;
      }
    },
    cancel() {
      if (!pending || pending.isAnswered || pending.stopWaiting || ended) return;
      const { contextId, messageId } = pending;
      const late = new AssociationError('timeout', `No final response within ${patience} ms of the cancellation`);
      pending.stopWaiting = timers.after(patience, () => stop(late));
      // Whoever made the request is told that the association is over.
      writer.send(contextId, cancelRequest(messageId)).catch(() => {});
    },
    receive(response) {
      if (!pending || pending.isAnswered) return undefined;
      if (!isAnswerTo(response, pending)) {
        fail('The peer answered a request that was not made');
        return undefined;
      }
      silence.touch();
      const isPending = statusClassOf(response.Status ?? Status.success) === 'pending';
      return isPending ? handled(response, pending.handle) : receiveFinal(pending, response);
    },
    end(reason) {
      ended ??= reason;
      pending?.reject(ended);
    },
  };
}

function isAnswerTo(response: CommandSet, { messageId, field }: Pending): boolean {
  return response.MessageIDBeingRespondedTo === messageId && response.CommandField === (field | responseBit);
}

/** Tells the end of a data set besides what its receiver does with it. */
function endingWith(receiver: ReturnType<ResponseHandler>, ended: () => void): ReturnType<ResponseHandler> {
  const withEnd = (given: DataReceiver | undefined): DataReceiver => ({
    push: (chunk) => given?.push(chunk),
    end() {
      given?.end();
      ended();
    },
  });
  return receiver instanceof Promise ? receiver.then(withEnd) : withEnd(receiver);
}
