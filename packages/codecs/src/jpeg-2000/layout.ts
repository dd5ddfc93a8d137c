// Where the coefficients of a tile are: resolutions, sub-bands, precincts, code-blocks (ISO/IEC 15444-1 B.5 to B.7).
import { TagTree } from './bits.ts';
import { Irregular } from './irregular.ts';
import type { Area, Coding, Stream, Tile } from './stream.ts';

/** A code-block, and what the packets told of it. */
export interface Block {
  readonly component: number;
  /** 0 LL, 1 HL, 2 LH, 3 HH. */
  readonly kind: number;
  /** In the plane of the component, where each level has low frequencies first, each way. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Bit planes at most. */
  readonly mostPlanes: number;
  planes: number;
  passes: number;
  lengthBits: number;
  readonly pieces: Uint8Array[];
}

/** The code-blocks of a sub-band in a precinct. */
export interface BlockGrid {
  readonly blocks: readonly Block[];
  readonly columns: number;
  readonly inclusion: TagTree;
  readonly emptyPlanes: TagTree;
}

export interface Precinct {
  readonly component: number;
  readonly resolution: number;
  readonly index: number;
  /** Where progressions by position come to it. */
  readonly x: number;
  readonly y: number;
  readonly grids: readonly BlockGrid[];
}

/** One level of the transform of a tile, from low to high resolutions. */
export interface Level {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lowColumns: number;
  readonly lowRows: number;
  readonly columnParity: number;
  readonly rowParity: number;
}

/** What it depends on. */
export type Layout = Pick<Stream, 'area' | 'components' | 'coding' | 'planes'>;

/** Precincts and blocks of an image: a usual one has as many blocks as it has 4096 samples. */
const mostParts = 131_072;

/** Divided by a power of two. */
const down = (value: number, exponent: number): number => Math.floor(value / 2 ** exponent);
const up = (value: number, exponent: number): number => Math.ceil(value / 2 ** exponent);

const atResolution = ({ left, top, right, bottom }: Area, exponent: number): Area => ({
  left: up(left, exponent),
  top: up(top, exponent),
  right: up(right, exponent),
  bottom: up(bottom, exponent),
});

const widthOf = ({ left, right }: Area): number => right - left;
const heightOf = ({ top, bottom }: Area): number => bottom - top;

interface Band {
  readonly kind: number;
  readonly area: Area;
  readonly x: number;
  readonly y: number;
  readonly mostPlanes: number;
}

/** B.5 */
function bandsOf(stream: Layout, tile: Area, resolution: number): readonly Band[] {
  const { levels } = stream.coding;
  const x = tile.left - stream.area.left;
  const y = tile.top - stream.area.top;
  const planes = (band: number): number => stream.planes[band] ?? 0;
  if (resolution === 0) return [{ kind: 0, area: atResolution(tile, levels), x, y, mostPlanes: planes(0) }];
  const low = atResolution(tile, levels - resolution + 1);
  const level = levels - resolution + 1;
  return [1, 2, 3].map((kind) => {
    const across = (kind & 1) * 2 ** (level - 1);
    const along = (kind >> 1) * 2 ** (level - 1);
    const moved = {
      left: tile.left - across,
      top: tile.top - along,
      right: tile.right - across,
      bottom: tile.bottom - along,
    };
    return {
      kind,
      area: atResolution(moved, level),
      x: x + (kind & 1) * widthOf(low),
      y: y + (kind >> 1) * heightOf(low),
      mostPlanes: planes(3 * (resolution - 1) + kind),
    };
  });
}

