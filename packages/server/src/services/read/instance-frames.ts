// Pixel data as it is stored, frame by frame and fragment by fragment, without decoding (PS3.5 8.2, A.4).
import { type DataSet, type ParsedFile, Tag, transferSyntaxOf } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { ByteRange } from '../../ports/index.ts';
import type { ByteSpan, InstancePixels } from '../services.ts';
import type { ByteSource } from './instance-bytes.ts';
import { createByteCache } from './instance-cache.ts';
import { type Fragments, findFragments } from './instance-fragments.ts';
import {
  type OffsetTable,
  pointsAtFragments,
  rangesByTable,
  rangesOfFragments,
  readOffsetTable,
  tableOfStreams,
} from './instance-offset-table.ts';
import type { OpenInstance } from './instance-reader.ts';

const undefinedLength = 0xffffffff;
/** For where fragments lie, and as much for offset tables: of a few hundred files of a thousand frames, or of two very large ones. */
const layoutBytes = 16 * 1024 * 1024;
const largestShare = 1 / 2;

/** A video is one frame, whatever Number of Frames says: its fragments are not frames. */
const videoSyntax = /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](?:\.1)?$/;

/** Frames may be the components of a stream, several or all of them of one (PS3.5 A.4.5). */
const multiComponentSyntax = /^1\.2\.840\.10008\.1\.2\.4\.9[23]$/;

const mimes: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
};

/** @throws PharosError BadFileFormat where Number of Frames is not a number */
export function numberOfFrames({ dataSet, transferSyntax }: ParsedFile): number {
  if (videoSyntax.test(transferSyntax)) return 1;
  const text = dataSet.text(Tag.NumberOfFrames)?.trim();
  if (text === undefined || text === '') return 1;
  if (!/^\+?\d{1,10}$/.test(text)) throw new PharosError('BadFileFormat', 'Invalid number of frames');
  return Number(text);
}

/** Bytes of one native frame. @throws PharosError BadFileFormat */
function nativeFrameBytes(dataSet: DataSet, frames: number, available: number): number {
  const rows = dataSet.number(Tag.Rows);
  const columns = dataSet.number(Tag.Columns);
  const bits = dataSet.number(Tag.BitsAllocated) ?? 8;
  const samples = dataSet.number(Tag.SamplesPerPixel) ?? 1;
  if (!rows || !columns) throw new PharosError('BadFileFormat', 'The image has no size');
  if (bits === 1) {
    if (frames > 1 && (rows * columns * samples) % 8 !== 0) {
      throw new PharosError('BadFileFormat', 'The frames of one bit do not begin at whole bytes');
    }
    return Math.ceil((rows * columns * samples) / 8);
  }
  const whole = rows * columns * samples * Math.ceil(bits / 8);
  // Of the chrominance of YBR_FULL_422 every second sample is stored (PS3.3 C.7.6.3.1.2).
  const isSubsampled = samples === 3 && /_422$/.test(dataSet.text(Tag.PhotometricInterpretation)?.trim() ?? '');
  return isSubsampled && whole * frames > available ? (whole * 2) / 3 : whole;
}

function swapPairs(bytes: Uint8Array): Uint8Array {
  const swapped = Buffer.from(bytes);
  return swapped.byteLength % 2 === 0 ? swapped.swap16() : swapped;
}

async function* swappedStream(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let odd = Buffer.alloc(0);
  for await (const piece of source) {
    const joined = Buffer.concat([odd, piece]);
    const even = joined.byteLength - (joined.byteLength % 2);
    odd = joined.subarray(even);
    yield joined.subarray(0, even).swap16();
  }
  if (odd.byteLength > 0) yield odd;
}

async function readAll(source: ByteSource, ranges: readonly ByteRange[]): Promise<Uint8Array> {
  const [first, ...others] = ranges;
  if (!first) return new Uint8Array(0);
  if (others.length === 0) return source.read(first);
  const pieces: Uint8Array[] = [];
  for (const range of ranges) pieces.push(await source.read(range));
  return Buffer.concat(pieces);
}

async function* streamAll(source: ByteSource, ranges: readonly ByteRange[]): AsyncGenerator<Uint8Array> {
  for (const range of ranges) yield* source.stream(range);
}

function spanOf(source: ByteSource, ranges: readonly ByteRange[], swap = false): ByteSpan {
  const length = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  if (!swap) return { length, read: () => readAll(source, ranges), stream: () => streamAll(source, ranges) };
  return {
    length,
    read: async () => swapPairs(await readAll(source, ranges)),
    stream: () => swappedStream(streamAll(source, ranges)),
  };
}

export interface PixelReader {
  open(instance: OpenInstance): InstancePixels;
  /** First byte behind the pixel data; the end of the source where there is none. */
  end(instance: OpenInstance): Promise<number>;
}

interface KnownTable {
  /** undefined: the file has none that can be right. */
  readonly table: OffsetTable | undefined;
}

