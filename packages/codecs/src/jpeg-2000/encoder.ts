// JPEG 2000 without loss (ISO/IEC 15444-1), written by kernels of our own: one tile, one layer, blocks of 64 x 64, as many as five levels.
import type { FrameFormat } from '../frame/index.ts';
import type { Kernel, Kernels } from '../native/index.ts';
import { type Block, type Layout, levelsOf, precinctsOf } from './layout.ts';
import { packetOf } from './packet-writer.ts';
import type { Area, Coding } from './stream.ts';
import { mostSamples } from './turns.ts';

type Format = Pick<FrameFormat, 'rows' | 'columns' | 'samplesPerPixel' | 'bitsAllocated' | 'isSigned'> & {
  /** Red, green and blue are turned into what is told in fewer bytes; by default three components are taken for these. */
  readonly isColourTurned?: boolean;
};

const mostLevels = 5;
const guardBits = 2;
const blockExponent = 6;
const wholePrecinct = 15;
const bytesOfNumber = Int32Array.BYTES_PER_ELEMENT;
const columnsTogether = 16;
/** Of a block, at worst. */
const codedBytes = 4096 * 16 + 64;

function codingOf({ rows, columns, samplesPerPixel, isColourTurned = samplesPerPixel === 3 }: Format): Coding {
  const levels = Math.min(mostLevels, Math.floor(Math.log2(Math.min(rows, columns))));
  return {
    hasPacketStarts: false,
    hasHeaderEnds: false,
    progression: 0,
    layers: 1,
    isColourTurned,
    levels,
    blockWidth: blockExponent,
    blockHeight: blockExponent,
    precincts: Array.from({ length: levels + 1 }, () => ({ width: wholePrecinct, height: wholePrecinct })),
  };
}

/** Bits of the values of each sub-band (E.1.1, table E.1): LL, HL, LH, HH, HL ... */
function exponentsOf(precision: number, levels: number): readonly number[] {
  return [precision, ...Array.from({ length: levels }, () => [precision + 1, precision + 1, precision + 2]).flat()];
}

const word = (value: number): readonly number[] => [(value >> 8) & 0xff, value & 0xff];
const long = (value: number): readonly number[] => [...word(value >>> 16), ...word(value & 0xffff)];
const segment = (marker: number, body: readonly number[]): readonly number[] => [
  ...word(marker),
  ...word(body.length + 2),
  ...body,
];

/** Main header and the header of the only tile-part (A.4, A.5, A.6). @param length of the packets */
function headOf(format: Format, precision: number, coding: Coding, length: number): Uint8Array {
  const { rows, columns, samplesPerPixel, isSigned } = format;
  const component = [(precision - 1) | (isSigned ? 0x80 : 0), 1, 1];
  const size = [columns, rows, 0, 0, columns, rows, 0, 0].flatMap(long);
  const tilePartHead = 14;
  return Uint8Array.from([
    ...word(0xff4f),
    ...segment(0xff51, [0, 0, ...size, ...word(samplesPerPixel), ...Array(samplesPerPixel).fill(component).flat()]),
    ...segment(0xff52, [
      ...[0, coding.progression, ...word(coding.layers), Number(coding.isColourTurned), coding.levels],
      // Sides of blocks, no options, the reversible transform.
      ...[coding.blockWidth - 2, coding.blockHeight - 2, 0, 1],
    ]),
    ...segment(0xff5c, [guardBits << 5, ...exponentsOf(precision, coding.levels).map((bits) => bits << 3)]),
    ...segment(0xff90, [...word(0), ...long(tilePartHead + length), 0, 1]),
    ...word(0xff93),
  ]);
}

interface Room {
  readonly values: number;
  readonly room: number;
  readonly coded: number;
  readonly planes: number;
}

