// The fragments of encapsulated pixel data (PS3.5 A.4): found by stepping from item to item, without reading what is in them.
import { PharosError } from '../../model/index.ts';
import type { ByteRange } from '../../ports/index.ts';
import type { ByteSource, ForwardReader } from './instance-bytes.ts';

const itemTag = 0xfffee000;
const delimitationTag = 0xfffee0dd;
const undefinedLength = 0xffffffff;
export const itemHeaderBytes = 8;
export const maximumFragments = 1_000_000;

/** Items lie one behind the other, so that where they begin tells all: 8 bytes for each. */
export interface Fragments {
  /** The Basic Offset Table; undefined where there is no item at all. */
  readonly table: ByteRange | undefined;
  readonly count: number;
  /** First byte behind the sequence. */
  readonly end: number;
  readonly heldBytes: number;
  /** From the first of these to the one before the other. */
  ranges(first?: number, behindLast?: number): readonly ByteRange[];
  /** The fragment whose item begins there; undefined: none does. */
  indexOf(item: number): number | undefined;
}

export type ItemHeader =
  | { readonly kind: 'item'; readonly length: number }
  | { readonly kind: 'delimitation' }
  | { readonly kind: 'other' };

/** What is next; items are little endian in every encapsulated transfer syntax. */
export async function takeItemHeader(reader: ForwardReader): Promise<ItemHeader> {
  const bytes = await reader.take(itemHeaderBytes);
  if (bytes.byteLength < itemHeaderBytes) return { kind: 'other' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, itemHeaderBytes);
  const tag = ((view.getUint16(0, true) << 16) | view.getUint16(2, true)) >>> 0;
  const length = view.getUint32(4, true);
  if (tag === delimitationTag) return { kind: 'delimitation' };
  return tag === itemTag && length !== undefinedLength ? { kind: 'item', length } : { kind: 'other' };
}

/** @param starts of the values of fragments, then where that of one more would be */
function fragmentsAt(table: ByteRange | undefined, starts: Float64Array, end: number): Fragments {
  const count = Math.max(0, starts.length - 1);
  const startOf = (index: number): number => starts[index] ?? end;
  return {
    table,
    count,
    end,
    heldBytes: starts.byteLength + 256,
    ranges: (first = 0, behindLast = count) =>
      Array.from({ length: Math.max(0, behindLast - first) }, (_, at) => ({
        start: startOf(first + at),
        end: startOf(first + at + 1) - itemHeaderBytes,
      })),
    indexOf(item) {
      const start = item + itemHeaderBytes;
      let [low, high] = [0, count];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (startOf(middle) < start) low = middle + 1;
        else high = middle;
      }
      return low < count && startOf(low) === start ? low : undefined;
    },
  };
}

/** @param start first byte of the value of Pixel Data. A truncated last fragment ends with the file. */
export async function findFragments(source: ByteSource, start: number): Promise<Fragments> {
  const reader = source.forward(start);
  const starts: number[] = [];
  let behindItems = start;
  let end = start;
  try {
    for (;;) {
      const header = await takeItemHeader(reader);
      if (header.kind === 'delimitation') end = reader.position;
      if (header.kind !== 'item') break;
      if (starts.length > maximumFragments) throw new PharosError('BadFileFormat', 'Too many fragments of pixel data');
      starts.push(reader.position);
      await reader.skip(header.length);
      behindItems = reader.position;
      end = behindItems;
    }
  } finally {
    await reader.close();
  }
  const [tableStart, ...fragments] = [...starts, behindItems + itemHeaderBytes];
  if (starts.length === 0 || tableStart === undefined) return fragmentsAt(undefined, new Float64Array(0), end);
  const table = { start: tableStart, end: (fragments[0] ?? 0) - itemHeaderBytes };
  return fragmentsAt(table, Float64Array.from(fragments), end);
}
