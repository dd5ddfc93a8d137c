// The bytes that a data set and its items are read from, with what they share.
import { DicomError, defaultLimits, type ParseLimits, type Problem } from './problem.ts';

/** How elements are written: a sum of the flags below. */
export type Mode = number;
export const implicitLittleEndian: Mode = 0;
export const explicitFlag: Mode = 1;
export const bigEndianFlag: Mode = 2;
/** Within encapsulated pixel data: items hold fragments, not elements. */
export const fragmentsFlag: Mode = 4;

export interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly limits: ParseLimits;
  /** Grows while nested items are read. */
  readonly problems: Problem[];
  /** Nested items that were made of the bytes, and their elements. */
  nested: number;
}

export function createSource(bytes: Uint8Array, limits?: Partial<ParseLimits>, problems: Problem[] = []): Source {
  const { buffer, byteOffset, byteLength } = bytes;
  return {
    // Subclasses may slice without copying, and would make every access slower.
    bytes: bytes.constructor === Uint8Array ? bytes : new Uint8Array(buffer, byteOffset, byteLength),
    view: new DataView(buffer, byteOffset, byteLength),
    limits: limits ? { ...defaultLimits, ...limits } : defaultLimits,
    problems,
    nested: 0,
  };
}

/**
 * Items and their elements are made when somebody asks for them, and stay: their number is capped for all sequences together.
 * @throws DicomError TooManyElements
 */
export function countNested(source: Source, count: number): void {
  source.nested += count;
  if (source.nested > source.limits.elements) {
    throw new DicomError('TooManyElements', 'more nested elements than allowed');
  }
}

export const undefinedLength = 0xffffffff;
export const itemTag = 0xfffee000;
export const itemDelimitationTag = 0xfffee00d;
export const sequenceDelimitationTag = 0xfffee0dd;
