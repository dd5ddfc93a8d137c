// The standard's attributes (PS3.6 6-9) in a hash table of typed arrays: the parser of implicit VR asks for every
// element, so a look-up takes a few nanoseconds; names are read from the packed lines when they are asked for.
import { attributeTable } from '../generated/attributes.js';
import type { Tag } from '../tag.ts';
import type { Vr } from '../vr.ts';
import { type DictionaryEntry, parseEntry, vrAt } from './entry.ts';

const bits = 14;
const mask = (1 << bits) - 1;
const vrCodes: Vr[] = [];

interface Table {
  /** Tag + 1, 0 where the slot is free (ffff,ffff is no attribute). */
  readonly keys: Uint32Array;
  readonly vrs: Uint8Array;
  readonly starts: Uint32Array;
}

const table = fill(attributeTable);

/** VR of an attribute of the standard outside repeating groups. */
export function standardVr(tag: Tag): Vr | undefined {
  const slot = slotOf(table, tag);
  return slot < 0 ? undefined : vrCodes[table.vrs[slot] ?? 0];
}

/** Entry of an attribute of the standard outside repeating groups. */
export function standardEntry(tag: Tag): DictionaryEntry | undefined {
  const slot = slotOf(table, tag);
  if (slot < 0) return undefined;
  const start = table.starts[slot] ?? 0;
  const end = attributeTable.indexOf('\n', start);
  return parseEntry(tag, attributeTable.slice(start, end < 0 ? undefined : end));
}

function hash(tag: Tag): number {
  return Math.imul(tag, 0x9e3779b1) >>> (32 - bits);
}

function slotOf({ keys }: Table, tag: Tag): number {
  const key = (tag + 1) >>> 0;
  let slot = hash(tag);
  for (;;) {
    const found = keys[slot];
    if (found === 0 || found === undefined) return -1;
    if (found === key) return slot;
    slot = (slot + 1) & mask;
  }
}

function fill(text: string): Table {
  const built: Table = {
    keys: new Uint32Array(mask + 1),
    vrs: new Uint8Array(mask + 1),
    starts: new Uint32Array(mask + 1),
  };
  for (let start = 0; start >= 0 && start < text.length; ) {
    insert(built, text, start);
    const end = text.indexOf('\n', start);
    start = end < 0 ? -1 : end + 1;
  }
  return built;
}

function insert(target: Table, text: string, start: number): void {
  const tag = Number.parseInt(text.slice(start, start + 8), 16);
  let slot = hash(tag);
  while (target.keys[slot] !== 0) slot = (slot + 1) & mask;
  target.keys[slot] = tag + 1;
  target.vrs[slot] = codeOf(vrAt(text, start + 8));
  target.starts[slot] = start;
}

function codeOf(vr: Vr): number {
  const code = vrCodes.indexOf(vr);
  return code >= 0 ? code : vrCodes.push(vr) - 1;
}
