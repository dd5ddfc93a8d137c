// Portable Arbitrary Map (Netpbm PAM).
import { isColour, type Picture, samplesPerPixel } from '../pixels/index.ts';
import { bigEndianSamples } from './samples.ts';

/** Not for 32 bits. */
export function encodePam(picture: Picture): Uint8Array {
  const maximum = picture.samples instanceof Uint8Array ? 255 : 65_535;
  const type = isColour(picture) ? 'RGB' : 'GRAYSCALE';
  const header =
    `P7\nWIDTH ${picture.width}\nHEIGHT ${picture.height}\nDEPTH ${samplesPerPixel(picture)}\n` +
    `MAXVAL ${maximum}\nTUPLTYPE ${type}\nENDHDR\n`;
  return Buffer.concat([Buffer.from(header, 'latin1'), bigEndianSamples(picture)]);
}
