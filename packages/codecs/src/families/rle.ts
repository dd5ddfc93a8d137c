// RLE Lossless (PS3.5 G): each byte of each sample is a segment of its own, the most significant first.
import { bytesOfFrame, CodecError, type Frame, type FrameCodec, type FrameFormat } from '../frame/index.ts';
import type { Kernels } from '../native/index.ts';

const headerBytes = 64;
const mostSegments = 15;
const longestRun = 128;

function segmentsOf(encoded: Uint8Array, expected: number): readonly Uint8Array[] {
  if (encoded.byteLength < headerBytes) throw new CodecError('Damaged', 'The RLE frame has no header');
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const count = view.getUint32(0, true);
  if (count !== expected) throw new CodecError('Damaged', `The RLE frame has ${count} segments, not ${expected}`);
  const offsets = Array.from({ length: count }, (_, index) => view.getUint32(4 + index * 4, true));
  return offsets.map((start, index) => {
    const end = offsets[index + 1] ?? encoded.byteLength;
    if (start < headerBytes || end < start || end > encoded.byteLength) {
      throw new CodecError('Damaged', 'The RLE frame has segments outside of it');
    }
    return encoded.subarray(start, end);
  });
}

/** PS3.5 G.3.2, into every `step`th byte of the frame from `first`. Missing bytes stay 0, more than fit are ignored. */
function decodeSegment(segment: Uint8Array, frame: Uint8Array, first: number, step: number, count: number): number {
  const end = first + count * step;
  let to = first;
  let from = 0;
  while (from < segment.length && to < end) {
    const control = segment[from++] ?? 0;
    if (control < 128) {
      const last = Math.min(from + control + 1, segment.length);
      for (; from < last && to < end; to += step) frame[to] = segment[from++] ?? 0;
    } else if (control > 128) {
      const value = segment[from++] ?? 0;
      const runEnd = Math.min(to + (257 - control) * step, end);
      for (; to < runEnd; to += step) frame[to] = value;
    }
  }
  return (to - first) / step;
}

interface Layout {
  readonly segments: number;
  first(segment: number): number;
  readonly step: number;
  readonly count: number;
}

function layoutOf(format: FrameFormat): Layout {
  const { rows, columns, samplesPerPixel, bitsAllocated, planarConfiguration } = format;
  const width = bitsAllocated / 8;
  const segments = samplesPerPixel * width;
  if (!Number.isInteger(width) || segments > mostSegments) {
    throw new CodecError('Unsupported', `RLE does not hold ${samplesPerPixel} samples of ${bitsAllocated} bits`);
  }
  const count = rows * columns;
  const isPlanar = planarConfiguration === 1 && samplesPerPixel > 1;
  return {
    segments,
    count,
    step: isPlanar ? width : segments,
    first(segment) {
      const sample = Math.floor(segment / width);
      const byte = width - 1 - (segment % width);
      return (isPlanar ? sample * count * width : sample * width) + byte;
    },
  };
}

function decode(encoded: Uint8Array, format: FrameFormat): Frame {
  // By pixel, whatever the data set says of its planes: that is about native pixels.
  const interleaved: FrameFormat = { ...format, planarConfiguration: 0 };
  const { segments, first, step, count } = layoutOf(interleaved);
  const bytes = new Uint8Array(bytesOfFrame(format));
  for (const [index, segment] of segmentsOf(encoded, segments).entries()) {
    const decoded = decodeSegment(segment, bytes, first(index), step, count);
    if (decoded < count) throw new CodecError('Damaged', 'The RLE frame ends early');
  }
  return { format: interleaved, bytes };
}

/** A control byte for each 128 that are told as they are, and for each run; runs take less. One to make it even. */
const mostOfSegment = (rows: number, columns: number): number =>
  rows * (columns + 2 * Math.ceil(columns / longestRun)) + 1;

function encode(kernels: Kernels, { format, bytes }: Frame): { bytes: Uint8Array; format: FrameFormat } {
  const { segments, first, step } = layoutOf(format);
  const { rows, columns } = format;
  const size = bytesOfFrame(format);
  if (bytes.byteLength < size) throw new CodecError('Damaged', 'The frame is shorter than its format');
  const header = new Uint32Array(headerBytes / 4);
  header[0] = segments;
  const encoded = kernels.use((kernel) => {
    const [frame = 0, to = 0] = kernel.place(size, headerBytes + segments * mostOfSegment(rows, columns));
    kernel.bytes(frame, size).set(bytes.subarray(0, size));
    let length = headerBytes;
    for (let segment = 0; segment < segments; segment++) {
      header[1 + segment] = length;
      length += kernel.call('encodeRunLengths', frame + first(segment), step, rows, columns, to + length);
    }
    return kernel.bytes(to, length).slice();
  });
  const view = new DataView(encoded.buffer);
  for (const [index, value] of header.entries()) view.setUint32(index * 4, value, true);
  // What decodes it gives samples by pixel.
  return { bytes: encoded, format: { ...format, planarConfiguration: 0 } };
}

export function rle(kernels: Kernels): FrameCodec {
  return { decode, encode: (frame) => encode(kernels, frame) };
}
