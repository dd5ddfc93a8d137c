// WebP, by libvips, which works in threads of its own.
import type { Picture8 } from '../pixels/index.ts';

/** @param quality 1 to 100 */
export async function encodeWebp({ kind, width, height, samples }: Picture8, quality: number): Promise<Uint8Array> {
  // Few ask for it: it is loaded when one does.
  const { default: sharp } = await import('sharp');
  return sharp(samples, { raw: { width, height, channels: kind === 'rgb8' ? 3 : 1 } })
    .webp({ quality })
    .toBuffer();
}
