// Requests on an association that was opened here: one at a time, each until its final response (PS3.7 7.5.1).
import {
  type CommandSet,
  cancelRequest,
  type DataReceiver,
  type MessageWriter,
  Status,
  statusClassOf,
} from '../messages/index.ts';
import type { InactivityTimer } from '../upper-layer/index.ts';
import { AssociationError } from './association-error.ts';

export type DataSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A promise asks to be given nothing more until it settles. */
export type PendingReceiver = DataReceiver | undefined | Promise<DataReceiver | undefined>;

/** Follows a request that is answered step by step. */
export interface Follower {
  /** A pending response came; gives the receiver of its data set. */
  pending(response: CommandSet): PendingReceiver;
}

export interface Requests {
  /** Sends a request, with the next message ID; gives its final response, and those before to the follower.
   * @throws AssociationError, or what the source of the data throws: the association is aborted then */
  make(contextId: number, command: CommandSet, data?: DataSource, follower?: Follower): Promise<CommandSet>;
  /** Asks the peer to answer no more of the request that is under way; it is answered all the same. Never throws. */
  cancel(): Promise<void>;
  /** A response came; gives the receiver of its data set. */
  receive(response: CommandSet): PendingReceiver;
  /** The association is over: whoever waits is told, and whoever asks later. The first reason counts. */
  end(reason: AssociationError): void;
}

export interface RequestsOptions {
  readonly writer: MessageWriter;
  /** Runs, released, while the peer has something to answer. */
  readonly silence: InactivityTimer;
  abort(): void;
}

interface Pending {
  readonly messageId: number;
  readonly contextId: number;
  readonly follower: Follower | undefined;
  resolve(response: CommandSet): void;
  reject(reason: AssociationError): void;
}

export function createRequests({ writer, silence, abort }: RequestsOptions): Requests {
  let pending: Pending | undefined;
  let ended: AssociationError | undefined;
  let nextMessageId = 1;

  const begin = (contextId: number, follower: Follower | undefined): Promise<CommandSet> =>
    new Promise((resolve, reject) => {
      pending = { messageId: nextMessageId, contextId, follower, resolve, reject };
      nextMessageId = (nextMessageId % 0xffff) + 1;
    });

  return {
    async make(contextId, command, data, follower) {
      if (ended) throw ended;
      if (pending) throw new AssociationError('protocol', 'The association is busy with another request');
      const MessageID = nextMessageId;
      const response = begin(contextId, follower);
      silence.release();
      try {
        // A peer may go away, or answer, before everything was sent; what follows must not begin inside of it.
        const [final] = await Promise.all([response, writer.send(contextId, { ...command, MessageID }, data)]);
        return final;
      } catch (error) {
        if (ended) throw ended;
        abort();
        throw error;
      } finally {
        silence.hold();
        pending = undefined;
      }
    },
    async cancel() {
      if (!pending || ended) return;
      await writer.send(pending.contextId, cancelRequest(pending.messageId)).catch(() => {});
    },
    receive(response) {
      silence.touch();
      if (pending?.messageId !== response.MessageIDBeingRespondedTo) return undefined;
      if (statusClassOf(response.Status ?? Status.success) !== 'pending') {
        pending?.resolve(response);
        return undefined;
      }
      const receiver = pending?.follower?.pending(response);
      if (!(receiver instanceof Promise)) return receiver;
      // While it is us who wait, the peer is not to blame for its silence.
      silence.hold();
      return receiver.finally(() => silence.release());
    },
    end(reason) {
      ended ??= reason;
      pending?.reject(ended);
    },
  };
}