export function createPixelReader(): PixelReader {
  const walked = createByteCache<Fragments>(layoutBytes, largestShare);
  const tables = createByteCache<KnownTable>(layoutBytes, largestShare);
  /** Of those who were looked into for where streams begin. */
  const searched = createByteCache<KnownTable>(layoutBytes, largestShare);
  const searching = new Map<string, Promise<KnownTable>>();
  /** Those who ask for frames of one file at once wait for one walk. */
  const walking = new Map<string, Promise<Fragments>>();

  const walk = async ({ attachment, source }: OpenInstance, start: number): Promise<Fragments> => {
    const fragments = await findFragments(source, start);
    walked.set(attachment.uuid, fragments, fragments.heldBytes);
    return fragments;
  };

  const fragmentsOf = async (instance: OpenInstance, start: number): Promise<Fragments> => {
    const key = instance.attachment.uuid;
    const known = walked.get(key) ?? walking.get(key);
    if (known) return known;
    const walks = walk(instance, start).finally(() => walking.delete(key));
    walking.set(key, walks);
    return walks;
  };

  const tableOf = async (
    { attachment, source, file }: OpenInstance,
    start: number,
    frames: number,
  ): Promise<OffsetTable | undefined> => {
    const known = tables.get(attachment.uuid);
    if (known) return known.table;
    const table = await readOffsetTable(source, start, file.dataSet, frames);
    tables.set(attachment.uuid, { table }, table?.heldBytes ?? 64);
    return table;
  };

  /** Of a file whose table tells nothing, and which has more fragments than frames. */
  const searchedTable = async ({ attachment, source }: OpenInstance, found: Fragments, frames: number) => {
    const known = searched.get(attachment.uuid) ?? searching.get(attachment.uuid);
    if (known) return (await known).table;
    const search = tableOfStreams(source, found, frames)
      .then((table) => {
        searched.set(attachment.uuid, { table }, table?.heldBytes ?? 64);
        return { table };
      })
      .finally(() => searching.delete(attachment.uuid));
    searching.set(attachment.uuid, search);
    return (await search).table;
  };

  /** Where the table cannot be right, what the streams themselves tell. */
  const tableFor = async (
    instance: OpenInstance,
    found: Fragments,
    table: OffsetTable | undefined,
    frames: number,
  ): Promise<OffsetTable | undefined> => {
    if (frames === 1 || found.count <= frames) return table;
    return (
      (await searchedTable(instance, found, frames)) ?? (table && pointsAtFragments(table, found) ? table : undefined)
    );
  };

  /** By the offset table alone where it says the truth: then nothing else of the file is looked at. */
  const rangesOf = async (instance: OpenInstance, start: number, frame: number): Promise<readonly ByteRange[]> => {
    const frames = checkedFrames(instance.file, frame);
    const table = frames > 1 ? await tableOf(instance, start, frames) : undefined;
    const isWalked = walked.get(instance.attachment.uuid) !== undefined;
    const told = table && !isWalked ? await rangesByTable(instance.source, table, frame) : undefined;
    if (told) return told;
    const found = await fragmentsOf(instance, start);
    if (found.count < frames && multiComponentSyntax.test(instance.file.transferSyntax)) {
      throw new PharosError(
        'NotImplemented',
        'The frames are components of one JPEG 2000 stream: it is not taken apart',
      );
    }
    return rangesOfFragments(found, await tableFor(instance, found, table, frames), frames, frame);
  };

  const encapsulated = (instance: OpenInstance, start: number): Omit<InstancePixels, 'key' | 'file' | 'mime'> => ({
    async fragments() {
      const found = await fragmentsOf(instance, start);
      const ranges = found.table ? [found.table, ...found.ranges()] : found.ranges();
      return ranges.map((range) => spanOf(instance.source, [range]));
    },
    frame: async (number) => spanOf(instance.source, await rangesOf(instance, start, number)),
  });

  const native = (instance: OpenInstance, pixelData: NonNullable<ParsedFile['pixelData']>) => {
    const { file, source } = instance;
    const start = pixelData.valueOffset;
    const end = Math.min(start + pixelData.length, source.size);
    const swap = pixelData.vr === 'OW' && transferSyntaxOf(file.transferSyntax)?.littleEndian === false;
    return {
      fragments: async () => [spanOf(source, [{ start, end }], swap)],
      async frame(number: number) {
        const frames = checkedFrames(file, number);
        const bytes = nativeFrameBytes(file.dataSet, frames, end - start);
        if (bytes * frames > end - start)
          throw new PharosError('BadFileFormat', 'Pixel data is shorter than its frames');
        const from = start + number * bytes;
        return spanOf(source, [{ start: from, end: from + bytes }], swap);
      },
    };
  };

  return {
    open(instance) {
      const { file, attachment } = instance;
      const key = attachment.uuid;
      const { pixelData } = file;
      const mime = mimes[file.transferSyntax] ?? 'application/octet-stream';
      if (!pixelData) return { key, file, mime, fragments: undefined, frame: noPixels };
      const isEncapsulated = pixelData.length === undefinedLength;
      return {
        key,
        file,
        mime,
        ...(isEncapsulated ? encapsulated(instance, pixelData.valueOffset) : native(instance, pixelData)),
      };
    },
    async end(instance) {
      const { pixelData } = instance.file;
      if (!pixelData) return instance.source.size;
      const { valueOffset, length } = pixelData;
      if (length !== undefinedLength) return Math.min(valueOffset + length, instance.source.size);
      return (await fragmentsOf(instance, valueOffset)).end;
    },
  };
}

/** The number of frames. @throws PharosError ParameterOutOfRange where the frame is none of them */
function checkedFrames(file: ParsedFile, frame: number): number {
  const frames = numberOfFrames(file);
  if (frame >= frames) throw new PharosError('ParameterOutOfRange', `There is no frame ${frame}`);
  return frames;
}

async function noPixels(): Promise<never> {
  throw new PharosError('BadRequest', 'Cannot extract a frame from a DICOM file that has no pixel data');
}
