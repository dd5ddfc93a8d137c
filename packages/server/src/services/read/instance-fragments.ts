// The fragments of encapsulated pixel data (PS3.5 A.4): found by stepping from item to item, without reading what is in them;
// and which of them make which frame, by the offset tables.
import { type DataSet, Tag } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { ByteRange } from '../../ports/index.ts';
import type { ByteSource } from './instance-bytes.ts';

const itemTag = 0xfffee000;
const delimitationTag = 0xfffee0dd;
const itemHeaderBytes = 8;
const maximumFragments = 1_000_000;

export interface Fragments {
  /** The Basic Offset Table; undefined where there is no item at all. */
  readonly table: ByteRange | undefined;
  readonly fragments: readonly ByteRange[];
  /** First byte behind the sequence. */
  readonly end: number;
}

interface ItemHeader {
  readonly tag: number;
  readonly length: number;
}

/** Items are little endian in every encapsulated transfer syntax. */
function itemHeaderOf(bytes: Uint8Array): ItemHeader | undefined {
  if (bytes.byteLength < itemHeaderBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, itemHeaderBytes);
  const tag = ((view.getUint16(0, true) << 16) | view.getUint16(2, true)) >>> 0;
  return { tag, length: view.getUint32(4, true) };
}

/** @param start first byte of the value of Pixel Data. A truncated last fragment ends with the file. */
export async function findFragments(source: ByteSource, start: number): Promise<Fragments> {
  const reader = source.forward(start);
  const items: ByteRange[] = [];
  let end = start;
  try {
    for (;;) {
      const header = itemHeaderOf(await reader.take(itemHeaderBytes));
      if (header?.tag === delimitationTag) end = reader.position;
      if (header?.tag !== itemTag || header.length === 0xffffffff) break;
      if (items.length === maximumFragments) throw new PharosError('BadFileFormat', 'Too many fragments of pixel data');
      const from = reader.position;
      await reader.skip(header.length);
      items.push({ start: from, end: reader.position });
      end = reader.position;
    }
  } finally {
    await reader.close();
  }
  const [table, ...fragments] = items;
  return { table, fragments, end };
}

/** @throws PharosError BadFileFormat for a table of another number of frames */
function offsetsOf(bytes: Uint8Array, width: 4 | 8, frames: number): readonly number[] {
  if (bytes.byteLength !== frames * width) {
    throw new PharosError('BadFileFormat', 'The offset table does not match the number of frames');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: frames }, (_, frame) =>
    width === 4 ? view.getUint32(frame * 4, true) : Number(view.getBigUint64(frame * 8, true)),
  );
}

/** Where each frame begins, counted from the first byte of the first fragment's item (PS3.5 A.4; C.7.6.3.1.8 of PS3.3). */
async function frameOffsets(
  source: ByteSource,
  { table }: Fragments,
  dataSet: DataSet,
  frames: number,
): Promise<readonly number[]> {
  if (table && table.end > table.start) return offsetsOf(await source.read(table), 4, frames);
  const extended = dataSet.bytes(Tag.ExtendedOffsetTable);
  if (extended && extended.byteLength > 0) return offsetsOf(extended, 8, frames);
  throw new PharosError('BadFileFormat', 'Several frames in more fragments, without an offset table');
}

/** Fragments of each frame, as indices [first, behind the last). @throws PharosError BadFileFormat where they cannot be told */
export async function framesOfFragments(
  source: ByteSource,
  found: Fragments,
  dataSet: DataSet,
  frames: number,
): Promise<readonly (readonly [number, number])[]> {
  const { fragments } = found;
  if (frames === 1) return [[0, fragments.length]];
  if (fragments.length < frames) throw new PharosError('BadFileFormat', 'Fewer fragments than frames');
  if (fragments.length === frames) return fragments.map((_, frame) => [frame, frame + 1] as const);
  const offsets = await frameOffsets(source, found, dataSet, frames);
  const origin = (fragments[0]?.start ?? 0) - itemHeaderBytes;
  const byOffset = new Map(fragments.map(({ start }, index) => [start - itemHeaderBytes - origin, index]));
  const firsts = offsets.map((offset) => byOffset.get(offset));
  return firsts.map((first, frame) => {
    const next = frame + 1 < frames ? firsts[frame + 1] : fragments.length;
    if (first === undefined || next === undefined || next <= first || (frame === 0 && first !== 0)) {
      throw new PharosError('BadFileFormat', 'The offset table does not point at fragments');
    }
    return [first, next] as const;
  });
}
