// PMSCT_RLE1, a compression of Elscint and Philips CT scanners in a private element: runs of bytes, then differences between samples.
import { bytesOfFrame, CodecError, type Frame, type FrameCodec, type FrameFormat } from '../frame/index.ts';

const runMarker = 0xa5;
const valueMarker = 0x5a;

/** A marker, the number of repetitions less one, the byte; others stand for themselves. */
function expandRuns(encoded: Uint8Array, most: number): Uint8Array {
  const bytes = new Uint8Array(most);
  let to = 0;
  for (let from = 0; from < encoded.length && to < most; ) {
    if (encoded[from] !== runMarker) {
      bytes[to++] = encoded[from++] ?? 0;
      continue;
    }
    const end = Math.min(most, to + (encoded[from + 1] ?? 0) + 1);
    bytes.fill(encoded[from + 2] ?? 0, to, end);
    to = end;
    from += 3;
  }
  return bytes.subarray(0, to);
}

/** A marker and a sample of two bytes; else the signed difference to the sample before. */
function decode(encoded: Uint8Array, format: FrameFormat): Frame {
  if (format.bitsAllocated !== 16 || format.samplesPerPixel !== 1) {
    throw new CodecError('Unsupported', 'PMSCT_RLE1 holds grey samples of 16 bits');
  }
  const count = format.rows * format.columns;
  const differences = expandRuns(encoded, count * 3);
  const bytes = new Uint8Array(bytesOfFrame(format));
  const view = new DataView(bytes.buffer);
  let sample = 0;
  let from = 0;
  for (let index = 0; index < count; index++) {
    if (from >= differences.length) throw new CodecError('Damaged', 'The PMSCT_RLE1 stream ends early');
    if (differences[from] === valueMarker) {
      sample = (differences[from + 1] ?? 0) | ((differences[from + 2] ?? 0) << 8);
      from += 3;
    } else {
      sample = (sample + (((differences[from] ?? 0) << 24) >> 24)) & 0xffff;
      from += 1;
    }
    view.setUint16(index * 2, sample, true);
  }
  return { format, bytes };
}

export const pmsctRle: FrameCodec = { decode };
