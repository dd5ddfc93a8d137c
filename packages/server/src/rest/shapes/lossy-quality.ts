// How much is lost where a transfer syntax is lossy, as clients ask for it.
import { PharosError } from '../../model/index.ts';

/** @throws PharosError ParameterOutOfRange */
export function checkedQuality(quality: number | undefined): number | undefined {
  if (quality === undefined || (quality >= 1 && quality <= 100)) return quality;
  throw new PharosError('ParameterOutOfRange', 'Field "LossyQuality" must be an integer from 1 to 100');
}
