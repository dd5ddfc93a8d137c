// Vendors' private attributes (PS3.5 7.8.1): found by private creator, group and element within the reserved block.
import { privateAttributeTable } from '../generated/private-attributes.js';
import { elementOf, groupOf, type Tag } from '../tag.ts';
import { type DictionaryEntry, vrAt } from './entry.ts';

/** Lines of one creator by the element they begin with: below 0x100 one within the block, else one in a block that is fixed. */
type Lines = ReadonlyMap<number, readonly string[]>;

/** The text of each creator; read once, when the first private tag is looked up. */
function readCreators(): ReadonlyMap<string, string> {
  const creators = new Map<string, string>();
  for (const block of privateAttributeTable.slice(1).split('\n=')) {
    const end = block.indexOf('\n');
    creators.set(block.slice(0, end), block.slice(end + 1));
  }
  return creators;
}

export type PrivateAttributes = (tag: Tag, privateCreator: string) => DictionaryEntry | undefined;

/** Looks private attributes up; the lines of a creator are sorted when it is first asked for. */
export function createPrivateAttributes(): PrivateAttributes {
  let creators: ReadonlyMap<string, string> | undefined;
  const sorted = new Map<string, Lines>();
  return (tag, privateCreator) => {
    if (elementOf(tag) < 0x1000) return undefined;
    creators ??= readCreators();
    const text = creators.get(privateCreator);
    if (text === undefined) return undefined;
    const lines = sorted.get(privateCreator) ?? sortLines(text);
    sorted.set(privateCreator, lines);
    const line = find(lines, tag, elementOf(tag)) ?? find(lines, tag, elementOf(tag) & 0xff);
    return line === undefined ? undefined : readEntry(line, tag, privateCreator);
  };
}

function sortLines(text: string): Lines {
  const lines = new Map<number, string[]>();
  for (const line of text.split('\n')) {
    const element = Number.parseInt(line.slice(line.indexOf(' ') + 1), 16);
    const known = lines.get(element);
    if (known) known.push(line);
    else lines.set(element, [line]);
  }
  return lines;
}

function find(lines: Lines, tag: Tag, element: number): string | undefined {
  return lines.get(element)?.find((line) => isInGroups(line, groupOf(tag)));
}

/** A line begins with one group or with the first and the last: `0019 `, `6001-60ff `. */
function isInGroups(line: string, group: number): boolean {
  const first = Number.parseInt(line.slice(0, 4), 16);
  return line[4] === '-' ? group >= first && group <= Number.parseInt(line.slice(5, 9), 16) : group === first;
}

function readEntry(line: string, tag: Tag, privateCreator: string): DictionaryEntry {
  const [, , , vm = '1', ...words] = line.split(' ');
  const vr = vrAt(line, line.indexOf(' ', line.indexOf(' ') + 1) + 1);
  const name = words.join(' ');
  return { tag, keyword: name, name, vr, vrs: [vr], vm, retired: false, privateCreator };
}
