// RLE Lossless (PS3.5 G): each byte of each sample is a segment of its own, the most significant first.
import { bytesOfFrame, CodecError, type Frame, type FrameCodec, type FrameFormat } from '../frame/index.ts';

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

/** Bytes that grow as they are written. */
class Output {
  #bytes: Uint8Array;
  length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  reserve(count: number): Uint8Array {
    if (this.length + count > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + count));
      grown.set(this.#bytes.subarray(0, this.length));
      this.#bytes = grown;
    }
    return this.#bytes;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.length);
  }
}

/** PS3.5 G.3.1: runs of three and more are replicated; each row is a segment's own, so that none crosses rows. */
function encodeSegment(frame: Uint8Array, layout: Layout, segment: number, columns: number, output: Output): void {
  const { step, count } = layout;
  const start = layout.first(segment);
  for (let row = 0; row < count; row += columns) {
    encodeRow(frame, start + row * step, step, Math.min(columns, count - row), output);
  }
  if (output.length % 2 === 1) {
    output.reserve(1)[output.length] = 0;
    output.length++;
  }
}

function encodeRow(frame: Uint8Array, first: number, step: number, count: number, output: Output): void {
  // At worst one control byte for each 128 literal ones, and one for each run.
  const bytes = output.reserve(count + Math.ceil(count / longestRun) * 2 + 2);
  const at = (index: number): number => frame[first + index * step] ?? 0;
  let written = output.length;
  let literal = 0;
  let index = 0;
  const flush = (end: number): void => {
    while (literal < end) {
      const length = Math.min(longestRun, end - literal);
      bytes[written++] = length - 1;
      for (let i = 0; i < length; i++) bytes[written++] = at(literal + i);
      literal += length;
    }
  };
  while (index < count) {
    const value = at(index);
    let run = 1;
    while (run < longestRun && index + run < count && at(index + run) === value) run++;
    if (run < 3) {
      index += run;
      continue;
    }
    flush(index);
    bytes[written++] = 257 - run;
    bytes[written++] = value;
    index += run;
    literal = index;
  }
  flush(count);
  output.length = written;
}

function encode({ format, bytes }: Frame): { bytes: Uint8Array; format: FrameFormat } {
  const layout = layoutOf(format);
  if (bytes.byteLength < bytesOfFrame(format)) throw new CodecError('Damaged', 'The frame is shorter than its format');
  const output = new Output(headerBytes + Math.ceil(bytes.byteLength * 0.75));
  output.reserve(headerBytes);
  output.length = headerBytes;
  const offsets: number[] = [];
  for (let segment = 0; segment < layout.segments; segment++) {
    offsets.push(output.length);
    encodeSegment(bytes, layout, segment, format.columns, output);
  }
  const encoded = output.finish();
  const view = new DataView(encoded.buffer);
  view.setUint32(0, layout.segments, true);
  for (const [index, offset] of offsets.entries()) view.setUint32(4 + index * 4, offset, true);
  // What decodes it gives samples by pixel.
  return { bytes: encoded, format: { ...format, planarConfiguration: 0 } };
}

export const rle: FrameCodec = { decode, encode };
