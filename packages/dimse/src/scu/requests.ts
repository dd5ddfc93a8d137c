// Requests on an association that was opened here: one at a time, each until its final response (PS3.7 7.5.1).
import { type CommandSet, isResponse, type MessageWriter, Status, statusClassOf } from '../messages/index.ts';
import type { InactivityTimer } from '../upper-layer/index.ts';
import { AssociationError } from './association-error.ts';

export type DataSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export interface Requests {
  /** Sends a request, with the next message ID; gives its final response. `progress` is told those before.
   * @throws AssociationError, or what the source of the data throws: the association is aborted then */
  make(
    contextId: number,
    command: CommandSet,
    data?: DataSource,
    progress?: (response: CommandSet) => void,
  ): Promise<CommandSet>;
  /** A command came. */
  receive(command: CommandSet): void;
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
  progress?(response: CommandSet): void;
  resolve(response: CommandSet): void;
  reject(reason: AssociationError): void;
}

export function createRequests({ writer, silence, abort }: RequestsOptions): Requests {
  let pending: Pending | undefined;
  let ended: AssociationError | undefined;
  let nextMessageId = 1;

  const begin = (progress: ((response: CommandSet) => void) | undefined): Promise<CommandSet> =>
    new Promise((resolve, reject) => {
      pending = { messageId: nextMessageId, progress, resolve, reject };
      nextMessageId = (nextMessageId % 0xffff) + 1;
    });

  return {
    async make(contextId, command, data, progress) {
      if (ended) throw ended;
      if (pending) throw new AssociationError('protocol', 'The association is busy with another request');
      const MessageID = nextMessageId;
      const response = begin(progress);
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
    receive(command) {
      silence.touch();
      if (!isResponse(command) || pending?.messageId !== command.MessageIDBeingRespondedTo) return;
      if (statusClassOf(command.Status ?? Status.success) === 'pending') pending?.progress?.(command);
      else pending?.resolve(command);
    },
    end(reason) {
      ended ??= reason;
      pending?.reject(ended);
    },
  };
}
