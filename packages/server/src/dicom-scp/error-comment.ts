// What a peer is told of its request that failed, besides the status: Error Comment (PS3.7 C.4).
import { PharosError } from '../model/index.ts';

/** Of an LO (PS3.7 table C.4-1). */
const longestComment = 64;

/** What is wrong with the request; of other failures the peer learns nothing. */
export function commentOn(error: unknown): string | undefined {
  if (!(error instanceof PharosError)) return undefined;
  const isOfRequest = error.code === 'BadRequest' || error.code === 'ParameterOutOfRange';
  return isOfRequest ? error.details?.slice(0, longestComment) : undefined;
}
