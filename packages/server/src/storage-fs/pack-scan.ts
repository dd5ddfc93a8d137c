// Goes through the records of a pack from one place on: after a crash, and before what is still needed of it is moved.
import { type FileHandle, open } from 'node:fs/promises';
import type { Pack } from './pack-catalogue.ts';
import { headBytes, type PackRecord, readHead, recordBytes, removedState, stateAt } from './pack-record.ts';

/** Read at once where blobs are small, so that many heads are among it. */
const windowBytes = 256 * 1024;
/** Behind a blob of at least this size the next head is read alone. */
const largeBytes = 64 * 1024;

async function* recordsOf(file: FileHandle, size: number, from: number): AsyncGenerator<PackRecord> {
  const window = Buffer.allocUnsafe(windowBytes);
  let windowStart = from;
  let windowEnd = from;
  let wanted = windowBytes;
  for (let offset = from; offset + headBytes <= size; ) {
    if (offset + headBytes > windowEnd) {
      const { bytesRead } = await file.read(window, 0, wanted, offset);
      windowStart = offset;
      windowEnd = offset + bytesRead;
    }
    const record = readHead(window.subarray(offset - windowStart, windowEnd - windowStart));
    if (!record || record.offset !== offset || offset + recordBytes(record.length) > size) return;
    yield record;
    offset += recordBytes(record.length);
    wanted = record.length < largeBytes ? windowBytes : headBytes;
  }
}

/** The records from `from` on, as far as they are whole. @throws the error of the file system */
export async function* scanPack({ path, number }: Pack, from = 0): AsyncGenerator<PackRecord> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for await (const record of recordsOf(file, size, from)) {
      if (record.pack !== number) return;
      yield record;
    }
  } finally {
    await file.close();
  }
}

/** Marks records as removed; gives those that were not yet. Keys that are not there are passed over. @throws the error of the file system */
export async function markRemoved(
  path: string,
  records: readonly Pick<PackRecord, 'key' | 'offset'>[],
): Promise<readonly PackRecord[]> {
  const marked: PackRecord[] = [];
  const file = await open(path, 'r+');
  try {
    const head = Buffer.alloc(headBytes);
    for (const { key, offset } of records) {
      const { bytesRead } = await file.read(head, 0, headBytes, offset);
      const record = readHead(head.subarray(0, bytesRead));
      if (record?.key !== key || record.isRemoved) continue;
      await file.write(Buffer.of(removedState), 0, 1, offset + stateAt);
      marked.push(record);
    }
  } finally {
    await file.close();
  }
  return marked;
}
