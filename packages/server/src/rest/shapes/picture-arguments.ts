// Arguments of pictures: those of the request that cannot be read make it one for something that is not there.
import { PharosError } from '../../model/index.ts';

/** undefined: not given. @throws PharosError ParameterOutOfRange */
export function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw new PharosError('ParameterOutOfRange', 'An argument is no number');
}

const longestSide = 65_535;

/** 0: not given. @throws PharosError ParameterOutOfRange */
export function sideOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const side = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (side <= longestSide) return side;
  throw new PharosError('ParameterOutOfRange', `The sides of a picture are up to ${longestSide} long`);
}

/** @throws PharosError BadParameterType */
export function isTrue(text: string): boolean {
  if (text === '' || text === '1' || text.toLowerCase() === 'true') return true;
  if (text === '0' || text.toLowerCase() === 'false') return false;
  throw new PharosError('BadParameterType', 'An argument is neither true nor false');
}
