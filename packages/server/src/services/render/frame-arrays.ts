// Frames as one array of NumPy: the header first, then frame by frame, a few ahead.
import { type FrameFormat, type FrameValues, frameFormatOf, type ImageWorkers, numpyHeader } from '@pharos/codecs';
import { type OrthancId, PharosError } from '../../model/index.ts';
import { ahead } from '../ahead.ts';
import { numberOfFrames } from '../read/index.ts';
import type { FrameArray, InstancePixels, InstanceReader } from '../services.ts';
import type { DecodedFrames, FrameWork } from './decoded-frames.ts';
import { ofImage, presentation } from './frame-source.ts';

const framesAhead = 4;
const mostFrames = 1_000_000;

/** A frame of one of several instances. */
interface Place {
  readonly id: OrthancId;
  readonly frame: number;
}

function checkAlike(format: FrameFormat, first: FrameFormat): void {
  if (format.rows !== first.rows || format.columns !== first.columns) throw new PharosError('IncompatibleImageSize');
  const isAlike = format.samplesPerPixel === first.samplesPerPixel && format.bitsAllocated === first.bitsAllocated;
  if (!isAlike || format.isSigned !== first.isSigned) throw new PharosError('IncompatibleImageFormat');
}

function checkValues(values: FrameValues, first: FrameValues): void {
  if (values.shape.join() !== first.shape.join()) throw new PharosError('IncompatibleImageSize');
  if (values.type !== first.type) throw new PharosError('IncompatibleImageFormat');
}

export interface ArrayDependencies {
  readonly reader: Pick<InstanceReader, 'pixels'>;
  readonly images: ImageWorkers;
  readonly frames: DecodedFrames;
}

function valuesOf(
  { images, frames }: ArrayDependencies,
  pixels: InstancePixels,
  frame: number,
  isRescaled: boolean,
  isOnce: boolean,
): Promise<FrameValues> {
  const work: FrameWork<FrameValues> = async (source, take) =>
    images.values(source, presentation(pixels, frame), isRescaled, take);
  return ofImage(() => (isOnce ? frames.useOnce(pixels, frame, work) : frames.use(pixels, frame, work)));
}

/** Arrays up to this size are complete before the first byte is given, so that a damaged frame is told by an error. */
const wholeBytes = 64 * 1024 * 1024;

async function arrayOf(
  header: Uint8Array,
  first: FrameValues,
  frames: number,
  rest: () => AsyncIterable<FrameValues>,
): Promise<FrameArray> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield header;
    yield first.bytes;
    for await (const values of rest()) {
      checkValues(values, first);
      yield values.bytes;
    }
  }
  const length = header.byteLength + first.bytes.byteLength * frames;
  if (length > wholeBytes) return { length, stream: pieces };
  const made = await Array.fromAsync(pieces());
  return {
    length,
    async *stream() {
      yield* made;
    },
  };
}

/** The array of a single frame. */
export async function frameArray(
  dependencies: ArrayDependencies,
  id: OrthancId,
  frame: number,
  isRescaled: boolean,
): Promise<FrameArray | undefined> {
  const pixels = await dependencies.reader.pixels(id);
  if (!pixels) return undefined;
  const first = await valuesOf(dependencies, pixels, frame, isRescaled, false);
  return arrayOf(numpyHeader(first.type, first.shape), first, 1, async function* () {});
}

/** Of all frames of the instances. All headers are read before the first byte is given: what differs is told by an error. */
export async function framesArray(
  dependencies: ArrayDependencies,
  ids: readonly OrthancId[],
  isRescaled: boolean,
): Promise<FrameArray | undefined> {
  const { reader } = dependencies;
  const places: Place[] = [];
  let format: FrameFormat | undefined;
  for (const id of ids) {
    const pixels = await reader.pixels(id);
    if (!pixels) return undefined;
    const { dataSet } = pixels.file;
    const frames = numberOfFrames(pixels.file);
    const own = await ofImage(async () => (pixels.file.pixelData ? frameFormatOf(dataSet) : undefined));
    if (!own) throw new PharosError('NotImplemented', 'An instance has no pixel data');
    format ??= own;
    checkAlike(own, format);
    if (places.length + frames > mostFrames) throw new PharosError('BadFileFormat', 'Too many frames for one array');
    for (let frame = 0; frame < frames; frame++) places.push({ id, frame });
  }
  const values = async (index: number): Promise<FrameValues> => {
    const place = places[index];
    const pixels = place && (await reader.pixels(place.id));
    if (!pixels) throw new PharosError('UnknownResource');
    // Of many frames the next reader wants the first ones, when the last ones have taken their place.
    return valuesOf(dependencies, pixels, place.frame, isRescaled, places.length > 1);
  };
  if (places.length === 0) throw new PharosError('BadFileFormat', 'There is no frame');
  const first = await values(0);
  const header = numpyHeader(first.type, [places.length, ...first.shape]);
  return arrayOf(header, first, places.length, () =>
    ahead(places.length - 1, framesAhead, (index) => values(index + 1)),
  );
}
