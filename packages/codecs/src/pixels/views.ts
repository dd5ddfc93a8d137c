// Pictures as they are shown: stretched, windowed, or with their values as they are.
import { CodecError } from '../frame/index.ts';
import { isColour, type Picture, type Picture8, type Samples } from './picture.ts';
import type { Presentation } from './presentation.ts';

function unsupported(view: string, { kind }: Picture): CodecError {
  return new CodecError('Unsupported', `Images of kind ${kind} have no view ${view}`);
}

function inverted(samples: Uint8Array): Uint8Array {
  for (let index = 0; index < samples.length; index++) samples[index] = 255 - (samples[index] ?? 0);
  return samples;
}

/** The upper eight bits. */
function rgb8({ width, height, samples }: Picture): Picture8 {
  if (samples instanceof Uint8Array) return { kind: 'rgb8', width, height, samples };
  const bytes = new Uint8Array(samples.length);
  for (let index = 0; index < samples.length; index++) bytes[index] = (samples[index] ?? 0) >> 8;
  return { kind: 'rgb8', width, height, samples: bytes };
}

function extremes(samples: Samples): readonly [number, number] {
  let least = samples[0] ?? 0;
  let most = least;
  for (let index = 1; index < samples.length; index++) {
    const value = samples[index] ?? 0;
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  return [least, most];
}

/** The least value black, the greatest white; colour as it is. @param isInverted MONOCHROME1 */
export function preview(picture: Picture, isInverted: boolean): Picture8 {
  if (isColour(picture)) return rgb8(picture);
  if (picture.kind === 'grey32') throw unsupported('preview', picture);
  const { width, height, samples } = picture;
  const [least, most] = extremes(samples);
  const bytes = new Uint8Array(samples.length);
  // In single precision, so that halves are rounded to where other implementations round them.
  const scale = Math.fround(255 / (most - least));
  const shift = Math.fround(-least * scale);
  if (most > least) {
    for (let index = 0; index < samples.length; index++) {
      bytes[index] = Math.min(255, Math.fround(Math.fround(scale * (samples[index] ?? 0)) + shift) + 0.5);
    }
  }
  return { kind: 'grey8', width, height, samples: isInverted ? inverted(bytes) : bytes };
}

export type Clamped = 'uint8' | 'uint16' | 'int16';

/** How bright the colours are (ITU-R BT.709). */
function luminance({ width, height, samples }: Picture): Picture {
  const values = new Uint16Array(width * height);
  for (let index = 0, from = 0; index < values.length; index++, from += 3) {
    const [red = 0, green = 0, blue = 0] = [samples[from], samples[from + 1], samples[from + 2]];
    values[index] = (2126 * red + 7152 * green + 722 * blue) / 10_000;
  }
  return { kind: 'grey16', width, height, samples: values };
}

/** Values as they are, those that do not fit at the end of the range. Of colour only that of 16 bits, as its brightness, as Orthanc does. */
export function clamped(picture: Picture, to: Clamped): Picture {
  if (picture.kind === 'rgb16' && to !== 'int16') return clamped(luminance(picture), to);
  if (isColour(picture) || picture.kind === 'grey32') throw unsupported(to, picture);
  const { width, height, samples } = picture;
  if (to === 'uint8') {
    return { kind: 'grey8', width, height, samples: new Uint8Array(Uint8ClampedArray.from(samples).buffer) };
  }
  if (to === 'uint16') {
    const values = new Uint16Array(samples.length);
    for (let index = 0; index < samples.length; index++) values[index] = Math.max(0, samples[index] ?? 0);
    return { kind: 'grey16', width, height, samples: values };
  }
  const values = new Int16Array(samples.length);
  for (let index = 0; index < samples.length; index++) values[index] = Math.min(32_767, samples[index] ?? 0);
  return { kind: 'signed16', width, height, samples: values };
}

/** Grey by rescale and window, the lower end of which is black; colour as it is. */
export function windowed(picture: Picture, { slope, intercept, window }: Presentation, isInverted: boolean): Picture8 {
  if (isColour(picture)) return rgb8(picture);
  const { width, height, samples } = picture;
  const windowWidth = Math.max(1, window.width);
  const usedSlope = Math.abs(slope) <= 0.0001 ? 0.0001 : slope;
  const scale = Math.fround((255 * usedSlope) / windowWidth);
  const offset = (intercept - window.center + windowWidth / 2) / usedSlope;
  const shift = Math.fround(Math.fround(offset) * scale);
  if (!Number.isFinite(scale) || !Number.isFinite(shift))
    throw new CodecError('Damaged', 'The window of the image is no window');
  const bytes = new Uint8Array(samples.length);
  for (let index = 0; index < samples.length; index++) {
    const value = Math.fround(Math.fround(scale * (samples[index] ?? 0)) + shift);
    bytes[index] = Math.min(255, Math.max(0, value));
  }
  return { kind: 'grey8', width, height, samples: isInverted ? inverted(bytes) : bytes };
}
