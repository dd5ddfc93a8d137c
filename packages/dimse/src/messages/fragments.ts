// Cuts messages into P-DATA-TF PDUs that fit the peer (PS3.7 8, PS3.8 E.2). One presentation data value a PDU; of data only that is
// copied which waits for more, or is little.

import { concatenated } from '@pharos/dicom';
import { pduHeaderLength, pdvHeaderLength, writeDataHeader } from '../pdu/index.ts';
import { networkBufferBytes } from '../upper-layer/index.ts';

const headersLength = pduHeaderLength + pdvHeaderLength;

/** PDUs are gathered up to so many bytes before they are handed to the network: it takes that much before it asks for no more. */
const batchBytes = networkBufferBytes;

/** No longer PDU is sent, whatever the peer takes: most peers put one together before they look at it, which is cheapest where it fits
 * the cache of a processor. */
const longestSentPdu = 1 << 15;

/** Shorter fragments are put into one array, as a header and a view for each cost far more than their bytes: a peer that takes PDUs of
 * a few bytes must not keep all others waiting. */
const shortFragment = 1024;

const nothing = new Uint8Array(0);
const copyOf = (bytes: Uint8Array): Uint8Array => Uint8Array.prototype.slice.call(bytes);

/** Bytes of a fragment for a peer that takes PDUs of so many bytes (0: any): even, as PS3.8 E.2 asks, and bounded. */
export function fragmentLengthFor(peerMaximum: number): number {
  const maximum = peerMaximum === 0 ? longestSentPdu : Math.min(peerMaximum, longestSentPdu);
  return Math.max(2, (maximum - pdvHeaderLength) & ~1);
}

interface Whole {
  /** PDUs that go ahead of them. */
  readonly before?: Uint8Array;
  /** Whether the last of them ends the command or data set: so unless told otherwise. */
  readonly isEnd?: boolean;
}

/** The PDUs of a command set (or of any bytes at hand) in one array. */
export function fragmentWhole(
  contextId: number,
  isCommand: boolean,
  bytes: Uint8Array,
  fragmentLength: number,
  { before = nothing, isEnd = true }: Whole = {},
): Uint8Array {
  const count = Math.max(1, Math.ceil(bytes.length / fragmentLength));
  const target = new Uint8Array(before.length + bytes.length + count * headersLength);
  target.set(before);
  let from = 0;
  let at = before.length;
  for (let index = 0; index < count; index++) {
    const part = bytes.subarray(from, from + fragmentLength);
    writeDataHeader(target, at, { contextId, isCommand, isLast: isEnd && index === count - 1 }, part.length);
    target.set(part, at + headersLength);
    from += part.length;
    at += headersLength + part.length;
  }
  return target;
}

/** The PDUs of a message whose data set is at hand. Little is copied into one array; of more, what is given holds views of the pieces.
 * @param before PDUs that go ahead of the data: the command */
export function fragmentAtHand(
  contextId: number,
  pieces: readonly Uint8Array[],
  fragmentLength: number,
  before: Uint8Array,
): readonly Uint8Array[] {
  let left = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const [first] = pieces;
  // An answer to a query, of which there may be thousands.
  if (first && pieces.length === 1 && left <= fragmentLength)
    return [fragmentWhole(contextId, false, first, fragmentLength, { before })];
  if (fragmentLength < shortFragment)
    return [fragmentWhole(contextId, false, concatenated(pieces, left), fragmentLength, { before })];
  const headers = new Uint8Array(Math.max(1, Math.ceil(left / fragmentLength)) * headersLength);
  const total = before.length + headers.length + left;
  const chunks: Uint8Array[] = [before];
  let header = 0;
  let room = 0;
  const beginFragment = (): void => {
    room = Math.min(left, fragmentLength);
    left -= room;
    writeDataHeader(headers, header, { contextId, isCommand: false, isLast: left === 0 }, room);
    chunks.push(headers.subarray(header, header + headersLength));
    header += headersLength;
  };
  beginFragment();
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      if (room === 0) beginFragment();
      const end = Math.min(piece.length, at + room);
      chunks.push(piece.subarray(at, end));
      room -= end - at;
      at = end;
    }
  }
  return total < batchBytes ? [concatenated(chunks, total)] : chunks;
}

/** Cuts a data set that comes in chunks. */
export interface DataFragmenter {
  /** Takes a chunk; gives what is ready to be sent, or undefined while it gathers. What is given holds views of the chunk; once that is
   * sent, the memory of the chunk may be used again. */
  push(chunk: Uint8Array): readonly Uint8Array[] | undefined;
  /** The rest, with the last fragment marked. */
  finish(): readonly Uint8Array[];
}

/** @param before PDUs that are sent ahead of the data in the same write: the command */
export function createDataFragmenter(contextId: number, fragmentLength: number, before: Uint8Array): DataFragmenter {
  if (fragmentLength < shortFragment) return createShortFragmenter(contextId, fragmentLength, before);
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
      const known = ready.length;
      let at = 0;
      while (at < chunk.length) {
        if (filled === fragmentLength) flushFragment(false);
        const end = Math.min(chunk.length, at + fragmentLength - filled);
        pieces.push(chunk.subarray(at, end));
        filled += end - at;
        at = end;
      }
      pieces = pieces.map(copyOf);
      if (readyBytes >= batchBytes) return takeReady();
      for (let index = known; index < ready.length; index++) ready[index] = copyOf(ready[index] ?? nothing);
      return undefined;
    },
    finish() {
      flushFragment(true);
      return takeReady();
    },
  };
}

function createShortFragmenter(contextId: number, fragmentLength: number, before: Uint8Array): DataFragmenter {
  let ready = [before];
  /** The last fragment so far, or its beginning. */
  let rest: Uint8Array = nothing;
  return {
    push(chunk) {
      const bytes = concatenated([rest, chunk], rest.length + chunk.length);
      const whole = Math.max(0, Math.ceil(bytes.length / fragmentLength) - 1) * fragmentLength;
      rest = copyOf(bytes.subarray(whole));
      if (whole === 0) return undefined;
      const batch = [
        ...ready,
        fragmentWhole(contextId, false, bytes.subarray(0, whole), fragmentLength, { isEnd: false }),
      ];
      ready = [];
      return batch;
    },
    finish: () => [...ready, fragmentWhole(contextId, false, rest, fragmentLength)],
  };
}
