// A worklist query (PS3.4 K.4.1.1.3): keys, and keys within sequences; and what of an entry answers it.
import {
  createTextCodec,
  type DataSet,
  type Dictionary,
  type Element,
  type ElementInit,
  elementOf,
  groupOf,
  isPrivateTag,
  Tag,
  type TextCodec,
  type Vr,
  valueKindOf,
} from '@pharos/dicom';
import { PharosError, type Settings } from '../../model/index.ts';
import { findTerm, textMatcher } from '../find/index.ts';
import { copiedElement } from '../query/index.ts';

export interface WorklistQueryDependencies {
  readonly dictionary: Pick<Dictionary, 'entry'>;
  readonly settings: Pick<Settings, 'CaseSensitivePN'>;
}

interface FlatKey {
  readonly tag: Tag;
  readonly vr: Vr;
  /** undefined: universal. */
  readonly matches: ((text: string) => boolean) | undefined;
}

interface SequenceKey {
  readonly tag: Tag;
  /** undefined: universal, and the whole sequence is asked for. */
  readonly keys: Keys | undefined;
}

interface Keys {
  readonly flat: readonly FlatKey[];
  readonly sequences: readonly SequenceKey[];
}

export interface WorklistQuery {
  /** What of the entry answers the query, in this character set; undefined where it does not match. */
  answer(entry: DataSet, charset: string): readonly ElementInit[] | undefined;
}

/** Sequences within sequences: worklists have three. */
const deepest = 16;
const mostKeys = 1000;

const isPrivateCreator = (tag: Tag): boolean => isPrivateTag(tag) && elementOf(tag) >= 0x10 && elementOf(tag) <= 0xff;

/** Command and file meta elements, group lengths and what says how texts are read are no keys. */
function isKey(tag: Tag): boolean {
  return groupOf(tag) >= 0x0008 && elementOf(tag) !== 0 && tag !== Tag.SpecificCharacterSet;
}

function vrOfKey(query: DataSet, { tag, vr }: Element, { dictionary }: WorklistQueryDependencies): Vr {
  const entry = dictionary.entry(tag, query.privateCreatorOf(tag));
  if (!entry || entry.vrs.includes(vr)) return vr;
  return entry.vr;
}

/** @throws PharosError ParameterOutOfRange */
function flatKey(query: DataSet, element: Element, deps: WorklistQueryDependencies): FlatKey {
  const { tag } = element;
  const vr = vrOfKey(query, element, deps);
  // Values that are no text cannot be matched, and reserved blocks may lie elsewhere in each entry.
  if (valueKindOf(vr) !== 'text' || isPrivateCreator(tag)) return { tag, vr, matches: undefined };
  const caseSensitive = vr === 'PN' ? deps.settings.CaseSensitivePN : true;
  const term = findTerm(tag, vr, query.texts(tag).join('\\'), caseSensitive);
  return { tag, vr, matches: term && textMatcher(term) };
}

/** @throws PharosError BadRequest, ParameterOutOfRange */
function keysOf(query: DataSet, deps: WorklistQueryDependencies, depth: number): Keys {
  if (depth > deepest) throw new PharosError('BadRequest', `Sequences are nested more than ${deepest} deep`);
  if (query.size > mostKeys) throw new PharosError('ParameterOutOfRange', 'The query has too many keys');
  const flat: FlatKey[] = [];
  const sequences: SequenceKey[] = [];
  for (const element of query.elements()) {
    if (!isKey(element.tag)) continue;
    if (element.items) sequences.push(sequenceKey(element, element.items, deps, depth));
    else flat.push(flatKey(query, element, deps));
  }
  return { flat, sequences };
}

function sequenceKey(
  { tag }: Element,
  items: readonly DataSet[],
  deps: WorklistQueryDependencies,
  depth: number,
): SequenceKey {
  const [item, ...others] = items;
  if (others.length > 0) throw new PharosError('BadRequest', 'A sequence of a worklist query has one item at most');
  return { tag, keys: item && item.size > 0 ? keysOf(item, deps, depth + 1) : undefined };
}

function isMatchedBy(entry: DataSet, { flat, sequences }: Keys): boolean {
  const isFlatMatched = flat.every(
    ({ tag, matches }) => !matches || (entry.has(tag) && matches(entry.texts(tag).join('\\'))),
  );
  return isFlatMatched && sequences.every((key) => isSequenceMatched(entry, key));
}

/** An entry without the sequence, or without an item in it, matches whatever is asked of it. */
function isSequenceMatched(entry: DataSet, { tag, keys }: SequenceKey): boolean {
  const items = entry.items(tag);
  return !keys || items.length === 0 || items.some((item) => isMatchedBy(item, keys));
}

function answerOf(entry: DataSet, { flat, sequences }: Keys, codec: TextCodec): readonly ElementInit[] {
  const elements: ElementInit[] = [];
  for (const { tag } of flat) {
    const element = entry.element(tag);
    const copied = element && copiedElement(entry, element, codec);
    if (copied) elements.push(copied);
  }
  for (const { tag, keys } of sequences) {
    const element = entry.element(tag);
    if (!element?.items) continue;
    const copied = keys
      ? {
          tag,
          value: element.items.filter((item) => isMatchedBy(item, keys)).map((item) => answerOf(item, keys, codec)),
        }
      : copiedElement(entry, element, codec);
    if (copied) elements.push(copied);
  }
  return elements;
}

/** @throws PharosError BadRequest, ParameterOutOfRange that say what is wrong with the query */
export function readWorklistQuery(identifier: DataSet, deps: WorklistQueryDependencies): WorklistQuery {
  const keys = keysOf(identifier, deps, 0);
  return {
    answer(entry, charset) {
      if (!isMatchedBy(entry, keys)) return undefined;
      return [
        { tag: Tag.SpecificCharacterSet, value: charset },
        ...answerOf(entry, keys, createTextCodec(charset, charset)),
      ];
    },
  };
}
