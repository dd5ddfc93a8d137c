// The identifier of a C-FIND request (PS3.4 C.4.1.1.3): its level, the keys that are matched, the attributes that are asked for.
import {
  type DataSet,
  type Dictionary,
  type Element,
  elementOf,
  groupOf,
  isPrivateTag,
  Tag,
  type Vr,
} from '@pharos/dicom';
import { type Level, PharosError, parseLevel, type Settings } from '../../model/index.ts';
import { type FindTerm, findTerm, textMatcher } from '../find/index.ts';

/** An attribute that answers have, with a value of their own or empty. */
export interface RequestedKey {
  readonly tag: Tag;
  readonly vr: Vr;
}

export interface FindIdentifier {
  readonly level: Level;
  readonly terms: readonly FindTerm[];
  readonly requested: readonly RequestedKey[];
  /** Texts that are the same in every answer: the level as it was asked for, creators of the private attributes. */
  readonly constants: ReadonlyMap<Tag, string>;
  /** False where the Retrieve AE Title that is asked for is not ours: then nothing matches. */
  readonly isRetrievableHere: boolean;
}

export interface FindIdentifierDependencies {
  readonly dictionary: Pick<Dictionary, 'entry'>;
  readonly settings: Pick<Settings, 'CaseSensitivePN' | 'DicomAet'>;
}

/** More than anybody needs: each is a column of every answer. */
const mostKeys = 1000;
/** As many as the index takes in one search. */
const mostConditions = 400;

/** The identifier says how it is to be read with these; or every answer has a value of its own for them. */
const notMatched: ReadonlySet<Tag> = new Set([
  Tag.SpecificCharacterSet,
  Tag.TimezoneOffsetFromUTC,
  Tag.QueryRetrieveLevel,
  Tag.RetrieveAETitle,
]);

/** Every answer has them, whether they are asked for or not. */
const inEveryAnswer: ReadonlySet<Tag> = new Set([
  Tag.SpecificCharacterSet,
  Tag.QueryRetrieveLevel,
  Tag.RetrieveAETitle,
]);

function isPrivateCreator(tag: Tag): boolean {
  return isPrivateTag(tag) && elementOf(tag) >= 0x10 && elementOf(tag) <= 0xff;
}

/** Command and file meta elements, and group lengths (retired), are no keys. */
function isKey(tag: Tag): boolean {
  return groupOf(tag) >= 0x0008 && elementOf(tag) !== 0 && !isPrivateCreator(tag);
}

/** @throws PharosError BadRequest */
function levelOf(text: string | undefined): Level {
  if (!text) throw new PharosError('BadRequest', 'The query/retrieve level is missing');
  const level = parseLevel(text);
  if (level === undefined) throw new PharosError('BadRequest', 'The query/retrieve level is unknown');
  return level;
}

/** The representation that the dictionary knows, of several the one of the identifier; else that of the identifier. */
function vrOfKey(identifier: DataSet, { tag, vr }: Element, dictionary: Pick<Dictionary, 'entry'>): Vr {
  const entry = dictionary.entry(tag, identifier.privateCreatorOf(tag));
  if (!entry) return vr;
  return entry.vrs.includes(vr) ? vr : entry.vr;
}

function constantsOf(identifier: DataSet): ReadonlyMap<Tag, string> {
  const constants = new Map<Tag, string>();
  for (const tag of identifier.tags()) {
    if (!isPrivateCreator(tag)) continue;
    const creator = identifier.text(tag);
    if (creator) constants.set(tag, creator);
  }
  return constants.set(Tag.QueryRetrieveLevel, identifier.text(Tag.QueryRetrieveLevel) ?? '');
}

function conditionOf(identifier: DataSet, { tag, vr }: RequestedKey, caseSensitivePN: boolean): FindTerm | undefined {
  if (vr === 'SQ' || notMatched.has(tag)) return undefined;
  return findTerm(tag, vr, identifier.texts(tag).join('\\'), vr === 'PN' ? caseSensitivePN : true);
}

function isRetrievableFrom(identifier: DataSet, aet: string): boolean {
  const term = findTerm(Tag.RetrieveAETitle, 'AE', identifier.texts(Tag.RetrieveAETitle).join('\\'), true);
  return term === undefined || textMatcher(term)(aet);
}

/**
 * Reads an identifier; the items of its sequences are not looked at.
 * @throws PharosError BadRequest for a level that is missing or unknown; ParameterOutOfRange for too many keys, and for a wildcard
 *   in a key that cannot have one
 */
export function readFindIdentifier(identifier: DataSet, deps: FindIdentifierDependencies): FindIdentifier {
  const { dictionary, settings } = deps;
  const level = levelOf(identifier.text(Tag.QueryRetrieveLevel));
  if (identifier.size > mostKeys) throw new PharosError('ParameterOutOfRange', 'The identifier has too many keys');
  const requested: RequestedKey[] = [];
  const terms: FindTerm[] = [];
  for (const element of identifier.elements()) {
    if (!isKey(element.tag)) continue;
    const key: RequestedKey = { tag: element.tag, vr: vrOfKey(identifier, element, dictionary) };
    // Stored files are not opened for what no file has.
    if (!inEveryAnswer.has(element.tag)) requested.push(key);
    const term = conditionOf(identifier, key, settings.CaseSensitivePN);
    if (term) terms.push(term);
  }
  if (terms.length > mostConditions) throw new PharosError('ParameterOutOfRange', 'Too many keys are to be matched');
  return {
    level,
    terms,
    requested,
    constants: constantsOf(identifier),
    isRetrievableHere: isRetrievableFrom(identifier, settings.DicomAet),
  };
}