/** Into values, transformed. @returns false where a sample is out of the range of its bits */
function loadValues(
  kernel: Kernel,
  frame: number,
  format: Format,
  precision: number,
  layout: Layout,
  at: Room,
): boolean {
  const { rows, columns, samplesPerPixel, bitsAllocated, isSigned } = format;
  const count = rows * columns;
  const half = 2 ** (precision - 1);
  const limits = isSigned ? [0, -half, half - 1] : [half, 0, 2 * half - 1];
  const isWide = bitsAllocated === 16;
  const plane = (component: number): number => at.values + component * count * bytesOfNumber;
  for (let component = 0; component < samplesPerPixel; component++) {
    const first = frame + component * (isWide ? 2 : 1);
    const kind = [samplesPerPixel, Number(isWide), Number(isSigned)];
    if (kernel.call('loadSamples', first, count, ...kind, ...limits, plane(component)) !== 0) return false;
  }
  if (layout.coding.isColourTurned) kernel.call('turnFromColour', plane(0), plane(1), plane(2), count);
  for (let component = 0; component < samplesPerPixel; component++) {
    for (const { width, height } of levelsOf(layout, layout.area).toReversed()) {
      kernel.call('analyzeLevel', plane(component), columns, width, height, at.room);
    }
  }
  return true;
}

/** @returns false where there are more bit planes than the header allows for */
function encodeBlock(kernel: Kernel, block: Block, { rows, columns }: Format, at: Room): boolean {
  const { component, x, y, width, height, kind } = block;
  const from = at.values + ((component * rows + y) * columns + x) * bytesOfNumber;
  const length = kernel.call('encodeBlock', from, columns, width, height, kind, at.coded, at.planes);
  const [planes = 0] = kernel.integers(at.planes, 1);
  if (planes > block.mostPlanes) return false;
  if (planes === 0) return true;
  block.planes = planes;
  block.passes = 3 * planes - 2;
  block.pieces.push(kernel.bytes(at.coded + 1, length).slice());
  return true;
}

/**
 * @param frame colour by pixel, of as many bytes as its format says: of one or three components of one or two bytes
 * @param precision bits of each sample: 1 to 16
 * @returns a code stream; undefined where a sample takes more bits than that, or the image is very large
 * @throws CodecError OverBudget
 */
export function encodeReversible(
  kernels: Kernels,
  frame: Uint8Array,
  format: Format,
  precision: number,
): Uint8Array | undefined {
  const { rows, columns, samplesPerPixel } = format;
  if (rows * columns * samplesPerPixel > mostSamples) return undefined;
  const coding = codingOf(format);
  const area: Area = { left: 0, top: 0, right: columns, bottom: rows };
  const planes = exponentsOf(precision, coding.levels).map((bits) => guardBits + bits - 1);
  const layout: Layout = { area, components: samplesPerPixel, coding, planes };
  const precincts = precinctsOf(layout, layout, 0).toSorted((a, b) => a.resolution - b.resolution);
  return kernels.use((kernel) => {
    const roomBytes = Math.max(rows, columns) * columnsTogether * bytesOfNumber;
    const valuesBytes = rows * columns * samplesPerPixel * bytesOfNumber;
    const sizes = [frame.byteLength, valuesBytes, roomBytes, codedBytes, bytesOfNumber];
    const [samples = 0, values = 0, room = 0, coded = 0, told = 0] = kernel.place(...sizes);
    const at = { values, room, coded, planes: told };
    kernel.bytes(samples, frame.byteLength).set(frame);
    if (!loadValues(kernel, samples, format, precision, layout, at)) return undefined;
    const blocks = precincts.flatMap(({ grids }) => grids.flatMap((grid) => grid.blocks));
    if (!blocks.every((block) => encodeBlock(kernel, block, format, at))) return undefined;
    const packets = precincts.flatMap(packetOf);
    const length = packets.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return Buffer.concat([headOf(format, precision, coding, length), ...packets, Uint8Array.from(word(0xffd9))]);
  });
}
