// The packets of a tile: which code-blocks they hold passes of, and where those are (ISO/IEC 15444-1 B.9, B.10, B.12).
import { BitReader } from './bits.ts';
import { Irregular } from './irregular.ts';
import type { Block, BlockGrid, Precinct } from './layout.ts';
import type { Coding } from './stream.ts';

interface Packet {
  readonly layer: number;
  readonly precinct: Precinct;
}

type Key = 'resolution' | 'component' | 'index' | 'x' | 'y';

/** What precincts are ordered by, within a layer in the first, all layers of each within the others (B.12.1). */
const orders: readonly (readonly Key[])[] = [
  ['resolution', 'component', 'index'],
  ['resolution', 'component', 'index'],
  ['resolution', 'y', 'x', 'component', 'index'],
  ['y', 'x', 'component', 'resolution', 'index'],
  ['component', 'y', 'x', 'resolution', 'index'],
];

function comparedBy(keys: readonly Key[]): (a: Precinct, b: Precinct) => number {
  return (a, b) => {
    for (const key of keys) if (a[key] !== b[key]) return a[key] - b[key];
    return 0;
  };
}

/** In the order of the stream. */
function* packetsOf(precincts: readonly Precinct[], { progression, layers, levels }: Coding): Generator<Packet> {
  const ordered = precincts.toSorted(comparedBy(orders[progression] ?? []));
  const inLayers = function* (some: readonly Precinct[]): Generator<Packet> {
    for (let layer = 0; layer < layers; layer++) for (const precinct of some) yield { layer, precinct };
  };
  if (progression === 0) yield* inLayers(ordered);
  else if (progression === 1) {
    for (let resolution = 0; resolution <= levels; resolution++) {
      yield* inLayers(ordered.filter((precinct) => precinct.resolution === resolution));
    }
  } else for (const precinct of ordered) yield* inLayers([precinct]);
}

/** Table B.4 */
function numberOfPasses(reader: BitReader): number {
  if (reader.bit() === 0) return 1;
  if (reader.bit() === 0) return 2;
  const few = reader.bits(2);
  if (few < 3) return 3 + few;
  const more = reader.bits(5);
  if (more < 31) return 6 + more;
  return 37 + reader.bits(7);
}

const mostPlanes = 30;
const mostLengthBits = 25;

/** A block is in a packet for the first time: how many bit planes it has (B.10.5). */
function readPlanes(block: Block, { emptyPlanes }: BlockGrid, leaf: number, reader: BitReader): void {
  let empty: number | undefined;
  for (let limit = 1; empty === undefined && limit <= block.mostPlanes; limit++) {
    empty = emptyPlanes.valueBelow(limit, leaf, reader);
  }
  block.planes = block.mostPlanes - (empty ?? block.mostPlanes);
  if (block.planes < 1 || block.planes > mostPlanes) throw new Irregular();
}

interface Piece {
  readonly block: Block;
  readonly length: number;
}

/** B.10 */
function readBlock(grid: BlockGrid, leaf: number, layer: number, reader: BitReader): Piece | undefined {
  const block = grid.blocks[leaf];
  if (!block) throw new Irregular();
  const isFirst = block.passes === 0;
  const isIncluded = isFirst ? grid.inclusion.valueBelow(layer + 1, leaf, reader) !== undefined : reader.bit() === 1;
  if (!isIncluded) return undefined;
  if (isFirst) readPlanes(block, grid, leaf, reader);
  const passes = numberOfPasses(reader);
  block.passes += passes;
  if (block.passes > 3 * block.planes - 2) throw new Irregular();
  while (reader.bit() === 1) block.lengthBits++;
  const bits = block.lengthBits + 31 - Math.clz32(passes);
  if (bits > mostLengthBits) throw new Irregular();
  return { block, length: reader.bits(bits) };
}

function readHeader({ layer, precinct }: Packet, reader: BitReader): readonly Piece[] {
  const pieces: Piece[] = [];
  if (reader.bit() === 0) return pieces;
  for (const grid of precinct.grids) {
    for (let leaf = 0; leaf < grid.blocks.length; leaf++) {
      const piece = readBlock(grid, leaf, layer, reader);
      if (piece) pieces.push(piece);
    }
  }
  return pieces;
}

const startOfPacket = 0x91;
const startOfPacketBytes = 6;
const endOfHeader = 0x92;

/** Layers in which each block may be looked for, whatever the stream's length; and for each byte of it one block once more. */
const usualLayers = 16;

/** Whether blocks may be looked for out of all proportion: one byte can say of all blocks of a precinct that they are not in its packet. */
function areTooMany(precincts: readonly Precinct[], { layers }: Coding, bytes: number): boolean {
  const blocks = precincts.reduce((sum, { grids }) => grids.reduce((more, grid) => more + grid.blocks.length, sum), 0);
  return blocks * layers > blocks * usualLayers + bytes;
}

/** Gives each block its pieces. @throws Irregular, also where blocks and layers are out of proportion to the bytes */
export function readPackets(bytes: Uint8Array, precincts: readonly Precinct[], coding: Coding): void {
  if (areTooMany(precincts, coding, bytes.byteLength)) throw new Irregular();
  const isMarker = (at: number, marker: number): boolean => bytes[at] === 0xff && bytes[at + 1] === marker;
  let at = 0;
  for (const packet of packetsOf(precincts, coding)) {
    if (coding.hasPacketStarts && isMarker(at, startOfPacket)) at += startOfPacketBytes;
    const reader = new BitReader(bytes, at);
    const pieces = readHeader(packet, reader);
    at = reader.end();
    if (coding.hasHeaderEnds && isMarker(at, endOfHeader)) at += 2;
    for (const { block, length } of pieces) {
      if (at + length > bytes.byteLength) throw new Irregular();
      block.pieces.push(bytes.subarray(at, at + length));
      at += length;
    }
  }
}
