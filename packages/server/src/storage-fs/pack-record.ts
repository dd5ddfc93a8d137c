// A record of a pack: a head of 64 bytes, the bytes of the blob as they came, zeros up to the next page.
import { crc32 } from 'node:zlib';
import { pageBytes, roundUp } from './block-pool.ts';
import { keyBytes, keyOfBytes, type PackAddress, packAddress } from './pack-key.ts';

/** Before the bytes of the blob: "PHRS", format, state, 2 zeros, key (16), CRC-32 of the first five bytes and the key, zeros. */
export const headBytes = 64;
/** Where the state of a record is. */
export const stateAt = 5;
export const removedState = 1;

const magic = 0x50485253;
const format = 1;
const keyAt = 8;
const checksumAt = keyAt + keyBytes;

export interface PackRecord extends PackAddress {
  readonly key: string;
  readonly isRemoved: boolean;
}

/** Bytes that the record of a blob takes. */
export function recordBytes(length: number): number {
  return roundUp(headBytes + length, pageBytes);
}

function checksum(head: Buffer): number {
  return crc32(head.subarray(keyAt, checksumAt), crc32(head.subarray(0, stateAt)));
}

export function writeHead(head: Buffer, key: Uint8Array): void {
  head.fill(0, 0, headBytes);
  head.writeUInt32BE(magic, 0);
  head[4] = format;
  head.set(key, keyAt);
  head.writeUInt32BE(checksum(head), checksumAt);
}

/** The record whose head these bytes are; undefined where they are none. */
export function readHead(head: Buffer): PackRecord | undefined {
  if (head.length < headBytes || head.readUInt32BE(0) !== magic || head[4] !== format) return undefined;
  if (head.readUInt32BE(checksumAt) !== checksum(head)) return undefined;
  const key = keyOfBytes(head.subarray(keyAt, checksumAt));
  const address = packAddress(key);
  return address && { ...address, key, isRemoved: head[stateAt] === removedState };
}
