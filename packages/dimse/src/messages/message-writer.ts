// Sends messages over an association, one after the other: fragments of two messages never mix (PS3.7 8.1).
import { type CommandSet, encodeCommandSet } from './command-set.ts';
import { createDataFragmenter, fragmentAtHand, fragmentLengthFor, fragmentWhole } from './fragments.ts';

/** A data set in memory that others will use again. */
export interface LentData {
  readonly pieces: readonly Uint8Array[];
  /** Nobody looks at the pieces any more; called once. */
  giveBack(): void;
}

/** Where a data set comes from. What is at hand as a whole, lent or in an array, goes out in one go. */
export type DataSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array> | LentData;

export interface MessageWriter {
  /** Sends a command and the data set that follows it, as it comes. Resolves when all was handed to the network, which took it up
   * to a buffer. @throws Error once the association is over; what the source throws: the association is then of no use any more */
  send(contextId: number, command: CommandSet, data?: DataSource): Promise<void>;
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

  /** The command that was written last: the answers to a query all have the same. */
  let last: { readonly contextId: number; readonly command: CommandSet; readonly bytes: Uint8Array } | undefined;

  const encoded = (contextId: number, command: CommandSet): Uint8Array => {
    if (last?.command === command && last.contextId === contextId) return last.bytes;
    const bytes = fragmentWhole(contextId, true, encodeCommandSet(command), fragmentLength);
    last = { contextId, command, bytes };
    return bytes;
  };

  const write = async (chunks: readonly Uint8Array[]): Promise<void> => {
    const wait = send(chunks);
    if (wait === false) throw new Error('The association is over');
    await wait;
    progress?.();
  };

  const sendStream = async (
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

  const sendLent = async (contextId: number, command: Uint8Array, { pieces, giveBack }: LentData): Promise<void> => {
    try {
      await write(fragmentAtHand(contextId, pieces, fragmentLength, command));
    } finally {
      giveBack();
    }
  };

  const sendOne = (contextId: number, command: CommandSet, data: DataSource | undefined): Promise<void> => {
    const bytes = encoded(contextId, command);
    if (!data) return write([bytes]);
    if (isLent(data)) return sendLent(contextId, bytes, data);
    if (isArray(data)) return write(fragmentAtHand(contextId, data, fragmentLength, bytes));
    return sendStream(contextId, bytes, data);
  };

  return {
    send(contextId, command, data) {
      // What is at hand is written at once, before anything else can be.
      if (!queue && (!data || isLent(data) || isArray(data))) return sendOne(contextId, command, data);
      const sent = (queue ?? Promise.resolve()).then(() => sendOne(contextId, command, data));
      const settled = sent.then(ignore, ignore).then(() => {
        if (queue === settled) queue = undefined;
      });
      queue = settled;
      return sent;
    },
  };
}

/** For data that nobody will send. */
export function leaveData(data: DataSource | undefined): void {
  if (!data) return;
  if (isLent(data)) data.giveBack();
  else if (Symbol.asyncIterator in data) data[Symbol.asyncIterator]().return?.().catch(ignore);
}

function isLent(data: DataSource): data is LentData {
  return 'giveBack' in data;
}

function isArray(data: DataSource): data is readonly Uint8Array[] {
  return Array.isArray(data);
}

function ignore(): void {}
