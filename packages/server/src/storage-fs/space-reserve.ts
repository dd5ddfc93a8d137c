// Room that is kept free on the disk: with it, packs can be compacted also where nothing else is left.
import { rm, stat, writeFile } from 'node:fs/promises';

export interface SpaceReserve {
  /** Has the room where there is so much. Never throws. */
  make(): Promise<boolean>;
  /** Gives the room to others. @throws the error of the file system */
  release(): Promise<void>;
}

export function createSpaceReserve(path: string, bytes: number): SpaceReserve {
  return {
    async make() {
      try {
        if ((await stat(path).catch(() => undefined))?.size === bytes) return true;
        await writeFile(path, Buffer.alloc(bytes), { flush: true });
        return true;
      } catch {
        await rm(path, { force: true }).catch(() => {});
        return false;
      }
    },
    release: () => rm(path, { force: true }),
  };
}
