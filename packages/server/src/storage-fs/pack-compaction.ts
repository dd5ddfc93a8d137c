// Moves what is still needed of a pack behind the other records, a batch at a time: bytes first, then rows, durably.
import type { BlobRows, ByteRange } from '../ports/index.ts';
import { type BlockPool, blockBytes } from './block-pool.ts';
import type { Pack } from './pack-catalogue.ts';
import type { PackReader } from './pack-reader.ts';
import { headBytes, type PackRecord, recordBytes } from './pack-record.ts';
import { scanPack } from './pack-scan.ts';

export interface CompactionTools {
  readonly rows: BlobRows;
  readonly reader: Pick<PackReader, 'borrow'>;
  readonly pool: BlockPool;
  append(blocks: readonly Buffer[], length: number): Promise<string>;
  settle(key: string): void;
  remove(keys: readonly string[]): Promise<void>;
}

const batchRecords = 100;
/** So much room is needed to move anything. */
export const batchBytes = 4 * 1024 * 1024;

/** Blocks with the bytes behind the room for a head. */
function copied(pieces: readonly Buffer[], length: number, pool: BlockPool): readonly Buffer[] {
  const blocks = pool.takeBytes(recordBytes(length));
  let at = headBytes;
  for (const piece of pieces) {
    for (let done = 0; done < piece.length; ) {
      const room = blockBytes - (at % blockBytes);
      const part = piece.subarray(done, done + room);
      blocks[Math.floor(at / blockBytes)]?.set(part, at % blockBytes);
      done += part.length;
      at += part.length;
    }
  }
  return blocks;
}

/** undefined: it cannot be read. */
async function read(record: PackRecord, { reader, pool }: CompactionTools): Promise<readonly Buffer[] | undefined> {
  const whole: ByteRange = { start: 0, end: record.length };
  const borrowed = await reader.borrow(record, record.key, whole).catch(() => undefined);
  if (!borrowed) return undefined;
  try {
    return copied(borrowed.pieces, record.length, pool);
  } finally {
    await borrowed.giveBack();
  }
}

/** undefined: it cannot be read, and stays where it is. @throws where it cannot be written */
async function copy(record: PackRecord, tools: CompactionTools): Promise<string | undefined> {
  const blocks = await read(record, tools);
  return blocks && tools.append(blocks, record.length);
}

/** Those that are not removed, as far as they can be read. */
async function recordsOf(pack: Pack): Promise<PackRecord[]> {
  const records: PackRecord[] = [];
  try {
    for await (const record of scanPack(pack)) if (!record.isRemoved) records.push(record);
  } catch {
    // Who has the pack compacted finds that more of it is needed.
  }
  return records;
}

/** Gives how many were moved. */
async function moveBatch(records: readonly PackRecord[], tools: CompactionTools): Promise<number> {
  const { rows, settle, remove } = tools;
  const wanted = await rows.withRow(records.map(({ key }) => key));
  const moves = new Map<string, string>();
  const copies = await Promise.allSettled(
    records
      .filter(({ key }) => wanted.has(key))
      .map(async (record) => {
        const key = await copy(record, tools);
        if (key !== undefined) moves.set(record.key, key);
      }),
  );
  const failed = copies.find((result) => result.status === 'rejected');
  if (failed) {
    await remove([...moves.values()]);
    throw failed.reason;
  }
  const moved = await rows.move(moves).catch(async (error: unknown) => {
    // Rows may have the new keys already, though that is not durable: those stay.
    const copied = [...moves.values()];
    const known = await rows.withRow(copied);
    await remove(copied.filter((key) => !known.has(key)));
    throw error;
  });
  for (const [from, to] of moves) if (moved.has(from)) settle(to);
  // Their rows went meanwhile.
  await remove([...moves].filter(([from]) => !moved.has(from)).map(([, to]) => to));
  return moves.size;
}

function endOf(record: PackRecord | undefined): number {
  return record ? record.offset + recordBytes(record.length) : 0;
}

/**
 * Moves what has a row, as far as it can be read, from the end on; gives how many.
 * @param cut called with the end of what is still needed, after each batch: for want of space
 * @throws where something could not be written; it stays where it is
 */
export async function movePack(
  pack: Pack,
  tools: CompactionTools,
  cut?: (offset: number) => Promise<void>,
): Promise<number> {
  let moved = 0;
  const records = await recordsOf(pack);
  await cut?.(endOf(records.at(-1)));
  while (records.length > 0) {
    const batch: PackRecord[] = [];
    for (let bytes = 0; batch.length < batchRecords && bytes < batchBytes; ) {
      const record = records.pop();
      if (!record) break;
      batch.push(record);
      bytes += record.length;
    }
    moved += await moveBatch(batch, tools);
    await cut?.(endOf(records.at(-1)));
  }
  return moved;
}
