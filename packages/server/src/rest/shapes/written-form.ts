// In which form clients want files: in which transfer syntax, and how much may be lost where it is lossy.
import { transferSyntaxOf } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';

/** @throws PharosError ParameterOutOfRange */
export function checkedSyntax(uid: string | undefined): string | undefined {
  if (uid === undefined || transferSyntaxOf(uid)) return uid;
  throw new PharosError('ParameterOutOfRange', `Unknown transfer syntax: ${uid.slice(0, 64)}`);
}

/** @throws PharosError ParameterOutOfRange */
export function checkedQuality(quality: number | undefined): number | undefined {
  if (quality === undefined || (quality >= 1 && quality <= 100)) return quality;
  throw new PharosError('ParameterOutOfRange', 'Field "LossyQuality" must be an integer from 1 to 100');
}