/** B.7: those of a sub-band within a precinct. */
function gridOf(
  band: Band,
  precinct: Area,
  component: number,
  widthExponent: number,
  heightExponent: number,
): BlockGrid {
  const left = Math.max(band.area.left, precinct.left);
  const top = Math.max(band.area.top, precinct.top);
  const right = Math.min(band.area.right, precinct.right);
  const bottom = Math.min(band.area.bottom, precinct.bottom);
  const isEmpty = right <= left || bottom <= top;
  const firstColumn = down(left, widthExponent);
  const firstRow = down(top, heightExponent);
  const columns = isEmpty ? 0 : up(right, widthExponent) - firstColumn;
  const rows = isEmpty ? 0 : up(bottom, heightExponent) - firstRow;
  if (columns * rows > mostParts) throw new Irregular();
  const blocks = Array.from({ length: columns * rows }, (_, index): Block => {
    const column = firstColumn + (index % columns);
    const row = firstRow + Math.floor(index / columns);
    const blockLeft = Math.max(left, column * 2 ** widthExponent);
    const blockTop = Math.max(top, row * 2 ** heightExponent);
    return {
      component,
      kind: band.kind,
      x: band.x + blockLeft - band.area.left,
      y: band.y + blockTop - band.area.top,
      width: Math.min(right, (column + 1) * 2 ** widthExponent) - blockLeft,
      height: Math.min(bottom, (row + 1) * 2 ** heightExponent) - blockTop,
      mostPlanes: band.mostPlanes,
      planes: 0,
      passes: 0,
      lengthBits: 3,
      pieces: [],
    };
  });
  return { blocks, columns, inclusion: new TagTree(columns, rows), emptyPlanes: new TagTree(columns, rows) };
}

/** Of the reference grid; the first one begins with the tile unless its border is one of precincts (B.12.1.3). */
function positionOf(index: number, start: number, tileStart: number, exponent: number, reduction: number): number {
  const first = down(start, exponent);
  const isCut = index === 0 && first * 2 ** exponent !== start;
  return isCut ? tileStart : (first + index) * 2 ** (exponent + reduction);
}

/** B.6 */
function* precinctsAt(stream: Layout, tile: Area, component: number, resolution: number): Generator<Precinct> {
  const { coding } = stream;
  const reduction = coding.levels - resolution;
  const area = atResolution(tile, reduction);
  if (widthOf(area) === 0 || heightOf(area) === 0) return;
  const { width = 0, height = 0 } = coding.precincts[resolution] ?? {};
  const columns = up(area.right, width) - down(area.left, width);
  const rows = up(area.bottom, height) - down(area.top, height);
  if (columns * rows > mostParts) throw new Irregular();
  const bands = bandsOf(stream, tile, resolution);
  // In sub-bands of high frequencies everything is half as large.
  const half = resolution === 0 ? 0 : 1;
  const side = { width: 2 ** (width - half), height: 2 ** (height - half) };
  const blockWidth = Math.min(coding.blockWidth, width - half);
  const blockHeight = Math.min(coding.blockHeight, height - half);
  for (let index = 0; index < columns * rows; index++) {
    const column = index % columns;
    const row = Math.floor(index / columns);
    const left = (down(area.left, width) + column) * side.width;
    const top = (down(area.top, height) + row) * side.height;
    const precinct = { left, top, right: left + side.width, bottom: top + side.height };
    yield {
      component,
      resolution,
      index,
      x: positionOf(column, area.left, tile.left, width, reduction),
      y: positionOf(row, area.top, tile.top, height, reduction),
      grids: bands.map((band) => gridOf(band, precinct, component, blockWidth, blockHeight)),
    };
  }
}

/** A precinct and its blocks. */
export const partsOf = ({ grids }: Precinct): number => grids.reduce((sum, { blocks }) => sum + blocks.length, 1);

/** By component, resolution and place. @param others parts of other tiles. @throws Irregular where there are too many */
export function precinctsOf(stream: Layout, { area }: Pick<Tile, 'area'>, others: number): readonly Precinct[] {
  const precincts: Precinct[] = [];
  let parts = others;
  for (let component = 0; component < stream.components; component++) {
    for (let resolution = 0; resolution <= stream.coding.levels; resolution++) {
      for (const precinct of precinctsAt(stream, area, component, resolution)) {
        precincts.push(precinct);
        parts += partsOf(precinct);
        if (parts > mostParts) throw new Irregular();
      }
    }
  }
  return precincts;
}

export function levelsOf(
  { area, coding }: { readonly area: Area; readonly coding: Coding },
  tile: Area,
): readonly Level[] {
  return Array.from({ length: coding.levels }, (_, index) => {
    const high = atResolution(tile, coding.levels - index - 1);
    const low = atResolution(tile, coding.levels - index);
    return {
      x: tile.left - area.left,
      y: tile.top - area.top,
      width: widthOf(high),
      height: heightOf(high),
      lowColumns: widthOf(low),
      lowRows: heightOf(low),
      columnParity: high.left % 2,
      rowParity: high.top % 2,
    };
  });
}
