// JPEG 2000 without loss (ISO/IEC 15444-1), by kernels of our own, several threads at an image. What is irregular or rare is left to the
// library.
import type { FrameFormat } from '../frame/index.ts';
import type { Kernel, Kernels } from '../native/index.ts';
import { Irregular } from './irregular.ts';
import { type Block, type Level, levelsOf, type Precinct, partsOf, precinctsOf } from './layout.ts';
import { readPackets } from './packets.ts';
import { readStream, type Stream } from './stream.ts';
import { createTurns, mostSamples, mostTurns, type Turns } from './turns.ts';

/** What memory was set aside for. */
type Size = Pick<FrameFormat, 'rows' | 'columns' | 'samplesPerPixel'>;

/** A block, and where its coefficients are among those of all. */
interface PlannedBlock extends Block {
  readonly first: number;
}

interface Plan {
  readonly stream: Stream;
  readonly width: number;
  readonly height: number;
  /** Those that hold something. */
  readonly blocks: readonly PlannedBlock[];
  readonly levels: readonly Level[];
}

/** @throws Irregular also for an image of another size, RangeError */
function planOf(codeStream: Uint8Array, { rows, columns, samplesPerPixel }: Size): Plan {
  const stream = readStream(codeStream);
  const { left, top, right, bottom } = stream.area;
  const isExpected = right - left === columns && bottom - top === rows && stream.components === samplesPerPixel;
  if (!isExpected || rows * columns * samplesPerPixel > mostSamples) throw new Irregular();
  const blocks: PlannedBlock[] = [];
  const levels: Level[] = [];
  let parts = 0;
  let first = 0;
  for (const tile of stream.tiles) {
    const precincts = precinctsOf(stream, tile, parts);
    for (const precinct of precincts) parts += partsOf(precinct);
    readPackets(tile.bytes, precincts, stream.coding);
    for (const block of blocksOf(precincts)) {
      blocks.push({ ...block, first });
      first += block.width * block.height;
    }
    levels.push(...levelsOf(stream, tile.area));
  }
  return { stream, width: columns, height: rows, blocks, levels };
}

/** With something in them. */
function blocksOf(precincts: readonly Precinct[]): readonly Block[] {
  return precincts.flatMap(({ grids }) => grids.flatMap(({ blocks }) => blocks.filter(({ passes }) => passes > 0)));
}

const bytesOfNumber = Int32Array.BYTES_PER_ELEMENT;
const spareBytes = 16;

function decodeBlock(kernel: Kernel, block: PlannedBlock, coefficients: Int32Array): void {
  const length = block.pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const count = block.width * block.height;
  const [from = 0, room = 0, to = 0] = kernel.place(length, length + spareBytes, count * bytesOfNumber);
  let at = from;
  for (const piece of block.pieces) {
    kernel.bytes(at, piece.byteLength).set(piece);
    at += piece.byteLength;
  }
  kernel.call('decodeBlock', from, length, room, to, block.width, block.height, block.kind, block.planes, block.passes);
  coefficients.set(kernel.integers(to, count), block.first);
}

/** Several blocks where there are very many. */
function turnsOf(
  kernel: Kernel,
  { blocks }: Plan,
  coefficients: Int32Array,
): { count: number; work(turn: number): void } {
  const count = Math.min(blocks.length, mostTurns);
  const first = (turn: number): number => Math.floor((turn * blocks.length) / count);
  return {
    count,
    work(turn) {
      for (const block of blocks.slice(first(turn), first(turn + 1))) decodeBlock(kernel, block, coefficients);
    },
  };
}

const columnsTogether = 16;
const largestBlock = 4096;

/** Samples of one byte up to eight bits, else of two; colour by pixel. */
function samplesOf(kernel: Kernel, plan: Plan, coefficients: Int32Array): Uint8Array {
  const { stream, width, height } = plan;
  const { components, precision, isSigned } = stream;
  const count = width * height;
  const isWide = precision > 8;
  const size = count * components * (isWide ? 2 : 1);
  const roomBytes = Math.max(width, height) * columnsTogether * bytesOfNumber;
  const [values = 0, room = 0, to = 0, taken = 0] = kernel.place(
    count * components * bytesOfNumber,
    roomBytes,
    size,
    largestBlock * bytesOfNumber,
  );
  const plane = (component: number): number => values + component * count * bytesOfNumber;
  kernel.integers(values, count * components).fill(0);
  for (const block of plan.blocks) {
    const numbers = block.width * block.height;
    kernel.integers(taken, numbers).set(coefficients.subarray(block.first, block.first + numbers));
    const start = plane(block.component) + (block.y * width + block.x) * bytesOfNumber;
    kernel.call('placeBlock', taken, block.width, block.height, start, width);
  }
  for (let component = 0; component < components; component++) {
    for (const { x, y, width: columns, height: rows, ...low } of plan.levels) {
      const start = plane(component) + (y * width + x) * bytesOfNumber;
      const sizes = [low.lowColumns, low.lowRows, low.columnParity, low.rowParity];
      kernel.call('synthesizeLevel', start, width, columns, rows, ...sizes, room);
    }
  }
  if (stream.coding.isColourTurned) kernel.call('turnColour', plane(0), plane(1), plane(2), count);
  const half = 2 ** (precision - 1);
  const limits = isSigned ? [0, -half, half - 1] : [half, 0, 2 * half - 1];
  for (let component = 0; component < components; component++) {
    const first = to + component * (isWide ? 2 : 1);
    kernel.call('storeSamples', plane(component), count, ...limits, Number(isWide), components, first);
  }
  return kernel.bytes(to, size).slice();
}

function unsharedTurns({ stream, width, height }: Plan): Pick<Turns, 'coefficients' | 'finish'> {
  return {
    coefficients: new Int32Array(stream.components * width * height),
    finish(turns, work) {
      for (let turn = 0; turn < turns; turn++) work(turn);
    },
  };
}

/** @returns undefined where it is irregular */
function regular<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Irregular || error instanceof RangeError) return undefined;
    throw error;
  }
}

/**
 * @param codeStream from its start marker
 * @param size of the frame: a stream that tells another one is left to the library before anything is set up for it
 * @param shared memory of `sharedBytes`, where other threads help: see `helpDecode`
 * @returns samples of one byte up to eight bits, else of two, colour by pixel; undefined where the stream is damaged or of a rare kind
 * @throws CodecError OverBudget
 */
export function decodeReversible(
  kernels: Kernels,
  codeStream: Uint8Array,
  size: Size,
  shared?: SharedArrayBuffer,
): Uint8Array | undefined {
  const plan = regular(() => planOf(codeStream, size));
  if (!plan) return undefined;
  const { coefficients, finish } = shared ? createTurns(shared) : unsharedTurns(plan);
  return kernels.use((kernel) => {
    const { count, work } = turnsOf(kernel, plan, coefficients);
    finish(count, work);
    return samplesOf(kernel, plan, coefficients);
  });
}

/** Decodes blocks of the same stream that `decodeReversible` has not come to yet. */
export function helpDecode(kernels: Kernels, codeStream: Uint8Array, size: Size, shared: SharedArrayBuffer): void {
  const plan = regular(() => planOf(codeStream, size));
  if (!plan) return;
  const { coefficients, take } = createTurns(shared);
  kernels.use((kernel) => {
    const { count, work } = turnsOf(kernel, plan, coefficients);
    take(count, work);
  });
}
