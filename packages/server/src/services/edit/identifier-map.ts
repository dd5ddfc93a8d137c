// New identifiers for old ones, the same for the same: so that what belongs together stays together. They are half the digest of a
// secret key and the old one, so that a job that is done again gives the same ones, and nobody without the key finds the way back.
import { hash, randomBytes } from 'node:crypto';
import { uidOfUuid } from '@pharos/dicom';
import type { Level } from '../../model/index.ts';

export interface IdentifierMap {
  /** The new one of an old one. */
  map(level: Level, old: string): string;
  /** From now on, this is the new one. */
  set(level: Level, old: string, identifier: string): void;
  /** For how many days the dates of a patient go back: at least a day, at most ten years. */
  daysBack(patientId: string): number;
}

/** Days. */
const longestShift = 3652;

/** In hexadecimal. */
export const newIdentifierKey = (): string => randomBytes(32).toString('hex');

/** A UUID of what a digest begins with (RFC 9562 5.8). */
function uuidOf(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** @param key of a job, in hexadecimal */
export function createIdentifierMap(key: string = newIdentifierKey()): IdentifierMap {
  const given = new Map<string, string>();
  const nameOf = (level: Level, old: string): string => `${level} ${old}`;
  const digestOf = (name: string): Buffer => hash('sha256', key + name, 'buffer');
  return {
    map(level, old) {
      const name = nameOf(level, old);
      const known = given.get(name);
      if (known !== undefined) return known;
      const uuid = uuidOf(digestOf(name));
      return level === 'Patient' ? uuid : uidOfUuid(uuid);
    },
    set: (level, old, identifier) => void given.set(nameOf(level, old), identifier),
    daysBack: (patientId) => 1 + (digestOf(`days ${patientId}`).readUInt32BE() % longestShift),
  };
}
