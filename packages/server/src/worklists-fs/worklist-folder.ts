// A folder of worklist files (*.wl), which other programs may fill too: it is looked through at each query, and a file is read again
// only where it has changed.
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PharosError } from '../model/index.ts';
import type { Log, StoredWorklist, WorklistStore } from '../ports/index.ts';

export interface WorklistFolderOptions {
  readonly folder: string;
  readonly log: Log;
}

const extension = '.wl';
/** Entries are a few kilobytes long. */
const largestFile = 1024 * 1024;
const mostFiles = 10_000;
/** Bytes of files that are held. */
const heldBytes = 64 * 1024 * 1024;
const safeId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

interface Held {
  readonly worklist: StoredWorklist;
  readonly size: number;
  readonly time: number;
}

export function openWorklistFolder({ folder, log }: WorklistFolderOptions): WorklistStore {
  const logger = log.of('generic');
  const held = new Map<string, Held>();
  let heldSize = 0;
  /** Files that were complained of, by name and time: once is enough. */
  const told = new Map<string, number>();

  const forget = (id: string): void => {
    heldSize -= held.get(id)?.size ?? 0;
    held.delete(id);
  };

  const complain = (name: string, time: number, reason: string): undefined => {
    if (told.get(name) !== time) logger.warn(`Worklist file is passed over: ${reason}`, { name });
    if (told.size >= mostFiles) told.clear();
    told.set(name, time);
    return undefined;
  };

  const read = async (id: string): Promise<StoredWorklist | undefined> => {
    const name = `${id}${extension}`;
    const path = join(folder, name);
    try {
      const { size, mtimeMs: time } = await stat(path);
      const known = held.get(id);
      if (known?.time === time && known.size === size) return known.worklist;
      forget(id);
      if (size > largestFile) return complain(name, time, `it is larger than ${largestFile} bytes`);
      const worklist = { id, file: await readFile(path), time };
      if (heldSize + size <= heldBytes) {
        held.set(id, { worklist, size, time });
        heldSize += size;
      }
      return worklist;
    } catch (error) {
      forget(id);
      if (isMissing(error)) return undefined;
      return complain(name, 0, error instanceof Error ? error.message : 'it cannot be read');
    }
  };

  const idsOf = async (): Promise<readonly string[]> => {
    const names = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw new PharosError('InexistentFile', {
        details: `Folder of worklists ${folder} cannot be read`,
        cause: error,
      });
    });
    const ids = names.filter((name) => name.endsWith(extension)).map((name) => name.slice(0, -extension.length));
    const safe = ids.filter((id) => safeId.test(id)).sort();
    if (safe.length > mostFiles)
      logger.warn(`Of ${safe.length} worklists, only ${mostFiles} are looked at`, { folder });
    return safe.slice(0, mostFiles);
  };

  return {
    async *all() {
      for (const id of await idsOf()) {
        const worklist = await read(id);
        if (worklist) yield worklist;
      }
    },
    get: async (id) => (safeId.test(id) ? read(id) : undefined),
    async set(id, file) {
      if (!safeId.test(id)) throw new PharosError('ParameterOutOfRange', 'This is no identifier of a worklist');
      await writeDurably(folder, `${id}${extension}`, file);
      forget(id);
    },
    async remove(id) {
      if (!safeId.test(id) || !(await read(id))) return false;
      await rm(join(folder, `${id}${extension}`), { force: true });
      forget(id);
      return true;
    },
  };
}

/** A file is there as a whole or not at all. */
async function writeDurably(folder: string, name: string, content: Uint8Array): Promise<void> {
  const beside = join(folder, `.${name}.new`);
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(beside, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, join(folder, name));
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new PharosError('CannotWriteFile', { details: `Worklist ${name} cannot be written to ${folder}`, cause });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
