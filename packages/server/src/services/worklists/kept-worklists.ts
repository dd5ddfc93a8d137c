// Worklists in the index: one value of the server, since they are few and small.
import { PharosError } from '../../model/index.ts';
import type { Clock, PropertyStore, StoredWorklist, WorklistStore } from '../../ports/index.ts';

const property = 'worklists';
const mostWorklists = 10_000;

interface Kept {
  readonly time: number;
  /** Base64. */
  readonly file: string;
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'time' in value && 'file' in value;
}

function storedOf(id: string, { time, file }: Kept): StoredWorklist {
  return { id, time, file: Buffer.from(file, 'base64') };
}

/** Entries that stay where other servers of the same index can see them. */
export function createKeptWorklists(store: PropertyStore, clock: Clock): WorklistStore {
  let writing: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<Map<string, Kept>> => {
    const value: unknown = JSON.parse((await store.property(property)) ?? '{}');
    const entries = Object.entries(value ?? {});
    return new Map(entries.filter((entry): entry is [string, Kept] => isKept(entry[1])));
  };

  /** One change after the other. */
  const change = <T>(apply: (kept: Map<string, Kept>) => T): Promise<T> => {
    const changed = writing.then(async () => {
      const kept = await read();
      const result = apply(kept);
      await store.setProperty(property, JSON.stringify(Object.fromEntries(kept)));
      return result;
    });
    writing = changed.catch(() => undefined);
    return changed;
  };

  return {
    async *all() {
      for (const [id, kept] of await read()) yield storedOf(id, kept);
    },
    async get(id) {
      const kept = (await read()).get(id);
      return kept && storedOf(id, kept);
    },
    set: (id, file) =>
      change((kept) => {
        if (kept.size >= mostWorklists && !kept.has(id)) {
          throw new PharosError('FullStorage', `There are ${mostWorklists} worklists already`);
        }
        kept.set(id, { time: clock.now().getTime(), file: Buffer.from(file).toString('base64') });
      }),
    remove: (id) => change((kept) => kept.delete(id)),
  };
}
