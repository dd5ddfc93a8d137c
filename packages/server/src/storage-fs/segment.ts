// A file of the journal, filled once and for all with zeros: writes into it change no metadata of the file system, so that a sync
// of it waits for the bytes alone and for no other file's changes.
import { randomBytes } from 'node:crypto';
import { closeSync, fdatasync, fstatSync, openSync, read, readSync, writeSync, writevSync } from 'node:fs';
import {
  decodeHead,
  encodeHead,
  generationBytes,
  headBytes,
  pageBytes,
  type RecordHead,
  recordBytes,
} from './journal-record.ts';
import { createSharedSync } from './shared-sync.ts';

const zeros = Buffer.alloc(pageBytes);

export interface Segment {
  readonly path: string;
  /** Blobs in it that are not in their final place yet, and not removed. */
  live: number;
  /** Reads under way. */
  readers: number;
  hasRoom(length: number): boolean;
  /** Writes a blob behind the last one; gives the place of its bytes. @throws the error of the file system */
  append(key: string, pieces: readonly Uint8Array[], length: number): number;
  /** What was appended before this call survives a power cut when it resolves. */
  sync(): Promise<void>;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The records of the last use, with the places of their bytes. */
  records(): readonly (RecordHead & { readonly offset: number })[];
  /** Begins anew: what is in it counts no more once something is appended. */
  reuse(): void;
  /** What is in it counts no more, after a restart either. */
  clear(): void;
  close(): void;
}

function writeAllSync(fd: number, pieces: readonly Uint8Array[], length: number, position: number): void {
  const written = writevSync(fd, pieces, position);
  if (written === length) return;
  const rest = Buffer.concat(pieces).subarray(written);
  for (let done = 0; done < rest.length; )
    done += writeSync(fd, rest, done, rest.length - done, position + written + done);
}

function readRecords(fd: number, capacity: number): (RecordHead & { readonly offset: number })[] {
  const records: (RecordHead & { readonly offset: number })[] = [];
  const head = Buffer.alloc(headBytes);
  for (let at = 0; at + pageBytes <= capacity; ) {
    if (readSync(fd, head, 0, headBytes, at) < headBytes) return records;
    const record = decodeHead(head);
    if (!record || (records[0] && records[0].generation !== record.generation)) return records;
    if (at + headBytes + record.length > capacity) return records;
    records.push({ ...record, offset: at + headBytes });
    at += recordBytes(record.length);
  }
  return records;
}

/** Opens a segment that is there already. @throws the error of the file system */
export function openSegment(path: string): Segment {
  const fd = openSync(path, 'r+');
  const capacity = fstatSync(fd).size;
  let generation = randomBytes(generationBytes);
  let end = 0;
  return {
    path,
    live: 0,
    readers: 0,
    hasRoom: (length) => end + recordBytes(length) <= capacity,
    append(key, pieces, length) {
      const padding = recordBytes(length) - headBytes - length;
      const record = [encodeHead(generation, key, length), ...pieces, zeros.subarray(0, padding)];
      const offset = end + headBytes;
      writeAllSync(fd, record, headBytes + length + padding, end);
      end += headBytes + length + padding;
      return offset;
    },
    sync: createSharedSync(
      () => new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve()))),
    ),
    read(offset, length) {
      const buffer = Buffer.allocUnsafeSlow(length);
      return new Promise((resolve, reject) => {
        read(fd, buffer, 0, length, offset, (error, count) => {
          if (error) reject(error);
          else if (count < length) reject(new Error('The journal is shorter than it was'));
          else resolve(buffer);
        });
      });
    },
    records: () => readRecords(fd, capacity),
    reuse() {
      generation = randomBytes(generationBytes);
      end = 0;
    },
    clear() {
      writeSync(fd, zeros, 0, headBytes, 0);
      generation = randomBytes(generationBytes);
      end = 0;
    },
    close: () => closeSync(fd),
  };
}
