// The markers of a JPEG 2000 code stream (ISO/IEC 15444-1 A), as far as streams without loss and without rare options have them.
import { Irregular } from './irregular.ts';

export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Coding {
  readonly hasPacketStarts: boolean;
  readonly hasHeaderEnds: boolean;
  /** 0 LRCP, 1 RLCP, 2 RPCL, 3 PCRL, 4 CPRL. */
  readonly progression: number;
  readonly layers: number;
  readonly isColourTurned: boolean;
  readonly levels: number;
  /** Exponents of the sides of code-blocks. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** Exponents of the sides of precincts, by resolution. */
  readonly precincts: readonly { readonly width: number; readonly height: number }[];
}

export interface Tile {
  readonly area: Area;
  /** Packets, of all parts. */
  readonly bytes: Uint8Array;
}

export interface Stream {
  readonly area: Area;
  readonly components: number;
  readonly precision: number;
  readonly isSigned: boolean;
  readonly coding: Coding;
  /** Bit planes at most, by sub-band: LL, HL, LH, HH, HL ... */
  readonly planes: readonly number[];
  readonly tiles: readonly Tile[];
}

const Marker = {
  startOfCodestream: 0xff4f,
  endOfCodestream: 0xffd9,
  size: 0xff51,
  coding: 0xff52,
  quantization: 0xff5c,
  startOfTilePart: 0xff90,
  startOfData: 0xff93,
} as const;

/** Lengths of tile-parts and packets, registration, comments: what is decoded does not depend on them. */
const passedOver = new Set([0xff55, 0xff57, 0xff58, 0xff63, 0xff64]);
const largestExponent = 15;
const mostTiles = 4096;
const mostBits = 16;

const isUsual = (condition: boolean): void => {
  if (!condition) throw new Irregular();
};

interface Segment {
  readonly marker: number;
  /** Behind the length. */
  readonly body: DataView;
  readonly end: number;
}

function segmentAt(view: DataView, at: number): Segment {
  const length = view.getUint16(at + 2);
  isUsual(length >= 2 && at + 2 + length <= view.byteLength);
  return {
    marker: view.getUint16(at),
    body: new DataView(view.buffer, view.byteOffset + at + 4, length - 2),
    end: at + 2 + length,
  };
}

