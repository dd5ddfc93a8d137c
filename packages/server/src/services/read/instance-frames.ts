// Pixel data as it is stored, frame by frame and fragment by fragment, without decoding (PS3.5 8.2, A.4).
import { type DataSet, type ParsedFile, Tag, transferSyntaxOf } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { ByteRange } from '../../ports/index.ts';
import type { ByteSpan, InstancePixels } from '../services.ts';
import type { ByteSource } from './instance-bytes.ts';
import { createByteCache } from './instance-cache.ts';
import { type Fragments, findFragments, framesOfFragments } from './instance-fragments.ts';
import type { OpenInstance } from './instance-reader.ts';

const undefinedLength = 0xffffffff;
const fragmentIndexBytes = 8 * 1024 * 1024;

/** A video is one frame, whatever Number of Frames says: its fragments are not frames. */
const videoSyntax = /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](?:\.1)?$/;

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

export function createPixelReader(): PixelReader {
  const found = createByteCache<Fragments>(fragmentIndexBytes);

  const fragmentsOf = async ({ attachment, source }: OpenInstance, start: number): Promise<Fragments> => {
    const kept = found.get(attachment.uuid);
    if (kept) return kept;
    const fragments = await findFragments(source, start);
    found.set(attachment.uuid, fragments, 64 + fragments.fragments.length * 64);
    return fragments;
  };

  const encapsulated = (instance: OpenInstance, valueOffset: number): Omit<InstancePixels, 'key' | 'file' | 'mime'> => {
    const { file, source } = instance;
    const fragmentsAndTable = async (): Promise<readonly ByteRange[]> => {
      const { table, fragments } = await fragmentsOf(instance, valueOffset);
      return table ? [table, ...fragments] : fragments;
    };
    return {
      fragments: async () => (await fragmentsAndTable()).map((range) => spanOf(source, [range])),
      async frame(number) {
        const all = await fragmentsOf(instance, valueOffset);
        const frames = await framesOfFragments(source, all, file.dataSet, checkedFrames(file, number));
        return spanOf(source, all.fragments.slice(...(frames[number] ?? [0, 0])));
      },
    };
  };

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
