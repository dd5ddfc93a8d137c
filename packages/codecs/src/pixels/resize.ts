// Pictures of another size: the nearest pixel, after smoothing where that is asked for.
import { CodecError } from '../frame/index.ts';
import { type Picture8, samplesPerPixel } from './picture.ts';

/** Zero: as large as the other one makes it. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const mostPixels = 64 * 1024 * 1024;

/** Within `wanted`, sides in their proportion. @throws CodecError OverBudget */
export function fittedSize({ width, height }: Size, wanted: Size): Size {
  const ratios = [wanted.width / width, wanted.height / height].filter((ratio) => ratio > 0);
  const ratio = Math.fround(ratios.length === 0 ? 1 : Math.min(...ratios));
  const side = (length: number): number => Math.max(1, Math.round(Math.fround(ratio * length)));
  const fitted = { width: side(width), height: side(height) };
  if (fitted.width * fitted.height > mostPixels) {
    throw new CodecError(
      'OverBudget',
      `A picture of ${fitted.width} x ${fitted.height} pixels is larger than is made here`,
    );
  }
  return fitted;
}

/** The source pixel below the middle of each target pixel. */
function positions(from: number, to: number): Uint32Array {
  const scale = Math.fround(from / to);
  return Uint32Array.from({ length: to }, (_, at) => Math.min(from - 1, Math.floor(Math.fround((at + 0.5) * scale))));
}

const kernel = [1, 4, 6, 4, 1] as const;

/** One pass of the kernel along rows (`step` between neighbours); pixels at the border repeat. */
function convolve(
  from: Float32Array,
  into: Float32Array,
  lines: number,
  length: number,
  lineStep: number,
  step: number,
): void {
  for (let line = 0; line < lines; line++) {
    for (let at = 0; at < length; at++) {
      let sum = 0;
      for (let tap = 0; tap < 5; tap++) {
        const neighbour = Math.min(length - 1, Math.max(0, at + tap - 2));
        sum += (from[line * lineStep + neighbour * step] ?? 0) * (kernel[tap] ?? 0);
      }
      into[line * lineStep + at * step] = sum;
    }
  }
}

/** Gaussian of 5 x 5. */
function smoothed(picture: Picture8): Picture8 {
  const { width, height, samples } = picture;
  const channels = samplesPerPixel(picture);
  const result = new Uint8Array(samples.length);
  const plane = new Float32Array(width * height);
  const half = new Float32Array(width * height);
  for (let channel = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < plane.length; pixel++) plane[pixel] = samples[pixel * channels + channel] ?? 0;
    convolve(plane, half, height, width, width, 1);
    convolve(half, plane, width, height, 1, width);
    for (let pixel = 0; pixel < plane.length; pixel++) result[pixel * channels + channel] = (plane[pixel] ?? 0) / 256;
  }
  return { ...picture, samples: result };
}

export function resized(picture: Picture8, size: Size, isSmooth: boolean): Picture8 {
  if (size.width === picture.width && size.height === picture.height) return picture;
  const isSmaller = size.width < picture.width || size.height < picture.height;
  const source = isSmooth && isSmaller ? smoothed(picture) : picture;
  const channels = samplesPerPixel(picture);
  const columns = positions(picture.width, size.width);
  const rows = positions(picture.height, size.height);
  const samples = new Uint8Array(size.width * size.height * channels);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * picture.width + column) * channels;
      for (let channel = 0; channel < channels; channel++) samples[to++] = source.samples[from + channel] ?? 0;
    }
  }
  return { ...picture, width: size.width, height: size.height, samples };
}
