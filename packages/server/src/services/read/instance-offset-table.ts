// Where each frame begins, as a file itself says: the Basic Offset Table (PS3.5 A.4), the Extended Offset Table (PS3.3 C.7.6.3.1.8).
// Neither is believed: what does not point at items is as good as no table.
import { type DataSet, Tag } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { ByteRange } from '../../ports/index.ts';
import type { ByteSource, ForwardReader } from './instance-bytes.ts';
import { type Fragments, itemHeaderBytes, maximumFragments, takeItemHeader } from './instance-fragments.ts';

export interface OffsetTable {
  /** First byte of the first fragment's item: offsets count from there. */
  readonly origin: number;
  /** One for each frame. */
  readonly offsets: Float64Array;
  /** Bytes of each frame without padding, where the file tells. */
  readonly lengths: Float64Array | undefined;
  /** The first fragment begins a stream: so does that of each frame. */
  readonly isOfStreams: boolean;
  readonly heldBytes: number;
}

function numbersOf(bytes: Uint8Array, width: 4 | 8): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array(bytes.byteLength / width);
  for (let at = 0; at < numbers.length; at++) {
    numbers[at] = width === 4 ? view.getUint32(at * 4, true) : Number(view.getBigUint64(at * 8, true));
  }
  return numbers;
}

/** From the first item on, each behind the one before, all within the file: so tables of more than 4 GB that wrapped around are not. */
function isInOrder(offsets: Float64Array, available: number): boolean {
  let least = 0;
  for (const offset of offsets) {
    if (offset < least) return false;
    least = offset + itemHeaderBytes;
  }
  return offsets[0] === 0 && least <= available;
}

function extendedTable(dataSet: DataSet, tag: number, frames: number): Float64Array | undefined {
  const bytes = dataSet.bytes(tag);
  return bytes?.byteLength === frames * 8 ? numbersOf(bytes, 8) : undefined;
}

