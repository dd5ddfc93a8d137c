// The key of a packed blob says where it is, so that no table is needed to find it. It has the form of a UUID of version 8 (RFC
// 9562 5.8): number of the pack (32 bits), offset in pages (28), length in bytes (30), random bits (32) that only its record knows.
import { pageBytes } from './block-pool.ts';

export interface PackAddress {
  /** Number of the pack, from 1 on. */
  readonly pack: number;
  /** First byte of the record, a multiple of a page. */
  readonly offset: number;
  /** Bytes of the blob. */
  readonly length: number;
}

export const keyBytes = 16;
const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const version = 0x80;
const variant = 0x80;

/** @param random 32 bits */
export function packKeyBytes({ pack, offset, length }: PackAddress, random: number): Buffer {
  const bytes = Buffer.allocUnsafe(keyBytes);
  const page = offset / pageBytes;
  bytes.writeUInt32BE(pack, 0);
  bytes.writeUInt16BE(page >>> 12, 4);
  bytes[6] = version | ((page >>> 8) & 0x0f);
  bytes[7] = page & 0xff;
  bytes.writeUInt32BE(length, 8);
  bytes[8] = variant | (length >>> 24);
  bytes.writeUInt32BE(random, 12);
  return bytes;
}

export function keyOfBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, keyBytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** No key of a blob at or behind this place is before this, none of one before it is after. */
export function firstKeyAt(pack: number, offset: number): string {
  const bytes = packKeyBytes({ pack, offset, length: 0 }, 0);
  return keyOfBytes(bytes);
}

/** The place that a key names; undefined where it is no key of a packed blob. */
export function packAddress(key: string): PackAddress | undefined {
  if (!shape.test(key)) return undefined;
  const hex = (from: number, to: number): number => Number.parseInt(key.slice(from, to), 16);
  return {
    pack: hex(0, 8),
    offset: ((hex(9, 13) << 12) | hex(15, 18)) * pageBytes,
    length: (hex(19, 23) & 0x3fff) * 0x10000 + hex(24, 28),
  };
}
