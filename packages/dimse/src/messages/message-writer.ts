// Sends messages over an association, one after the other: fragments of two messages never mix (PS3.7 8.1).
import { type CommandSet, encodeCommandSet } from './command-set.ts';
import { createDataFragmenter, fragmentLengthFor, fragmentWhole } from './fragments.ts';

export interface MessageWriter {
  /** Sends a command and the data set that follows it, as it comes. Resolves when all was handed to the network, which took it up
   * to a buffer. @throws Error once the association is over; what the source throws: the association is then of no use any more */
  send(contextId: number, command: CommandSet, data?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void>;
}

export interface MessageWriterOptions {
  /** Writes P-DATA-TF PDUs; see `UpperLayer.send`. */
  readonly send: (chunks: readonly Uint8Array[]) => Promise<void> | undefined | false;
  /** Maximum length the peer announced; 0 is any. */
  readonly peerMaximum: number;
  /** Told after each write, for timers. */
  readonly progress?: () => void;
}

export function createMessageWriter({ send, peerMaximum, progress }: MessageWriterOptions): MessageWriter {
  const fragmentLength = fragmentLengthFor(peerMaximum);
  /** The messages that are being sent; undefined where none is. */
  let queue: Promise<void> | undefined;

  const sendData = async (
    contextId: number,
    command: Uint8Array,
    data: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> => {
    const fragmenter = createDataFragmenter(contextId, fragmentLength, command);
    for await (const chunk of data) {
      const batch = fragmenter.push(chunk);
      if (batch) await write(batch);
    }
    await write(fragmenter.finish());
  };

  const write = async (chunks: readonly Uint8Array[]): Promise<void> => {
    const wait = send(chunks);
    if (wait === false) throw new Error('The association is over');
    await wait;
    progress?.();
  };

  const sendOne = async (
    contextId: number,
    command: CommandSet,
    data: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | undefined,
  ): Promise<void> => {
    const bytes = fragmentWhole(contextId, true, encodeCommandSet(command), fragmentLength);
    await (data ? sendData(contextId, bytes, data) : write([bytes]));
  };

  return {
    send(contextId, command, data) {
      if (!queue && !data) return sendOne(contextId, command, undefined);
      const sent = (queue ?? Promise.resolve()).then(() => sendOne(contextId, command, data));
      const settled = sent.then(ignore, ignore).then(() => {
        if (queue === settled) queue = undefined;
      });
      queue = settled;
      return sent;
    },
  };
}

function ignore(): void {}
