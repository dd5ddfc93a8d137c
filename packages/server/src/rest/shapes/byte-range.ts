// The Range header as Orthanc reads it: `bytes=a-b`, `bytes=a-`, and `bytes=-b`, which are the bytes up to b and not the last b ones.
import { PharosError } from '../../model/index.ts';
import type { ByteRange } from '../../ports/index.ts';

const shape = /^bytes=(\d{0,15})-(\d{0,15})$/;

/** @param size of the whole. @throws PharosError BadRange where the header is no range, or the range is not within the whole */
export function rangeOf(header: string, size: number): ByteRange {
  const match = shape.exec(header);
  if (!match) throw new PharosError('BadRange', 'The Range header must be "bytes=<first>-<last>"');
  const start = match[1] ? Number(match[1]) : 0;
  const last = match[2] ? Number(match[2]) : size - 1;
  if (start > last || last >= size) throw new PharosError('BadRange', `The range is not within the ${size} bytes`);
  return { start, end: last + 1 };
}

export function contentRange({ start, end }: ByteRange, size: number): Readonly<Record<string, string>> {
  return { 'Content-Range': `bytes ${start}-${end - 1}/${size}` };
}
