// The data set of a Part 10 file without what stands before it, as the network wants it (PS3.10 7.1).
import { DicomError } from '../data-set/index.ts';
import { isMagic } from './file-start.ts';

const preambleLength = 128;
const metaGroup = 0x0002;
/** Meta headers are a few hundred bytes long. */
const longestMetaHeader = 1024 * 1024;
/** Explicit VRs with a 32-bit length (PS3.5 7.1.2). */
const longVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/**
 * Where the data set begins: behind the preamble and the elements of group 0002, which are in explicit VR little endian; 0 in a file
 * that has neither. undefined: these bytes end before that.
 */
export function dataSetStart(bytes: Uint8Array): number | undefined {
  if (bytes.length < preambleLength + 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = isMagic(bytes, preambleLength) ? preambleLength + 4 : 0;
  for (;;) {
    if (at + 8 > bytes.length) return undefined;
    if (view.getUint16(at, true) !== metaGroup) return at;
    const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
    if (!longVrs.has(vr)) at += 8 + view.getUint16(at + 6, true);
    else if (at + 12 > bytes.length) return undefined;
    else at += 12 + view.getUint32(at + 8, true);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** The data set of a file that is in memory: views of its pieces. undefined where the first piece ends before the data set begins. */
export function dataSetPieces(file: readonly Uint8Array[]): readonly Uint8Array[] | undefined {
  const [first, ...rest] = file;
  const start = first && dataSetStart(first);
  return first && start !== undefined ? [first.subarray(start), ...rest] : undefined;
}

/** Pieces of the file in, pieces of its data set out: views of the same bytes, as they come. @throws DicomError Truncated, TooLarge */
export async function* dataSetBytes(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of file) {
    if (!head) {
      yield chunk;
      continue;
    }
    const bytes: Uint8Array = head.length === 0 ? chunk : joined(head, chunk);
    const start = dataSetStart(bytes);
    if (start === undefined) {
      if (bytes.length > longestMetaHeader) throw new DicomError('TooLarge', 'The file meta header is too long');
      head = bytes;
      continue;
    }
    head = undefined;
    yield bytes.subarray(start);
  }
  if (head) throw new DicomError('Truncated', 'The file ends before its data set');
}
