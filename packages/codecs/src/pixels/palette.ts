// Palette Color Lookup Tables (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6; segmented ones: C.7.9.2).
import { type DataSet, Tag } from '@pharos/dicom';
import { CodecError } from '../frame/index.ts';

export interface Palette {
  /** The stored value that stands for the first entry; smaller ones too. */
  readonly first: number;
  /** 8 bits of each colour, by entry. */
  readonly colours: Uint8Array;
}

interface TableTags {
  readonly descriptor: number;
  readonly data: number;
  readonly segmented: number;
}

const tables: readonly TableTags[] = [
  {
    descriptor: Tag.RedPaletteColorLookupTableDescriptor,
    data: Tag.RedPaletteColorLookupTableData,
    segmented: Tag.SegmentedRedPaletteColorLookupTableData,
  },
  {
    descriptor: Tag.GreenPaletteColorLookupTableDescriptor,
    data: Tag.GreenPaletteColorLookupTableData,
    segmented: Tag.SegmentedGreenPaletteColorLookupTableData,
  },
  {
    descriptor: Tag.BluePaletteColorLookupTableDescriptor,
    data: Tag.BluePaletteColorLookupTableData,
    segmented: Tag.SegmentedBluePaletteColorLookupTableData,
  },
];

const damaged = (): CodecError => new CodecError('Damaged', 'The image has no usable palette');

interface Table {
  readonly first: number;
  /** 8 bits an entry. */
  readonly entries: Uint8Array;
}

/** Entries of 8 bits may be packed, two in a word, or one in a word each. */
function entriesOf(bytes: Uint8Array, words: readonly number[], count: number, bits: number): readonly number[] {
  if (bits <= 8 && bytes.byteLength < count * 2) return Array.from(bytes.subarray(0, count));
  return words.slice(0, count);
}

/** Four words for each of 65536 entries, and as much again: no table needs more. */
const mostTableBytes = 2 ** 20;

const discrete = 0;
const linear = 1;
const indirect = 2;

/** Segments of a segmented table, played out; the third kind repeats earlier ones. */
function expandSegments(words: readonly number[], count: number): readonly number[] {
  const entries: number[] = [];
  const play = (start: number, segments: number, isNested: boolean): void => {
    let at = start;
    for (let segment = 0; segment < segments && at + 1 < words.length && entries.length < count; segment++) {
      const kind = words[at] ?? 0;
      const length = words[at + 1] ?? 0;
      at += 2;
      // One that adds nothing might be repeated without end.
      if (length === 0) throw damaged();
      if (kind === discrete) {
        for (let index = 0; index < length && entries.length < count; index++) entries.push(words[at + index] ?? 0);
        at += length;
      } else if (kind === linear) {
        const from = entries.at(-1) ?? 0;
        const to = words[at] ?? 0;
        for (let index = 1; index <= length && entries.length < count; index++) {
          entries.push(Math.round(from + ((to - from) * index) / length));
        }
        at += 1;
      } else if (kind === indirect && !isNested) {
        // The offset counts bytes, its low word first.
        play(((words[at] ?? 0) + (words[at + 1] ?? 0) * 65_536) / 2, length, true);
        at += 2;
      } else {
        throw damaged();
      }
    }
  };
  play(0, words.length, false);
  return entries;
}

function tableOf(dataSet: DataSet, tags: TableTags): Table {
  const [size, first, bits] = dataSet.numbers(tags.descriptor);
  if (size === undefined || first === undefined || bits === undefined || bits < 1 || bits > 16) throw damaged();
  // 65536 does not fit its 16 bits.
  const count = size === 0 ? 65_536 : size & 0xffff;
  const isSegmented = dataSet.has(tags.segmented);
  const stored = dataSet.bytes(isSegmented ? tags.segmented : tags.data);
  if (!stored || stored.byteLength > mostTableBytes) throw damaged();
  const values = isSegmented
    ? expandSegments(dataSet.numbers(tags.segmented), count)
    : entriesOf(stored, dataSet.numbers(tags.data), count, bits);
  if (values.length === 0) throw damaged();
  const shift = Math.max(0, bits - 8);
  return { first, entries: Uint8Array.from(values, (value) => Math.min(255, value >> shift)) };
}

/** @throws CodecError Damaged */
export function paletteOf(dataSet: DataSet): Palette {
  const [red, green, blue] = tables.map((tags) => tableOf(dataSet, tags));
  if (!red || !green || !blue) throw damaged();
  const count = Math.min(red.entries.length, green.entries.length, blue.entries.length);
  const colours = new Uint8Array(count * 3);
  for (let entry = 0; entry < count; entry++) {
    colours[entry * 3] = red.entries[entry] ?? 0;
    colours[entry * 3 + 1] = green.entries[entry] ?? 0;
    colours[entry * 3 + 2] = blue.entries[entry] ?? 0;
  }
  return { first: red.first, colours };
}
