// One blob in a segment of the journal: a head of 64 bytes, the bytes, padding to whole pages, so that a write never has to read.
import { isKey } from './layout.ts';

export const pageBytes = 4096;
export const headBytes = 64;
const magic = Buffer.from('PHAROSB1', 'latin1');
const keyAt = 24;
const keyLength = 36;

/** Random; told anew each time that a segment is used again, so that older records in it are known as such. */
export const generationBytes = 8;

export interface RecordHead {
  /** Lower-case hex. */
  readonly generation: string;
  readonly key: string;
  readonly length: number;
}

/** Bytes that a blob takes in a segment. */
export function recordBytes(length: number): number {
  return Math.ceil((headBytes + length) / pageBytes) * pageBytes;
}

export function encodeHead(generation: Uint8Array, key: string, length: number): Buffer {
  const head = Buffer.alloc(headBytes);
  magic.copy(head);
  head.set(generation, magic.length);
  head.writeUInt32LE(length, magic.length + generationBytes);
  head.write(key, keyAt, 'latin1');
  return head;
}

/** undefined: no record is here. */
export function decodeHead(head: Buffer): RecordHead | undefined {
  if (head.length < headBytes || !head.subarray(0, magic.length).equals(magic)) return undefined;
  const key = head.toString('latin1', keyAt, keyAt + keyLength);
  if (!isKey(key)) return undefined;
  return {
    generation: head.toString('hex', magic.length, magic.length + generationBytes),
    key,
    length: head.readUInt32LE(magic.length + generationBytes),
  };
}
