// The dictionary: from tag to keyword, name and VR and back (PS3.6), with vendors' and configured attributes.
import { Tag } from '../generated/tags.js';
import { elementOf, groupOf, isPrivateTag, parseTag } from '../tag.ts';
import type { Vr } from '../vr.ts';
import type { DictionaryEntry } from './entry.ts';
import { createPrivateAttributes, type PrivateAttributes } from './private-attributes.ts';
import { repeatingEntry, repeatingTagOf, repeatingVr } from './repeating-attributes.ts';
import { standardEntry, standardVr } from './standard-attributes.ts';

export interface Dictionary {
  /** What is known of an attribute; private ones need their creator, group lengths and private creators are known too. */
  entry(tag: Tag, privateCreator?: string): DictionaryEntry | undefined;
  /** Tag of a keyword (also with `RETIRED_` before it), of a configured name, of `gggg,eeee`, `gggg-eeee`, `ggggeeee`. */
  findTag(name: string): Tag | undefined;
  /** Name in Orthanc's JSON: the keyword, after `RETIRED_` where retired; `Unknown Tag & Data` where unknown. */
  nameOf(tag: Tag, privateCreator?: string): string;
}

export interface DictionaryOptions {
  /** Whether vendors' private attributes are known. */
  readonly privateTags: boolean;
  /** Attributes of the configuration; they win over the standard's. */
  readonly extra?: readonly DictionaryEntry[];
}

/** Names kept so that they need not be read again; the standard has some five thousand. */
const mostNames = 8192;
const unknownName = 'Unknown Tag & Data';
const retiredPrefix = 'RETIRED_';
const tagsByKeyword: Readonly<Record<string, Tag>> = Tag;
const privateAttributes: PrivateAttributes = createPrivateAttributes();

export function createDictionary({ privateTags, extra = [] }: DictionaryOptions): Dictionary {
  const extraByTag = new Map(extra.map((entry) => [keyOf(entry.tag, entry.privateCreator), entry]));
  const extraByName = new Map(
    extra.flatMap((entry) => [[entry.name, entry.tag] as const, [entry.keyword, entry.tag] as const]),
  );

  const entry = (tag: Tag, privateCreator?: string): DictionaryEntry | undefined => {
    const configured = extraByTag.size > 0 ? findExtra(extraByTag, tag, privateCreator) : undefined;
    if (configured) return configured;
    if (isPrivateTag(tag) && privateCreator !== undefined && !isReserved(tag)) {
      return privateTags ? privateAttributes(tag, privateCreator) : undefined;
    }
    return standardEntry(tag) ?? repeatingEntry(tag) ?? structuralEntry(tag);
  };
  const describe = (tag: Tag, privateCreator?: string): string => {
    const found = entry(tag, privateCreator);
    if (!found) return unknownName;
    return found.retired && tag !== Tag.OtherPatientIDs ? retiredPrefix + found.keyword : found.keyword;
  };
  const names = new Map<Tag, string>();
  const nameOf = (tag: Tag, privateCreator?: string): string => {
    if (privateCreator !== undefined) return describe(tag, privateCreator);
    const known = names.get(tag);
    if (known !== undefined) return known;
    const name = describe(tag);
    if (names.size < mostNames) names.set(tag, name);
    return name;
  };
  return {
    entry,
    findTag: (name) => extraByName.get(name) ?? parseTag(name) ?? tagOfKeyword(name),
    nameOf,
  };
}

/** The standard's attributes and vendors' private ones. */
export const standardDictionary: Dictionary = createDictionary({ privateTags: true });

/**
 * VR for a parser of implicit VR: of the standard, of a known vendor's private attribute, UL for group lengths, LO for
 * private creators, else UN. Where the standard leaves a choice: US of "US or SS" whatever the Pixel Representation, OW
 * of all that may be OW.
 */
export function vrOf(tag: Tag, privateCreator?: string): Vr {
  const vr = standardVr(tag);
  if (vr !== undefined) return vr;
  if (elementOf(tag) === 0) return 'UL';
  if (!isPrivateTag(tag)) return repeatingVr(tag) ?? 'UN';
  if (isReserved(tag)) return 'LO';
  return (privateCreator !== undefined && privateAttributes(tag, privateCreator)?.vr) || 'UN';
}

/** Elements (gggg,0010-00FF) of odd groups name the creator of a block (PS3.5 7.8.1); (gggg,0000) is the group length. */
function isReserved(tag: Tag): boolean {
  const element = elementOf(tag);
  return element === 0 || (element >= 0x10 && element <= 0xff);
}

function tagOfKeyword(keyword: string): Tag | undefined {
  const bare = keyword.startsWith(retiredPrefix) ? keyword.slice(retiredPrefix.length) : keyword;
  return Object.hasOwn(tagsByKeyword, bare) ? tagsByKeyword[bare] : repeatingTagOf(bare);
}

/** Group lengths and private creators, under the names that DCMTK gives them. */
function structuralEntry(tag: Tag): DictionaryEntry | undefined {
  const isGroupLength = elementOf(tag) === 0;
  if (!isGroupLength && !(isPrivateTag(tag) && isReserved(tag))) return undefined;
  const name = isGroupLength ? 'GroupLength' : 'PrivateCreator';
  const keyword = prefixOf(tag, isGroupLength) + name;
  const vr = isGroupLength ? 'UL' : 'LO';
  return { tag, keyword, name: keyword, vr, vrs: [vr], vm: '1', retired: false };
}

function prefixOf(tag: Tag, isGroupLength: boolean): string {
  if (!isPrivateTag(tag)) return 'Generic';
  if (groupOf(tag) < 8) return 'Illegal';
  return isGroupLength ? 'Private' : '';
}

function keyOf(tag: Tag, privateCreator: string | undefined): string {
  return `${tag}/${privateCreator ?? ''}`;
}

/** Private attributes are configured at their element in block 10: another block of the creator means the same. */
function findExtra(extra: ReadonlyMap<string, DictionaryEntry>, tag: Tag, privateCreator: string | undefined) {
  const exact = extra.get(keyOf(tag, privateCreator));
  if (exact || privateCreator === undefined) return exact;
  const inFirstBlock = ((tag & 0xffff00ff) | 0x1000) >>> 0;
  const moved = extra.get(keyOf(inFirstBlock, privateCreator));
  return moved && { ...moved, tag };
}
