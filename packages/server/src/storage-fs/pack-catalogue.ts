// Which packs there are, how long they are, how much of them was removed, and from where on a crash may have left records that
// nothing refers to. Kept in memory and, now and then, in a file: what that file lacks after a crash is found again by looking.
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A place between two records. */
export interface PackPosition {
  readonly pack: number;
  readonly offset: number;
}

export interface Pack {
  readonly number: number;
  readonly path: string;
  /** Bytes of its records. */
  bytes: number;
  /** Bytes of records that were removed. */
  removed: number;
}

export interface PackCatalogue {
  /** Ordered by number. */
  readonly packs: ReadonlyMap<number, Pack>;
  /** Records before this have a row or are marked as removed; undefined where the file was lost. */
  readonly settled: PackPosition | undefined;
  /** Numbers of packs of another index: nothing is known of what they hold, so that all of it stays. */
  readonly kept: Set<number>;
  /** A pack for new records, with a number that was never used before. */
  add(): Pack;
  /** No pack gets this number any more, nor one before it. */
  pass(number: number): void;
  forget(pack: Pack): void;
  /** Writes the file. @throws the error of the file system */
  save(settled: PackPosition): void;
}

const stateName = 'state.json';
const packShape = /^([0-9]{1,10})\.pack$/;

interface Saved {
  readonly settled: PackPosition | undefined;
  /** The highest number that was given to a pack. */
  readonly last: number;
  readonly removed: ReadonlyMap<number, number>;
  readonly kept: readonly number[];
}

const nothingSaved: Saved = { settled: undefined, last: 0, removed: new Map(), kept: [] };

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parseSaved(json: string): Saved {
  const state: unknown = JSON.parse(json);
  if (!isRecord(state) || !isRecord(state.settled) || !isRecord(state.removed)) return nothingSaved;
  const { pack, offset } = state.settled;
  if (!isCount(pack) || !isCount(offset) || !isCount(state.last)) return nothingSaved;
  const removed = new Map<number, number>();
  for (const [name, bytes] of Object.entries(state.removed)) if (isCount(bytes)) removed.set(Number(name), bytes);
  const kept = Array.isArray(state.kept) ? state.kept.filter(isCount) : [];
  return { settled: { pack, offset }, last: state.last, removed, kept };
}

/** Name of its file. */
export function packName(number: number): string {
  return `${String(number).padStart(8, '0')}.pack`;
}

/** A file that is missing or damaged costs a look at all records, no more. */
function readSaved(path: string): Saved {
  try {
    return parseSaved(readFileSync(path, 'utf8'));
  } catch {
    return nothingSaved;
  }
}

/** @param folder that is there @throws the error of the file system */
export function openCatalogue(folder: string): PackCatalogue {
  const statePath = join(folder, stateName);
  const saved = readSaved(statePath);
  const pathOf = (number: number): string => join(folder, packName(number));
  const found = readdirSync(folder)
    .flatMap((name) => packShape.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
  /** A pack that was given up, but is there: the last run ended before it went. Whoever compacts it finds out what is needed of it. */
  const isLeft = (number: number): boolean => number <= saved.last && !saved.removed.has(number);
  const packs = new Map<number, Pack>();
  for (const number of found) {
    const path = pathOf(number);
    const bytes = statSync(path).size;
    packs.set(number, { number, path, bytes, removed: isLeft(number) ? bytes : (saved.removed.get(number) ?? 0) });
  }
  let last = Math.max(saved.last, found.at(-1) ?? 0);
  let { settled } = saved;
  const kept = new Set(saved.kept.filter((number) => packs.has(number)));
  return {
    packs,
    get settled() {
      return settled;
    },
    kept,
    add() {
      const number = ++last;
      const pack = { number, path: pathOf(number), bytes: 0, removed: 0 };
      packs.set(number, pack);
      return pack;
    },
    pass(number) {
      last = Math.max(last, number);
    },
    forget: (pack) => void packs.delete(pack.number),
    save(position) {
      settled = position;
      const removed = Object.fromEntries([...packs.values()].map((pack) => [pack.number, pack.removed]));
      writeFileSync(`${statePath}.new`, JSON.stringify({ settled, last, removed, kept: [...kept] }));
      renameSync(`${statePath}.new`, statePath);
    },
  };
}
