// Vendors' private attributes (PS3.5 7.8.1): found by private creator, group and element within the reserved block.
import { privateAttributeTable } from '../generated/private-attributes.js';
import { elementOf, groupOf, type Tag } from '../tag.ts';
import { type DictionaryEntry, vrAt } from './entry.ts';

/** The lines of each creator; read once, when the first private tag is looked up. */
function readCreators(): ReadonlyMap<string, readonly string[]> {
  const creators = new Map<string, string[]>();
  for (const block of privateAttributeTable.slice(1).split('\n=')) {
    const [creator = '', ...lines] = block.split('\n');
    creators.set(creator, lines);
  }
  return creators;
}

export type PrivateAttributes = (tag: Tag, privateCreator: string) => DictionaryEntry | undefined;

/** Looks private attributes up; what was found or missed is remembered (one small map a creator). */
export function createPrivateAttributes(): PrivateAttributes {
  let creators: ReadonlyMap<string, readonly string[]> | undefined;
  const found = new Map<string, Map<Tag, DictionaryEntry | null>>();
  return (tag, privateCreator) => {
    creators ??= readCreators();
    const lines = creators.get(privateCreator);
    if (!lines) return undefined;
    const known = found.get(privateCreator) ?? new Map<Tag, DictionaryEntry | null>();
    found.set(privateCreator, known);
    const cached = known.get(tag);
    if (cached !== undefined) return cached ?? undefined;
    const entry = findEntry(lines, tag, privateCreator);
    if (entry || known.size < 4096) known.set(tag, entry ?? null);
    return entry;
  };
}

function findEntry(lines: readonly string[], tag: Tag, privateCreator: string): DictionaryEntry | undefined {
  const line = lines.find((candidate) => matches(candidate, tag));
  if (line === undefined) return undefined;
  const [, , , vm = '1', ...words] = line.split(' ');
  const vr = vrAt(line, line.indexOf(' ', line.indexOf(' ') + 1) + 1);
  const name = words.join(' ');
  return { tag, keyword: name, name, vr, vrs: [vr], vm, retired: false, privateCreator };
}

function matches(line: string, tag: Tag): boolean {
  const [groups = '', element = ''] = line.split(' ', 2);
  const [first = '', last = first] = groups.split('-');
  const group = groupOf(tag);
  if (group < Number.parseInt(first, 16) || group > Number.parseInt(last, 16)) return false;
  const within = element.length === 2 ? elementOf(tag) & 0xff : elementOf(tag);
  return elementOf(tag) >= 0x1000 && within === Number.parseInt(element, 16);
}
