// New identifiers for old ones, the same for the same: so that what belongs together stays together. They are half the digest of a
// secret key and the old one, so that a job that is done again gives the same ones, and nobody without the key finds the way back.
import { hash, randomBytes } from 'node:crypto';
import { uidOfUuid } from '@pharos/dicom';
import type { Level } from '../../model/index.ts';

export interface IdentifierMap {
  /** The new one of an old one; a UID that is a new one stays: what is done again where it was done before changes nothing. */
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

/** Bytes of a UUID that tell by which key it was made. */
const sealBytes = 4;

const sealOf = (key: string, body: Buffer): Buffer =>
  hash('sha256', `${key}seal ${body.toString('hex')}`, 'buffer').subarray(0, sealBytes);

/** The 16 bytes of a UUID: what a digest begins with, and a seal (RFC 9562 5.8). */
function uuidBytes(digest: Buffer, key: string): Buffer {
  const body = Buffer.from(digest.subarray(0, 16 - sealBytes));
  body.writeUInt8((body.readUInt8(6) & 0x0f) | 0x80, 6);
  body.writeUInt8((body.readUInt8(8) & 0x3f) | 0x80, 8);
  return Buffer.concat([body, sealOf(key, body)]);
}

const uuidText = (bytes: Buffer): string => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

function isSealed(uid: string, key: string): boolean {
  const digits = /^2\.25\.(\d{1,39})$/.exec(uid)?.[1];
  if (digits === undefined) return false;
  const hex = BigInt(digits).toString(16).padStart(32, '0');
  if (hex.length > 32) return false;
  const bytes = Buffer.from(hex, 'hex');
  const body = bytes.subarray(0, 16 - sealBytes);
  return sealOf(key, body).equals(bytes.subarray(16 - sealBytes));
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
      if (isSealed(old, key)) return old;
      const uuid = uuidText(uuidBytes(digestOf(name), key));
      return level === 'Patient' ? uuid : uidOfUuid(uuid);
    },
    set: (level, old, identifier) => void given.set(nameOf(level, old), identifier),
    daysBack: (patientId) => 1 + (digestOf(`days ${patientId}`).readUInt32BE() % longestShift),
  };
}
