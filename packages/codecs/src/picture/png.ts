// PNG (ISO/IEC 15948) of grey and RGB, 8 and 16 bits. Grey is filtered by the line above or the pixel before and compressed as runs: a tenth
// of the time that a thorough search takes, and not larger for medical images. Colour is what libpng makes of it by default, byte for byte.
import { constants, crc32, deflateSync } from 'node:zlib';
import { createKernels, type Kernels } from '../native/index.ts';
import { isColour, type Picture, samplesPerPixel } from '../pixels/index.ts';
import { deflate } from './deflate.ts';
import { bigEndianSamples } from './samples.ts';

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const noFilter = 0;
const subFilter = 1;
const upFilter = 2;
const averageFilter = 3;
const paethFilter = 4;

/** Of the stream in a chunk, as libpng has it. */
const chunkBytes = 8192;
/** Beside a line, for the kernel. */
const margin = 16;

interface Lines {
  readonly samples: Uint8Array;
  readonly lineBytes: number;
  readonly pixelBytes: number;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.byteLength);
  bytes.writeUInt32BE(data.byteLength, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.byteLength)), 8 + data.byteLength);
  return bytes;
}

function header(picture: Picture, depth: 8 | 16): Uint8Array {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(picture.width, 0);
  data.writeUInt32BE(picture.height, 4);
  data[8] = depth;
  data[9] = isColour(picture) ? 2 : 0;
  return chunk('IHDR', data);
}

/** The first line has none above it: it is told from the pixel before. */
function filtered({ samples, lineBytes, pixelBytes }: Lines): Uint8Array {
  const lines = lineBytes === 0 ? 0 : samples.byteLength / lineBytes;
  const result = new Uint8Array(samples.byteLength + lines);
  let to = 0;
  result[to++] = subFilter;
  for (let at = 0; at < lineBytes; at++) {
    result[to++] = (samples[at] ?? 0) - (at < pixelBytes ? 0 : (samples[at - pixelBytes] ?? 0));
  }
  for (let line = 1; line < lines; line++) {
    result[to++] = upFilter;
    const start = line * lineBytes;
    for (let at = start; at < start + lineBytes; at++)
      result[to++] = (samples[at] ?? 0) - (samples[at - lineBytes] ?? 0);
  }
  return result;
}

function greyStream(lines: Lines): Uint8Array {
  return deflateSync(filtered(lines), { level: 3, strategy: constants.Z_RLE, memLevel: 9 });
}

/** Without those that have nothing to go by in a picture of one line or column. @returns a bit for each */
function filtersOf({ width, height }: Picture): number {
  const ofLeft = width > 1 ? 1 << subFilter : 0;
  const ofAbove = height > 1 ? 1 << upFilter : 0;
  const ofBoth = width > 1 && height > 1 ? (1 << averageFilter) | (1 << paethFilter) : 0;
  return (1 << noFilter) | ofLeft | ofAbove | ofBoth;
}

/** Tells the window that so many bytes need, if it is small, as libpng does (RFC 1950 2.2). */
function setWindow(stream: Uint8Array, bytes: number): void {
  if (bytes > 16_384) return;
  const exponent = Math.max(0, Math.ceil(Math.log2(bytes)) - 8);
  const method = (exponent << 4) | 8;
  const level = (stream[1] ?? 0) & 0xe0;
  stream[0] = method;
  stream[1] = level + 31 - ((method * 256 + level) % 31);
}

function colourStream(kernels: Kernels, picture: Picture, { samples, lineBytes, pixelBytes }: Lines): Uint8Array {
  const filters = filtersOf(picture);
  const stream = deflate(kernels, {
    count: picture.height,
    length: lineBytes + 1,
    room: (lines) => lineBytes * lines + 2 * (lineBytes + 2 * margin),
    load(kernel, first, lines, to, room) {
      const before = 2 * (lineBytes + 2 * margin);
      const from = room + before;
      kernel.bytes(from, lineBytes * lines).set(samples.subarray(first * lineBytes, (first + lines) * lineBytes));
      kernel.call('filterLines', from, lines, lineBytes, pixelBytes, filters, room, to);
    },
  });
  const whole = Buffer.concat(stream);
  setWindow(whole, (lineBytes + 1) * picture.height);
  return whole;
}

/** Not for 32 bits. @param kernels for colour. @throws CodecError Unsupported, OverBudget */
export function encodePng(picture: Picture, kernels: Kernels = createKernels()): Uint8Array {
  const depth = picture.samples instanceof Uint8Array ? 8 : 16;
  const pixelBytes = samplesPerPixel(picture) * (depth / 8);
  const lines = { samples: bigEndianSamples(picture), lineBytes: picture.width * pixelBytes, pixelBytes };
  const start = [signature, header(picture, depth)];
  const end = chunk('IEND', new Uint8Array(0));
  if (!isColour(picture)) return Buffer.concat([...start, chunk('IDAT', greyStream(lines)), end]);
  const stream = colourStream(kernels, picture, lines);
  const count = Math.ceil(stream.byteLength / chunkBytes);
  const chunks = Array.from({ length: count }, (_, index) =>
    chunk('IDAT', stream.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
  );
  return Buffer.concat([...start, ...chunks, end]);
}
