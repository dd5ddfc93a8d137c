// Marker segments of JPEG streams (ITU-T T.81 B.1.1.4, B.2.4.2).
import type { HuffmanTable } from './huffman-table.ts';

/** Two bytes, the most significant first. */
export const word = (value: number): readonly number[] => [value >> 8, value & 0xff];

/** A marker, the length of what follows, and that. */
export function segment(marker: number, body: readonly number[]): readonly number[] {
  return [0xff, marker, ...word(body.length + 2), ...body];
}

/** @param kind 0: DC coefficients, and differences of lossless processes; 1: AC coefficients */
export function huffmanSegment(kind: 0 | 1, { counts, symbols: listed }: HuffmanTable): readonly number[] {
  return segment(0xc4, [kind << 4, ...counts, ...listed]);
}