/** First bytes of streams: JPEG and JPEG-LS, JPEG 2000 and as a file, JPEG XL and as a file. */
const beginnings = ['ffd8ff', 'ff4fff51', '0000000c6a502020', 'ff0a', '0000000c4a584c20'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
const longestBeginning = 8;
/** Fragments that are looked into, in one go through the file. */
const mostSearched = 50_000;

const isBeginning = (bytes: Uint8Array): boolean =>
  beginnings.some((beginning) => beginning.equals(bytes.subarray(0, beginning.byteLength)));

/** First bytes of the next fragment; none where there is none. */
async function nextBeginning(reader: ForwardReader): Promise<Uint8Array> {
  const header = await takeItemHeader(reader);
  if (header.kind !== 'item') return new Uint8Array(0);
  return reader.take(Math.min(header.length, longestBeginning));
}

/** @param start first byte of the value of Pixel Data. undefined: there is none, or none that can be right */
export async function readOffsetTable(
  source: ByteSource,
  start: number,
  dataSet: DataSet,
  frames: number,
): Promise<OffsetTable | undefined> {
  if (frames > maximumFragments) return undefined;
  const reader = source.forward(start);
  try {
    const header = await takeItemHeader(reader);
    if (header.kind !== 'item') return undefined;
    const origin = reader.position + header.length;
    const isUsable = (offsets: Float64Array): boolean => isInOrder(offsets, source.size - origin);
    const isBasic = header.length === frames * 4;
    const basic = isBasic ? numbersOf(await reader.take(header.length), 4) : undefined;
    if (!isBasic) await reader.skip(header.length);
    const tableOf = async (offsets: Float64Array, lengths?: Float64Array): Promise<OffsetTable> => {
      const isOfStreams = isBeginning(await nextBeginning(reader));
      return { origin, offsets, lengths, isOfStreams, heldBytes: (lengths ? 2 : 1) * offsets.byteLength + 256 };
    };
    if (basic?.length === frames && isUsable(basic)) return await tableOf(basic);
    const extended = extendedTable(dataSet, Tag.ExtendedOffsetTable, frames);
    if (!extended || !isUsable(extended)) return undefined;
    return await tableOf(extended, extendedTable(dataSet, Tag.ExtendedOffsetTableLengths, frames));
  } finally {
    await reader.close();
  }
}

/** Whether each frame begins with a fragment. */
export function pointsAtFragments({ origin, offsets }: OffsetTable, found: Fragments): boolean {
  return offsets.every((offset) => found.indexOf(origin + offset) !== undefined);
}

/** Where a file has no table, but frames of several fragments: each frame is a stream of its own, which begins with a fragment
 * (PS3.5 A.4). undefined: there are not as many streams as frames */
export async function tableOfStreams(
  source: ByteSource,
  found: Fragments,
  frames: number,
): Promise<OffsetTable | undefined> {
  if (found.count > mostSearched) return undefined;
  const origin = (found.ranges(0, 1)[0]?.start ?? 0) - itemHeaderBytes;
  const offsets: number[] = [];
  const reader = source.forward(origin);
  try {
    for (const { start, end } of found.ranges()) {
      await reader.skip(start - reader.position);
      const bytes = await reader.take(Math.min(end - start, longestBeginning));
      if (isBeginning(bytes)) offsets.push(start - itemHeaderBytes - origin);
      if (offsets.length > frames) return undefined;
    }
  } finally {
    await reader.close();
  }
  if (offsets.length !== frames || offsets[0] !== 0) return undefined;
  return {
    origin,
    offsets: Float64Array.from(offsets),
    lengths: undefined,
    isOfStreams: true,
    heldBytes: frames * 8 + 256,
  };
}

/** Frames are padded to an even number of bytes. */
function isAsLong(ranges: readonly ByteRange[], told: number | undefined): boolean {
  if (told === undefined) return true;
  const length = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  return length === told || length === told + 1;
}

/** Where the fragments of a frame lie. Only what the table says of this frame is looked at; undefined: it is not so. */
export async function rangesByTable(
  source: ByteSource,
  { origin, offsets, lengths, isOfStreams }: OffsetTable,
  frame: number,
): Promise<readonly ByteRange[] | undefined> {
  const next = offsets[frame + 1];
  const end = next === undefined ? undefined : origin + next;
  const reader = source.forward(origin + (offsets[frame] ?? 0));
  const ranges: ByteRange[] = [];
  try {
    while (reader.position !== end) {
      const header = await takeItemHeader(reader);
      if (header.kind === 'delimitation' && end === undefined) break;
      const start = reader.position;
      const isWithin = header.kind === 'item' && start + header.length <= (end ?? source.size);
      if (!isWithin || ranges.length === maximumFragments) return undefined;
      const beginning = await reader.take(Math.min(header.length, longestBeginning));
      if (isOfStreams && ranges.length === 0 && !isBeginning(beginning)) return undefined;
      await reader.skip(start + header.length - reader.position);
      ranges.push({ start, end: reader.position });
    }
    // Else this one may go on where the table has the next begin.
    if (isOfStreams && end !== undefined && !isBeginning(await nextBeginning(reader))) return undefined;
  } finally {
    await reader.close();
  }
  return ranges.length > 0 && isAsLong(ranges, lengths?.[frame]) ? ranges : undefined;
}

/** The same where all fragments are known. @throws PharosError BadFileFormat where it cannot be told which of them make the frame */
export function rangesOfFragments(
  found: Fragments,
  table: OffsetTable | undefined,
  frames: number,
  frame: number,
): readonly ByteRange[] {
  if (frames === 1) return found.ranges();
  if (found.count < frames) throw new PharosError('BadFileFormat', 'Fewer fragments than frames');
  if (found.count === frames) return found.ranges(frame, frame + 1);
  if (!table)
    throw new PharosError('BadFileFormat', 'Several frames in more fragments, without an offset table for them');
  const { origin, offsets } = table;
  const [begin, end] = [offsets[frame], offsets[frame + 1]];
  const first = begin === undefined ? undefined : found.indexOf(origin + begin);
  const behindLast = end === undefined ? found.count : found.indexOf(origin + end);
  if (first === undefined || behindLast === undefined) {
    throw new PharosError('BadFileFormat', 'The offset table does not point at fragments');
  }
  return found.ranges(first, behindLast);
}
