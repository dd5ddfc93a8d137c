// Transfer syntaxes as the scan knows them: explicit or implicit, little or big endian.
import { bigEndianFlag, explicitFlag, implicitLittleEndian, type Mode } from '../data-set/index.ts';
import { transferSyntaxOf } from '../uid/index.ts';

export const implicitLittleEndianUid = '1.2.840.10008.1.2';
export const explicitLittleEndianUid = '1.2.840.10008.1.2.1';
export const explicitBigEndianUid = '1.2.840.10008.1.2.2';

/** The encoding that a transfer syntax prescribes; undefined for one that nobody knows. */
export function modeOf(transferSyntaxUid: string): Mode | undefined {
  const syntax = transferSyntaxOf(transferSyntaxUid);
  if (!syntax) return undefined;
  return (syntax.explicitVr ? explicitFlag : implicitLittleEndian) | (syntax.littleEndian ? 0 : bigEndianFlag);
}

/** The plain transfer syntax for an encoding. Implicit big endian has none. */
export function uidOfMode(mode: Mode): string {
  if ((mode & bigEndianFlag) !== 0) return explicitBigEndianUid;
  return (mode & explicitFlag) !== 0 ? explicitLittleEndianUid : implicitLittleEndianUid;
}
