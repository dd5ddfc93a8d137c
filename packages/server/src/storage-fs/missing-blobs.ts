// What rows refer to and is not there. One look-up in the index and one at the disk for each pack, however many blobs it holds, and
// for each blob with a file of its own; with pauses, so that a server may do this while it works.
import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { BlobRows, MissingBlobs } from '../ports/index.ts';
import { packName } from './pack-catalogue.ts';
import { firstKeyAt, type PackAddress, packAddress } from './pack-key.ts';
import { recordBytes } from './pack-record.ts';
import { isMissing } from './storage-error.ts';

export interface PlacesOfBlobs {
  /** undefined: there is no such pack. */
  pathOfPack(number: number): string | undefined;
  /** @throws the error of the file system */
  hasFile(key: string): Promise<boolean>;
}

type Rows = Pick<BlobRows, 'lastBetween'>;

const firstKey = '00000000-0000-0000-0000-000000000000';
const endOfKeys = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const looksAtOnce = 100;
const pauseMs = 20;

/** Where in the storage folder a file of its own lies. */
const nameOfFile = (key: string): string => `${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`;

async function sizeOf(path: string | undefined): Promise<number> {
  if (path === undefined) return 0;
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

function isWithin({ offset, length }: PackAddress, size: number): boolean {
  return offset + recordBytes(length) <= size;
}

/** The first key of what a pack of this size lacks; `last` is the last one. */
async function firstBeyond(last: string, { pack }: PackAddress, size: number, rows: Rows): Promise<string> {
  if (size === 0) return firstKeyAt(pack, 0);
  let first = last;
  for (;;) {
    const before = await rows.lastBetween(firstKeyAt(pack, 0), first);
    const address = before && packAddress(before);
    if (!before || !address || isWithin(address, size)) return first;
    first = before;
  }
}

/** From the last key to the first. @throws the error of the file system */
export async function* missingBlobs(rows: Rows, { pathOfPack, hasFile }: PlacesOfBlobs): AsyncGenerator<MissingBlobs> {
  let before = endOfKeys;
  /** undefined: it is there. Else the first key of what its file lacks. */
  const missingFrom = async (key: string, address: PackAddress | undefined): Promise<string | undefined> => {
    if (!address) return (await hasFile(key)) ? undefined : key;
    const size = await sizeOf(pathOfPack(address.pack));
    return isWithin(address, size) ? undefined : firstBeyond(key, address, size, rows);
  };
  for (let looks = 1; ; looks++) {
    if (looks % looksAtOnce === 0) await wait(pauseMs);
    const key = await rows.lastBetween(firstKey, before);
    if (key === undefined) return;
    const address = packAddress(key);
    const from = await missingFrom(key, address);
    // Before a blob goes, its row does, or it gets another key: then the look was too late.
    if (from !== undefined && (await rows.lastBetween(key, before)) !== key) continue;
    if (from !== undefined) yield { from, before, file: address ? `packs/${packName(address.pack)}` : nameOfFile(key) };
    before = address ? firstKeyAt(address.pack, 0) : key;
  }
}
