// What the dictionary knows about an attribute (PS3.6 6-9), and the packed lines of generated/ it is read from.
import type { Tag } from '../tag.ts';
import type { Vr } from '../vr.ts';
import { isVr } from '../vr.ts';
import { spacedKeyword } from './keyword.ts';

export interface DictionaryEntry {
  /** Of a repeating group: the tag that was asked for. */
  readonly tag: Tag;
  readonly keyword: string;
  readonly name: string;
  /** The one taken where the transfer syntax does not tell: US before SS, OW before OB and US. */
  readonly vr: Vr;
  /** All that the standard allows, `vr` first. */
  readonly vrs: readonly Vr[];
  /** Value multiplicity as the standard writes it: `1`, `1-n`, `3-3n`. */
  readonly vm: string;
  readonly retired: boolean;
  readonly privateCreator?: string;
}

/** Reads `tag VR R|- VM` TAB keyword TAB name TAB further VRs. The first eight characters, the tag, are not looked at. */
export function parseEntry(tag: Tag, line: string): DictionaryEntry {
  const [head = '', keyword = '', name = '', others = ''] = line.split('\t');
  const vr = vrAt(head, 8);
  return {
    tag,
    keyword,
    name: name === '' ? spacedKeyword(keyword) : name,
    vr,
    vrs: [vr, ...others.split(' ').filter(isVr)],
    vm: head.slice(11),
    retired: head[10] === 'R',
  };
}

export function vrAt(line: string, offset: number): Vr {
  const text = line.slice(offset, offset + 2);
  return isVr(text) ? text : 'UN';
}
