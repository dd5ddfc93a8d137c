// JPEG lossless (ITU-T T.81 H, process 14) with first-order prediction (selection value 1): the encoder. The code is made for the image.
import type { FrameFormat } from '../frame/index.ts';
import type { Kernels } from '../native/index.ts';
import { huffmanTable } from './huffman-table.ts';
import { huffmanSegment, segment, word } from './marker-segments.ts';

type Size = Pick<FrameFormat, 'rows' | 'columns' | 'samplesPerPixel' | 'bitsAllocated'>;

/** Differences of 0 to 16 bits. */
const categories = 17;
/** Colour is not turned, Adobe's segment says. */
const adobe = segment(0xee, [...Buffer.from('Adobe', 'latin1'), ...word(100), ...word(0), ...word(0), 0]);
const grey: readonly number[] = [1];
const rgb: readonly number[] = [...Buffer.from('RGB', 'latin1')];

/**
 * @param frame of samples without sign, colour by pixel; as many bytes as its size says
 * @param precision bits of each sample: 2 to 16
 * @throws CodecError OverBudget
 */
export function encodeJpegLossless(kernels: Kernels, frame: Uint8Array, size: Size, precision: number): Uint8Array {
  const { rows, columns, samplesPerPixel, bitsAllocated } = size;
  const components = samplesPerPixel === 1 ? grey : rgb;
  const image = [rows, columns * samplesPerPixel, samplesPerPixel, precision, Number(bitsAllocated === 16)];
  return kernels.use((kernel) => {
    const [counted = 0] = kernel.place(categories * 4);
    kernel.integers(counted, categories).fill(0);
    const [, samples = 0] = kernel.place(categories * 4, frame.byteLength);
    kernel.bytes(samples, frame.byteLength).set(frame);
    kernel.call('countDifferences', samples, ...image, counted);
    const frequencies = Uint32Array.from(kernel.integers(counted, categories));
    const table = huffmanTable(frequencies);
    const lengths = table.lengths.subarray(0, categories);
    const bits = lengths.reduce(
      (sum, length, category) => sum + (length + (category & 15)) * (frequencies[category] ?? 0),
      0,
    );
    // After each byte of ones one of zeros: at worst all are.
    const most = 2 * Math.ceil(bits / 8) + 2;
    const [, , codesAt = 0, lengthsAt = 0, scan = 0] = kernel.place(
      categories * 4,
      frame.byteLength,
      categories * 4,
      categories * 4,
      most,
    );
    kernel.integers(codesAt, categories).set(table.codes.subarray(0, categories));
    kernel.integers(lengthsAt, categories).set(lengths);
    const length = kernel.call('encodeDifferences', samples, ...image, codesAt, lengthsAt, scan);
    const head = [
      ...[0xff, 0xd8],
      ...(samplesPerPixel === 1 ? [] : adobe),
      ...segment(0xc3, [
        ...[precision, ...word(rows), ...word(columns), samplesPerPixel],
        ...components.flatMap((component) => [component, 0x11, 0]),
      ]),
      ...huffmanSegment(0, table),
      ...segment(0xda, [samplesPerPixel, ...components.flatMap((component) => [component, 0]), 1, 0, 0]),
    ];
    return Buffer.concat([Uint8Array.from(head), kernel.bytes(scan, length), Uint8Array.of(0xff, 0xd9)]);
  });
}
