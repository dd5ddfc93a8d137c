// Picture files as samples: PNG and JPEG by libvips, in threads of its own; PAM by hand.
import { CodecError } from '../frame/index.ts';
import type { Picture } from '../pixels/index.ts';

export type ReadablePictureType = 'image/png' | 'image/jpeg' | 'image/x-portable-arbitrarymap';

/** More pixels are not taken from a file, whatever it says of itself. */
const mostPixels = 64 * 1024 * 1024;

function pictureOf(width: number, height: number, channels: number, depth: 8 | 16, bytes: Uint8Array): Picture {
  const isColour = channels === 3;
  if (depth === 8) return { kind: isColour ? 'rgb8' : 'grey8', width, height, samples: bytes };
  const words = new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return { kind: isColour ? 'rgb16' : 'grey16', width, height, samples: words };
}

async function readByLibrary(file: Uint8Array): Promise<Picture> {
  const { default: sharp } = await import('sharp');
  const image = sharp(file, { limitInputPixels: mostPixels, failOn: 'error' });
  const { depth, space } = await image.metadata();
  const is16Bit = depth === 'ushort';
  const isGrey = space === 'b-w' || space === 'grey16';
  const target = isGrey ? (is16Bit ? 'grey16' : 'b-w') : is16Bit ? 'rgb16' : 'srgb';
  const { data, info } = await image
    .removeAlpha()
    .toColourspace(target)
    .raw({ depth: is16Bit ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 1 && info.channels !== 3) {
    throw new CodecError('Unsupported', `Pictures of ${info.channels} channels are not read`);
  }
  return pictureOf(info.width, info.height, info.channels, is16Bit ? 16 : 8, data);
}

const longestHeader = 4096;

/** Fields of the header by name, and where the samples begin. */
function pamHeader(file: Uint8Array): { readonly fields: ReadonlyMap<string, string>; readonly start: number } {
  const text = Buffer.from(file.buffer, file.byteOffset, Math.min(file.byteLength, longestHeader)).toString('latin1');
  const end = text.indexOf('ENDHDR\n');
  if (!text.startsWith('P7\n') || end < 0) throw new CodecError('Damaged', 'The PAM file has no header');
  const lines = text
    .slice(0, end)
    .split('\n')
    .map((line) => line.trim());
  const fields = lines.map((line) => /^([A-Z]+)\s+(.+)$/.exec(line)).filter((match) => match !== null);
  return { fields: new Map(fields.map(([, name = '', value = '']) => [name, value])), start: end + 'ENDHDR\n'.length };
}

function readPam(file: Uint8Array): Picture {
  const { fields, start } = pamHeader(file);
  const number = (name: string, most: number): number => {
    const value = Number(fields.get(name));
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new CodecError('Damaged', `The PAM file has no usable ${name}`);
  };
  const width = number('WIDTH', 65_535);
  const height = number('HEIGHT', 65_535);
  const stored = number('DEPTH', 4);
  const depth = number('MAXVAL', 65_535) > 255 ? 16 : 8;
  const bytesOfPixel = stored * (depth / 8);
  if (width * height > mostPixels) throw new CodecError('OverBudget', 'The PAM file has more pixels than are read');
  const samples = file.subarray(start, start + width * height * bytesOfPixel);
  if (samples.byteLength < width * height * bytesOfPixel) throw new CodecError('Damaged', 'The PAM file ends early');
  const little = depth === 8 ? samples : Buffer.from(samples).swap16();
  // Grey with alpha, colour with alpha: the last channel is left out.
  const channels = stored >= 3 ? 3 : 1;
  return pictureOf(width, height, channels, depth, withoutAlpha(little, bytesOfPixel, channels * (depth / 8)));
}

function withoutAlpha(samples: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return samples;
  const kept = new Uint8Array((samples.byteLength / from) * to);
  let at = 0;
  for (let pixel = 0; at < kept.byteLength; pixel += from) {
    for (let byte = pixel; byte < pixel + to; byte++) kept[at++] = samples[byte] ?? 0;
  }
  return kept;
}

/** Transparency is left out. @throws CodecError */
export async function readPicture(file: Uint8Array, type: ReadablePictureType): Promise<Picture> {
  if (type === 'image/x-portable-arbitrarymap') return readPam(file);
  try {
    return await readByLibrary(file);
  } catch (error) {
    if (error instanceof CodecError) throw error;
    throw new CodecError('Damaged', `The picture cannot be read: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
}
