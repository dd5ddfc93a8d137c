// JPEG-LS without loss (ITU-T T.87), one component: decoded by a kernel of our own. What else there may be is left to the library.
import type { Kernels } from '../native/index.ts';
import type { CodeStream } from './code-stream.ts';

const startOfImage = 0xd8;
const startOfFrame = 0xf7;
const startOfScan = 0xda;
const presetParameters = 0xf8;
const comment = 0xfe;
const isPassedOver = (marker: number): boolean => marker === comment || (marker >= 0xe0 && marker <= 0xef);

const leastPrecision = 8;
const mostSamples = 2 ** 26;
const spareBytes = 16;
/** Of scan headers: one component, no table; no error allowed, nothing interleaved, no point transform (C.2.3). */
const usualScan = [0, 8, 1];

/** What the standard has where nothing is told (C.2.4.1.1): the segment of preset parameters that says so. */
function defaultParameters(precision: number): Uint8Array {
  const most = 2 ** precision - 1;
  const factor = (Math.min(most, 4095) + 128) >> 8;
  const values = [most, factor + 2, factor * 4 + 3, factor * 17 + 4, 64];
  return Uint8Array.from([0, 13, 1, ...values.flatMap((value) => [value >> 8, value & 0xff])]);
}

/** Where the entropy-coded bytes begin; undefined where there are other markers than usual. */
function scanStart(bytes: Uint8Array, precision: number): number | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== startOfImage) return undefined;
  let hasFrame = false;
  for (let at = 2; at + 4 <= bytes.byteLength; ) {
    const marker = bytes[at + 1] ?? 0;
    const end = at + 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    if (bytes[at] !== 0xff) return undefined;
    if (marker === startOfScan) return isUsual(bytes.subarray(at + 2, end)) ? end : undefined;
    const isDefault =
      marker === presetParameters && Buffer.compare(bytes.subarray(at + 2, end), defaultParameters(precision)) === 0;
    // A second frame header might tell another size than the one that was read.
    const isFrame: boolean = marker === startOfFrame && !hasFrame;
    if (!isFrame && !isPassedOver(marker) && !isDefault) return undefined;
    hasFrame ||= isFrame;
    at = end;
  }
  return undefined;
}

function isUsual(scan: Uint8Array): boolean {
  const isAsUsual = usualScan.every((byte, index) => scan[index] === byte);
  return isAsUsual && scan.subarray(4, 8).every((byte) => byte === 0);
}

/** @returns samples of one byte up to eight bits, else of two; undefined where it is left to the library. @throws CodecError OverBudget */
export function decodeJpegLs(kernels: Kernels, encoded: Uint8Array, stream: CodeStream): Uint8Array | undefined {
  const { rows, columns, components, precision } = stream;
  const start = scanStart(encoded, precision);
  const isOurs = components === 1 && precision >= leastPrecision && precision <= 16 && rows * columns <= mostSamples;
  if (!isOurs || start === undefined || rows * columns === 0) return undefined;
  const scan = encoded.subarray(start);
  const size = rows * columns * (precision > 8 ? 2 : 1);
  const lineBytes = 4 * (columns + 2);
  return kernels.use((kernel) => {
    const sizes = [scan.byteLength, scan.byteLength + spareBytes, 2 ** (precision + 1), lineBytes, size];
    const [from = 0, room = 0, levels = 0, lines = 0, to = 0] = kernel.place(...sizes);
    kernel.bytes(from, scan.byteLength).set(scan);
    const place = [from, scan.byteLength, room, levels, lines];
    const isWhole = kernel.call('decodeLines', ...place, rows, columns, precision, to) === 1;
    return isWhole ? kernel.bytes(to, size).slice() : undefined;
  });
}
