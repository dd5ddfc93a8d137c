// Which of the transfer syntaxes that will do a stored file can be written in.
import { abilityOf } from '@pharos/codecs';
import { type ParsedFile, transferSyntaxOf } from '@pharos/dicom';
import type { TranscodeRequest } from '../services.ts';

export interface Target {
  readonly uid: string;
  readonly isLossy: boolean;
}

const isNative = (uid: string): boolean => transferSyntaxOf(uid)?.encapsulated === false;

/** Candidates, the best first: whether a frame of this kind can be encoded is seen when it is tried. */
export function possibleTargets(
  { transferSyntax, pixelData }: ParsedFile,
  request: TranscodeRequest,
): readonly Target[] {
  const isReadable = isNative(transferSyntax) || abilityOf(transferSyntax).decodes;
  const targets = request.syntaxes.map((uid) => ({ uid, isLossy: abilityOf(uid).isLossy }));
  return targets.filter(({ uid, isLossy }) => {
    if (!transferSyntaxOf(uid)) return false;
    if (!pixelData) return isNative(uid);
    if (isLossy && request.lossy === 'never') return false;
    return isReadable && (isNative(uid) || abilityOf(uid).encodes);
  });
}