interface Size extends Pick<Stream, 'area' | 'components' | 'precision' | 'isSigned'> {
  readonly tile: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

/** A.5.1. All components alike, none subsampled. */
function readSize(body: DataView): Size {
  const [right = 0, bottom = 0, left = 0, top = 0, width = 0, height = 0, tileLeft = 0, tileTop = 0] = Array.from(
    { length: 8 },
    (_, index) => body.getUint32(2 + index * 4),
  );
  const components = body.getUint16(34);
  const depth = body.getUint8(36);
  isUsual((depth & 0x7f) < mostBits);
  for (let component = 0; component < components; component++) {
    const at = 36 + component * 3;
    isUsual(body.getUint8(at) === depth && body.getUint8(at + 1) === 1 && body.getUint8(at + 2) === 1);
  }
  isUsual(right > left && bottom > top && width > 0 && height > 0 && Math.max(right, bottom) < 2 ** 30);
  isUsual(tileLeft <= left && tileTop <= top && tileLeft + width > left && tileTop + height > top);
  return {
    area: { left, top, right, bottom },
    components,
    precision: (depth & 0x7f) + 1,
    isSigned: depth >= 0x80,
    tile: { left: tileLeft, top: tileTop, width, height },
  };
}

/** A.6.1. Reversible transform, no options of the code-block style. */
function readCoding(body: DataView): Coding {
  const style = body.getUint8(0);
  const levels = body.getUint8(5);
  const blockWidth = body.getUint8(6) + 2;
  const blockHeight = body.getUint8(7) + 2;
  isUsual(levels <= 32 && Math.max(blockWidth, blockHeight) <= 10 && blockWidth + blockHeight <= 12);
  isUsual(body.getUint8(8) === 0 && body.getUint8(9) === 1 && body.getUint8(1) <= 4);
  return {
    hasPacketStarts: (style & 2) !== 0,
    hasHeaderEnds: (style & 4) !== 0,
    progression: body.getUint8(1),
    layers: body.getUint16(2),
    isColourTurned: body.getUint8(4) === 1,
    levels,
    blockWidth,
    blockHeight,
    precincts: Array.from({ length: levels + 1 }, (_, resolution) => {
      const sides = style & 1 ? body.getUint8(10 + resolution) : 0xff;
      const width = style & 1 ? sides & 15 : largestExponent;
      const height = style & 1 ? sides >> 4 : largestExponent;
      isUsual(resolution === 0 || (width > 0 && height > 0));
      return { width, height };
    }),
  };
}

/** A.6.4, without quantization; E.1.2 */
function readPlanes(body: DataView): readonly number[] {
  const style = body.getUint8(0);
  isUsual((style & 0x1f) === 0);
  return Array.from({ length: body.byteLength - 1 }, (_, band) => (style >> 5) + (body.getUint8(1 + band) >> 3) - 1);
}

/** The data of each tile, by its number. A.4.2 */
function readTileParts(view: DataView, start: number): ReadonlyMap<number, readonly Uint8Array[]> {
  const parts = new Map<number, Uint8Array[]>();
  let at = start;
  while (view.getUint16(at) !== Marker.endOfCodestream) {
    const { marker, body, end } = segmentAt(view, at);
    isUsual(marker === Marker.startOfTilePart && body.byteLength === 8);
    const tile = body.getUint16(0);
    const length = body.getUint32(2);
    // Without a length it goes on to the end marker.
    const partEnd = length === 0 ? view.byteLength - 2 : at + length;
    let data = end;
    while (view.getUint16(data) !== Marker.startOfData) {
      const segment = segmentAt(view, data);
      isUsual(passedOver.has(segment.marker));
      data = segment.end;
    }
    isUsual(data + 2 <= partEnd && partEnd <= view.byteLength);
    const list = parts.get(tile) ?? [];
    list.push(new Uint8Array(view.buffer, view.byteOffset + data + 2, partEnd - data - 2));
    parts.set(tile, list);
    at = partEnd;
  }
  return parts;
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const [first, ...others] = parts;
  return first && others.length === 0 ? first : Buffer.concat(parts);
};

function tilesOf({ area, tile }: Size, parts: ReadonlyMap<number, readonly Uint8Array[]>): readonly Tile[] {
  const across = Math.ceil((area.right - tile.left) / tile.width);
  const down = Math.ceil((area.bottom - tile.top) / tile.height);
  isUsual(across * down <= mostTiles && across * down === parts.size);
  return Array.from({ length: across * down }, (_, index) => {
    const left = tile.left + (index % across) * tile.width;
    const top = tile.top + Math.floor(index / across) * tile.height;
    return {
      area: {
        left: Math.max(left, area.left),
        top: Math.max(top, area.top),
        right: Math.min(left + tile.width, area.right),
        bottom: Math.min(top + tile.height, area.bottom),
      },
      bytes: joined(parts.get(index) ?? []),
    };
  });
}

/** @param bytes from the start of the code stream. @throws Irregular, RangeError where it ends early */
export function readStream(bytes: Uint8Array): Stream {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  isUsual(view.getUint16(0) === Marker.startOfCodestream);
  let size: Size | undefined;
  let coding: Coding | undefined;
  let planes: readonly number[] | undefined;
  // Each of these stands once (table A.2): a second one would take the place of what others have read from the first.
  const seen = new Set<number>();
  let at = 2;
  while (view.getUint16(at) !== Marker.startOfTilePart) {
    const { marker, body, end } = segmentAt(view, at);
    isUsual(passedOver.has(marker) || !seen.has(marker));
    seen.add(marker);
    if (marker === Marker.size) size = readSize(body);
    else if (marker === Marker.coding) coding = readCoding(body);
    else if (marker === Marker.quantization) planes = readPlanes(body);
    else isUsual(passedOver.has(marker));
    at = end;
  }
  if (!size || !coding || !planes || planes.length < 3 * coding.levels + 1) throw new Irregular();
  const { area, components, precision, isSigned } = size;
  isUsual((components === 1 && !coding.isColourTurned) || components === 3);
  return { area, components, precision, isSigned, coding, planes, tiles: tilesOf(size, readTileParts(view, at)) };
}
