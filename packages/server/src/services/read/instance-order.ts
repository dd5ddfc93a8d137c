// The order of the slices of a series: along the common normal of the slices where that tells them apart, else by their index.
import { formatTag, Tag } from '@pharos/dicom';
import { Metadata, type OrthancId, PharosError } from '../../model/index.ts';
import type { IndexStore, Resource } from '../../ports/index.ts';

export interface OrderedSlices {
  /** Volume: the slices lie one behind the other in space. */
  readonly type: 'Volume' | 'Sequence';
  readonly slices: readonly { readonly id: OrthancId; readonly frames: number }[];
}

type Vector = readonly [number, number, number];

interface Slice {
  readonly id: OrthancId;
  readonly frames: number;
  readonly position: Vector | undefined;
  readonly normal: Vector | undefined;
  readonly index: number | undefined;
}

/** Ten times the resolution of a number of 32 bits. */
const tolerance = 10 * 2 ** -23;
const maximumFrames = 1_000_000;

function numbersOf(text: string | undefined, count: number): readonly number[] | undefined {
  const pieces = text?.split('\\').map((piece) => piece.trim());
  if (pieces?.length !== count || pieces.some((piece) => piece === '')) return undefined;
  const numbers = pieces.map((piece) => Math.fround(Number(piece)));
  return numbers.some(Number.isNaN) ? undefined : numbers;
}

function vectorOf(text: string | undefined): Vector | undefined {
  const numbers = numbersOf(text, 3);
  return numbers && [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
}

/** Cross product of the two directions of Image Orientation (Patient) (PS3.3 C.7.6.2.1.1). */
function normalOf(orientation: string | undefined): Vector | undefined {
  const numbers = numbersOf(orientation, 6);
  if (!numbers) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers;
  return [Math.fround(b * f - c * e), Math.fround(c * d - a * f), Math.fround(a * e - b * d)];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function isParallel(a: Vector, b: Vector): boolean {
  const lengths = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  return lengths >= tolerance && Math.abs(Math.abs(dot(a, b) / lengths) - 1) < tolerance;
}

function wholeNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d{1,10}$/.test(trimmed) ? Number(trimmed) : undefined;
}

function sliceOf({ id, tags, metadata }: Resource): Slice {
  const tag = (keyed: number): string | undefined => tags[formatTag(keyed)];
  return {
    id,
    frames: wholeNumber(tag(Tag.NumberOfFrames)) ?? 1,
    position: vectorOf(tag(Tag.ImagePositionPatient)),
    normal: normalOf(tag(Tag.ImageOrientationPatient)),
    index: wholeNumber(metadata.find(({ type }) => type === Metadata.IndexInSeries)?.value),
  };
}

/** In space, where all slices are parallel and no two lie in one plane. */
function byPosition(slices: readonly Slice[], normal: Vector | undefined): readonly Slice[] | undefined {
  if (!normal) return undefined;
  const placed: { readonly slice: Slice; readonly at: number }[] = [];
  for (const slice of slices) {
    if (!slice.position || (slice.normal && !isParallel(slice.normal, normal))) return undefined;
    placed.push({ slice, at: Math.fround(dot(normal, slice.position)) });
  }
  placed.sort((a, b) => a.at - b.at);
  for (let i = 1; i < placed.length; i++) {
    if (Math.abs((placed[i]?.at ?? 0) - (placed[i - 1]?.at ?? 0)) <= tolerance) return undefined;
  }
  return placed.map(({ slice }) => slice);
}

function byIndex(slices: readonly Slice[]): readonly Slice[] | undefined {
  if (slices.some(({ index }) => index === undefined)) return undefined;
  return [...slices].sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
}

/** @throws PharosError UnknownResource, CannotOrderSlices */
export async function orderSlices(index: Pick<IndexStore, 'get' | 'find'>, series: OrthancId): Promise<OrderedSlices> {
  const resource = await index.get(series, { tags: true });
  if (resource?.level !== 'Series') throw new PharosError('UnknownResource');
  const slices: Slice[] = [];
  let frames = 0;
  for await (const batch of index.find({ level: 'Instance', within: series }, { tags: true, metadata: true })) {
    for (const instance of batch) {
      const slice = sliceOf(instance);
      slices.push(slice);
      frames += slice.frames;
    }
    if (frames > maximumFrames) throw new PharosError('CannotOrderSlices', 'The series has too many frames');
  }
  if (slices.length <= 1) return { type: 'Sequence', slices };
  const inSpace = byPosition(slices, normalOf(resource.tags[formatTag(Tag.ImageOrientationPatient)]));
  if (inSpace) return { type: 'Volume', slices: inSpace };
  const inTime = byIndex(slices);
  if (inTime) return { type: 'Sequence', slices: inTime };
  throw new PharosError('CannotOrderSlices', `Unable to order the slices of series ${series}`);
}
