// The records of a directory as they will stand in its file, one behind the other: bytes in a few large pieces of memory, into which
// offsets are written when they become known.

const itemHeaderBytes = 8;
const pieceBytes = 64 * 1024;

/** Where a record has the offset of the next one, from its item on: (0004,1400), the first element. */
export const nextPlace: number = itemHeaderBytes + 8;
/** The same of the first one below it: (0004,1420), behind (0004,1400) and (0004,1410). */
export const lowerPlace: number = itemHeaderBytes + 12 + 10 + 8;

interface Piece {
  /** Offset in the file. */
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  used: number;
}

export interface RecordBytes {
  /** Of all records, in bytes. */
  readonly length: number;
  /** Adds an item with this content. Gives its offset in the file. */
  add(content: Uint8Array): number;
  /** Writes a number of 32 bits at an offset in the file. */
  patch(offset: number, value: number): void;
  pieces(): readonly Uint8Array[];
}

/** @param start offset of the first record in the file */
export function createRecordBytes(start: number): RecordBytes {
  const all: Piece[] = [];
  let end = start;

  const room = (length: number): Piece => {
    const last = all.at(-1);
    if (last && last.used + length <= last.bytes.length) return last;
    const bytes = new Uint8Array(Math.max(length, pieceBytes));
    const piece = { start: end, bytes, view: new DataView(bytes.buffer), used: 0 };
    all.push(piece);
    return piece;
  };

  /** The piece with this offset: the last that starts before it. */
  const pieceAt = (offset: number): Piece | undefined => {
    let low = 0;
    let high = all.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((all[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return all[low];
  };

  return {
    get length() {
      return end - start;
    },
    add(content) {
      const offset = end;
      const length = itemHeaderBytes + content.length;
      const piece = room(length);
      piece.view.setUint32(piece.used, 0xe000fffe, true);
      piece.view.setUint32(piece.used + 4, content.length, true);
      piece.bytes.set(content, piece.used + itemHeaderBytes);
      piece.used += length;
      end += length;
      return offset;
    },
    patch(offset, value) {
      const piece = pieceAt(offset);
      piece?.view.setUint32(offset - piece.start, value, true);
    },
    pieces: () => all.map(({ bytes, used }) => bytes.subarray(0, used)),
  };
}
