// Reads PNG files in tests, by the library that the server does not write them with.
import sharp from 'sharp';

export interface DecodedPng {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: 8 | 16;
  readonly values: Uint8Array | Uint16Array;
}

export async function decodePngFile(file: Uint8Array): Promise<DecodedPng> {
  const { depth, channels = 1 } = await sharp(file).metadata();
  const is16Bit = depth === 'ushort';
  const isGrey = channels === 1;
  const space = isGrey ? (is16Bit ? 'grey16' : 'b-w') : is16Bit ? 'rgb16' : 'srgb';
  const { data, info } = await sharp(file)
    .toColourspace(space)
    .raw({ depth: is16Bit ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const values = is16Bit ? new Uint16Array(new Uint8Array(data).buffer) : new Uint8Array(data);
  return { width: info.width, height: info.height, channels: info.channels, depth: is16Bit ? 16 : 8, values };
}
