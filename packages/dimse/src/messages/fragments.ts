// Cuts messages into P-DATA-TF PDUs that fit the peer (PS3.7 8, PS3.8 E.2). One presentation data value a PDU; data are not copied.
import { largestMaximumPdu, pduHeaderLength, pdvHeaderLength, writeDataHeader } from '../pdu/index.ts';

const headersLength = pduHeaderLength + pdvHeaderLength;

/** Chunks are gathered up to so many bytes before they are handed to the network. */
const batchBytes = 1 << 18;

/** Bytes of a fragment for a peer that takes PDUs of so many bytes (0: any): even, as PS3.8 E.2 asks, and bounded. */
export function fragmentLengthFor(peerMaximum: number): number {
  const maximum = peerMaximum === 0 ? largestMaximumPdu : Math.min(peerMaximum, largestMaximumPdu);
  return Math.max(2, (maximum - pdvHeaderLength) & ~1);
}

/** The PDUs of a command set (or of any bytes at hand) in one array. */
export function fragmentWhole(
  contextId: number,
  isCommand: boolean,
  bytes: Uint8Array,
  fragmentLength: number,
): Uint8Array {
  const count = Math.max(1, Math.ceil(bytes.length / fragmentLength));
  const target = new Uint8Array(bytes.length + count * headersLength);
  let from = 0;
  let at = 0;
  for (let index = 0; index < count; index++) {
    const part = bytes.subarray(from, from + fragmentLength);
    writeDataHeader(target, at, { contextId, isCommand, isLast: index === count - 1 }, part.length);
    target.set(part, at + headersLength);
    from += part.length;
    at += headersLength + part.length;
  }
  return target;
}

/** Cuts a data set that comes in chunks. */
export interface DataFragmenter {
  /** Takes a chunk; gives what is ready to be sent, or undefined while it gathers. */
  push(chunk: Uint8Array): readonly Uint8Array[] | undefined;
  /** The rest, with the last fragment marked. */
  finish(): readonly Uint8Array[];
}

/** @param before PDUs that are sent ahead of the data in the same write: the command */
export function createDataFragmenter(contextId: number, fragmentLength: number, before: Uint8Array): DataFragmenter {
  let ready: Uint8Array[] = [before];
  let readyBytes = before.length;
  /** Pieces of the fragment that is being filled: full only where it may be the last one. */
  let pieces: Uint8Array[] = [];
  let filled = 0;

  const flushFragment = (isLast: boolean): void => {
    const header = new Uint8Array(headersLength);
    writeDataHeader(header, 0, { contextId, isCommand: false, isLast }, filled);
    ready.push(header, ...pieces);
    readyBytes += headersLength + filled;
    pieces = [];
    filled = 0;
  };

  const takeReady = (): readonly Uint8Array[] => {
    const batch = ready;
    ready = [];
    readyBytes = 0;
    return batch;
  };

  return {
    push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (filled === fragmentLength) flushFragment(false);
        const end = Math.min(chunk.length, at + fragmentLength - filled);
        pieces.push(chunk.subarray(at, end));
        filled += end - at;
        at = end;
      }
      return readyBytes >= batchBytes ? takeReady() : undefined;
    },
    finish() {
      flushFragment(true);
      return takeReady();
    },
  };
}
