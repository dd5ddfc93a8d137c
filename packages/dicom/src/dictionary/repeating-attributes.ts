// Attributes of repeating groups (PS3.5 7.6): curves 50xx, overlays 60xx, variable pixel data 7Fxx and old ACR-NEMA ones.
import { repeatingAttributeTable } from '../generated/repeating-attributes.js';
import type { Tag } from '../tag.ts';
import type { Vr } from '../vr.ts';
import { type DictionaryEntry, parseEntry, vrAt } from './entry.ts';

interface Pattern {
  readonly line: string;
  readonly mask: number;
  readonly base: number;
  readonly vr: Vr;
}

const patterns = new Map<number, Pattern[]>();
for (const line of repeatingAttributeTable.split('\n')) add(line);

/** VR of an attribute of a repeating group; only even groups repeat. */
export function repeatingVr(tag: Tag): Vr | undefined {
  return find(tag)?.vr;
}

export function repeatingEntry(tag: Tag): DictionaryEntry | undefined {
  const pattern = find(tag);
  return pattern && parseEntry(tag, pattern.line);
}

/** The first tag of an attribute of a repeating group: `OverlayData` -> (6000,3000). */
export function repeatingTagOf(keyword: string): Tag | undefined {
  for (const group of patterns.values()) {
    const found = group.find(({ line }) => line.split('\t')[1] === keyword);
    if (found) return found.base;
  }
  return undefined;
}

function find(tag: Tag): Pattern | undefined {
  if ((tag & 0x10000) !== 0) return undefined;
  return patterns.get(tag >>> 24)?.find(({ mask, base }) => (tag & mask) >>> 0 === base);
}

function add(line: string): void {
  const shape = line.slice(0, 8);
  const mask = Number.parseInt(shape.replace(/[^x]/g, 'f').replaceAll('x', '0'), 16);
  const base = Number.parseInt(shape.replaceAll('x', '0'), 16);
  const pattern = { line, mask, base, vr: vrAt(line, 8) };
  const group = patterns.get(base >>> 24);
  if (group) group.push(pattern);
  else patterns.set(base >>> 24, [pattern]);
}
