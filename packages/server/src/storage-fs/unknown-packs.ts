// Whether packs belong to another index than the one that is open: a disk that is not mounted, a mistyped folder, a lost index. What has
// no row would be removed otherwise, hence all of it.
import type { BlobRows } from '../ports/index.ts';
import type { Pack, PackPosition } from './pack-catalogue.ts';
import { firstKeyAt } from './pack-key.ts';
import { scanPack } from './pack-scan.ts';

type Rows = Pick<BlobRows, 'lastBetween'>;

/** Whether any blob of these packs, or of one between them, has a row. */
export async function isAnyKnown(numbers: Iterable<number>, rows: Rows): Promise<boolean> {
  const all = [...numbers];
  if (all.length === 0) return false;
  const [first, last] = [Math.min(...all), Math.max(...all)];
  return (await rows.lastBetween(firstKeyAt(first, 0), firstKeyAt(last + 1, 0))) !== undefined;
}

/** Whether something is not marked as removed, of what the last run had settled. */
async function holdsSettled(pack: Pack, settled: PackPosition | undefined): Promise<boolean> {
  const isSettled = settled === undefined || pack.number < settled.pack;
  const end = isSettled ? pack.bytes : pack.number === settled.pack ? settled.offset : 0;
  try {
    for await (const record of scanPack(pack)) {
      if (record.offset >= end) return false;
      if (!record.isRemoved) return true;
    }
    return false;
  } catch {
    // Who knows.
    return true;
  }
}

/**
 * Whether what was settled in these packs, a row or a mark for each, has neither.
 * @param settled up to where; undefined where that is not known, as all may be
 */
export async function areUnknown(
  packs: readonly Pack[],
  settled: PackPosition | undefined,
  rows: Rows,
): Promise<boolean> {
  if (
    await isAnyKnown(
      packs.map(({ number }) => number),
      rows,
    )
  )
    return false;
  // Of those that were moved elsewhere nothing is needed.
  for (const pack of packs) if (pack.removed < pack.bytes && (await holdsSettled(pack, settled))) return true;
  return false;
}
