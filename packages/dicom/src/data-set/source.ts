// The bytes that a data set and its items are read from, with what they share.
import { defaultLimits, type ParseLimits, type Problem } from './problem.ts';

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
}

export function createSource(bytes: Uint8Array, limits?: Partial<ParseLimits>, problems: Problem[] = []): Source {
  return {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    limits: limits ? { ...defaultLimits, ...limits } : defaultLimits,
    problems,
  };
}

export const undefinedLength = 0xffffffff;
export const itemTag = 0xfffee000;
export const itemDelimitationTag = 0xfffee00d;
export const sequenceDelimitationTag = 0xfffee0dd;
