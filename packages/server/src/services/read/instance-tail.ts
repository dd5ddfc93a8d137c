// A Part 10 file without its pixels: what is before them, something in their place, and what is behind them. So the elements behind
// the pixels can be read at the cost of the header.
import { elementOf, groupOf, type ParsedFile, transferSyntaxOf } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { PixelSubstitute } from '../services.ts';
import type { OpenInstance } from './instance-reader.ts';

const maximumTailBytes = 256 * 1024 * 1024;
const none = new Uint8Array(0);

function pixelElement(
  { tag, vr }: NonNullable<ParsedFile['pixelData']>,
  transferSyntax: string,
  value: Uint8Array,
): Uint8Array {
  const { explicitVr = true, littleEndian = true } = transferSyntaxOf(transferSyntax) ?? {};
  const header = new Uint8Array(explicitVr ? 12 : 8);
  const view = new DataView(header.buffer);
  view.setUint16(0, groupOf(tag), littleEndian);
  view.setUint16(2, elementOf(tag), littleEndian);
  if (explicitVr) for (let i = 0; i < 2; i++) view.setUint8(4 + i, vr.charCodeAt(i));
  view.setUint32(header.byteLength - 4, value.byteLength, littleEndian);
  return Buffer.concat([header, value]);
}

/** What `withoutPixels` reads. */
export function bytesWithoutPixels({ file, source }: OpenInstance, end: number): number {
  return (file.pixelData?.offset ?? 0) + source.size - end;
}

/** @param end first byte behind the pixel data. @throws PharosError BadFileFormat where too much is behind them */
export async function withoutPixels(
  { file, source }: OpenInstance,
  end: number,
  substitute: PixelSubstitute,
): Promise<Uint8Array> {
  const { pixelData, transferSyntax } = file;
  if (!pixelData) return source.read({ start: 0, end: source.size });
  if (source.size - end > maximumTailBytes)
    throw new PharosError('BadFileFormat', 'Too much data behind the pixel data');
  const before = await source.read({ start: 0, end: pixelData.offset });
  const behind = end < source.size ? await source.read({ start: end, end: source.size }) : none;
  const value = typeof substitute === 'string' ? none : substitute;
  const element = substitute === 'absent' ? none : pixelElement(pixelData, transferSyntax, value);
  return Buffer.concat([before, element, behind]);
}
