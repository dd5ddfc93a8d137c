// A modification applied to a data set, in Orthanc's order: private tags, emptied and removed ones, replacements, identifiers of its own,
// references to others, what is within sequences.
import {
  creatorTagOf,
  type DataSet,
  type Dictionary,
  type Element,
  type ElementInit,
  editDataSet,
  type ItemPlace,
  isAtOrWithin,
  isBelow,
  isPrivateTag,
  Tag,
  type TagPath,
  transformDataSet,
} from '@pharos/dicom';
import { type Level, levels } from '../../model/index.ts';
import { elementsOfTags } from '../tags/index.ts';
import {
  type Change,
  changeByRule,
  changeSanitized,
  emptied,
  nobody,
  type Subject,
  sanitizedAbove,
  subjectOf,
} from './deidentified-element.ts';
import { withoutHiddenSequences } from './hidden-sequences.ts';
import type { IdentifierMap } from './identifier-map.ts';
import { isRemoved, isRemovedPrivate, isRemovedWithin, type Modification } from './modification.ts';

export interface ModificationContext {
  readonly dictionary: Dictionary;
  readonly identifiers: IdentifierMap;
}

const ownIdentifiers: readonly (readonly [Level, number])[] = [
  ['Study', Tag.StudyInstanceUID],
  ['Series', Tag.SeriesInstanceUID],
  ['Instance', Tag.SOPInstanceUID],
];

const trimmed = (dataSet: DataSet, tag: number): string => (dataSet.text(tag) ?? '').trim();

/** An element of a value from the client. A block of private tags that is reserved stays with who reserved it (PS3.5 7.8.1). */
function replacement(
  tag: number,
  value: unknown,
  dataSet: DataSet,
  { privateCreator }: Modification,
  { dictionary }: ModificationContext,
): readonly ElementInit[] {
  const creator = dataSet.privateCreatorOf(tag) ?? privateCreator;
  const inits = elementsOfTags(
    { [hexName(tag)]: value },
    { dictionary, interpretsBinary: true, privateCreator: creator },
  );
  // What no dictionary knows stays what it was.
  const vr = dataSet.vr(tag);
  return vr === undefined
    ? inits
    : inits.map((init) => (init.vr === 'UN' && init.tag === tag ? { ...init, vr } : init));
}

function replacementsOf(
  dataSet: DataSet,
  modification: Modification,
  context: ModificationContext,
): readonly ElementInit[] {
  const inits = [...modification.replaced].flatMap(([tag, value]) =>
    replacement(tag, value, dataSet, modification, context),
  );
  return [...new Map(inits.map((init) => [init.tag, init])).values()];
}

const hexName = (tag: number): string => tag.toString(16).padStart(8, '0');

/** The top of the data set, without what is within sequences. */
function changeTop(modification: Modification, element: Element, dataSet: DataSet, subject: Subject): Change {
  const { tag } = element;
  if (isRemovedPrivate(modification, tag) || isRemoved(modification, tag)) return 'remove';
  const rule = modification.rules.get(tag);
  if (rule) return changeByRule(element, rule, dataSet, subject);
  return modification.emptied.has(tag) ? emptied(element) : 'keep';
}

/** Other identifiers than those of the instance itself: each value gets the new one of the old one. */
function mappedElement(
  element: Element,
  places: readonly ItemPlace[],
  dataSet: DataSet,
  { identifiers }: ModificationContext,
): Change {
  const { tag, vr, items } = element;
  const text = dataSet.text(tag);
  if (items || text === '') return 'keep';
  // Whatever these bytes are, they may be the identifier.
  if (text === undefined) return emptied(element);
  const level = levelOfReference(tag, places);
  const values = dataSet.texts(tag).map((value) => identifiers.map(level, value.trim()));
  return { tag, vr, value: values.join('\\') };
}

/** What an identifier within a sequence is one of. */
function levelOfReference(tag: number, places: readonly ItemPlace[]): Level {
  if (tag === Tag.StudyInstanceUID) return 'Study';
  if (tag === Tag.SeriesInstanceUID) return 'Series';
  if (tag === Tag.PatientID || tag === Tag.PatientName) return 'Patient';
  // There, structure sets name a study by the attribute for instances (PS3.3 C.8.8.5).
  const isStudy =
    places.length === 2 &&
    places[0]?.tag === Tag.ReferencedFrameOfReferenceSequence &&
    places[1]?.tag === Tag.RTReferencedStudySequence &&
    tag === Tag.ReferencedSOPInstanceUID;
  return isStudy ? 'Study' : 'Instance';
}

const withinSequences = new Set<number>([Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID]);

/** Whether a reference points to what keeps its identifier. */
function isKeptReference({ kept }: Modification, tag: number): boolean {
  return kept.has(tag === Tag.ReferencedSOPInstanceUID ? Tag.SOPInstanceUID : tag);
}

/** What the client keeps in an item, and who reserves the block of what it keeps or replaces there (PS3.5 7.8.1). */
function isKeptWithin(
  { keptPaths, replacedPaths }: Modification,
  tag: number,
  places: readonly ItemPlace[],
  item: DataSet,
): boolean {
  const reserves = (path: TagPath): boolean => creatorTagOf(path.tag) === tag && isBelow(path, places);
  return (
    keptPaths.some((path) => isAtOrWithin(path, tag, places) || (reserves(path) && item.has(path.tag))) ||
    replacedPaths.some(({ path }) => reserves(path))
  );
}

/** Of an anonymization: what the profile says, within sequences too, and references that go on pointing to the same. */
function changeAnonymized(
  modification: Modification,
  context: ModificationContext,
  element: Element,
  places: readonly ItemPlace[],
  dataSet: DataSet,
  subject: Subject,
): Change {
  const { tag, vr } = element;
  const { within } = modification;
  if (places.length === 0) {
    return modification.uids.has(tag) ? mappedElement(element, places, dataSet, context) : 'keep';
  }
  if (isKeptWithin(modification, tag, places, dataSet)) return 'keep';
  if (modification.removesPrivate && isPrivateTag(tag)) return 'remove';
  if (isRemovedWithin(modification, tag)) return 'remove';
  const rule = within.rules.get(tag);
  if (rule) return changeByRule(element, rule, dataSet, subject);
  if (within.emptied.has(tag)) {
    return dataSet.text(tag) === undefined ? 'remove' : emptied(element);
  }
  if (tag === Tag.PatientName) return { tag, vr, value: newPatientName(modification) };
  if (within.uids.has(tag) || withinSequences.has(tag)) {
    return isKeptReference(modification, tag) ? 'keep' : mappedElement(element, places, dataSet, context);
  }
  const above = sanitizedAbove(modification, places);
  return above ? changeSanitized(element, above, modification, dataSet, subject) : 'keep';
}

/** Within sequences too the patient is called what she is called at the top; '': she has no name there. */
function newPatientName({ replaced }: Modification): string {
  const name = replaced.get(Tag.PatientName);
  return typeof name === 'string' ? name : '';
}

/** New identifiers of the instance and of what is above it, from the level of the modification down. */
function newIdentifiers(dataSet: DataSet, modification: Modification, { identifiers }: ModificationContext) {
  const { level, replaced, kept } = modification;
  return ownIdentifiers.flatMap(([own, tag]): readonly ElementInit[] => {
    const isBelowLevel = levels.indexOf(own) >= levels.indexOf(level);
    if (!isBelowLevel || replaced.has(tag) || kept.has(tag)) return [];
    return [{ tag, vr: 'UI', value: identifiers.map(own, trimmed(dataSet, tag)) }];
  });
}

/** References to what gets a given identifier point there. */
function noteGivenIdentifiers(
  dataSet: DataSet,
  { replaced }: Modification,
  { identifiers }: ModificationContext,
): void {
  for (const [own, tag] of [['Patient', Tag.PatientID], ...ownIdentifiers] as const) {
    const given = replaced.get(tag);
    if (typeof given === 'string') identifiers.set(own, trimmed(dataSet, tag), given);
  }
}

function changeWithinSequences(dataSet: DataSet, modification: Modification, context: ModificationContext): DataSet {
  const { removedPaths, replacedPaths } = modification;
  if (removedPaths.length === 0 && replacedPaths.length === 0) return dataSet;
  return transformDataSet(dataSet, {
    change: ({ tag }, places) =>
      removedPaths.some((path) => path.tag === tag && isBelow(path, places)) ? 'remove' : 'keep',
    add: (places, item) =>
      places.length === 0
        ? []
        : replacedPaths
            .filter(({ path }) => isBelow(path, places))
            .flatMap(({ path, value }) => replacement(path.tag, value, item, modification, context)),
  });
}

/** Text that the character set of the data set lacks: all of its text is written in Unicode then. */
function charsetFor(dataSet: DataSet, { foreignTexts, replaced }: Modification): readonly ElementInit[] {
  const { codec } = dataSet;
  const isWritten = (text: string): boolean => codec.decode(codec.encode(text, 'LT'), 'LT') === text;
  if (replaced.has(Tag.SpecificCharacterSet) || foreignTexts.every(isWritten)) return [];
  return [{ tag: Tag.SpecificCharacterSet, vr: 'CS', value: 'ISO_IR 192' }];
}

/** @throws PharosError, DicomError where a value cannot be written */
export function modifiedDataSet(source: DataSet, modification: Modification, context: ModificationContext): DataSet {
  const { isAnonymization } = modification;
  const dataSet = isAnonymization ? withoutHiddenSequences(source, context.dictionary) : source;
  const subject = modification.rules.size > 0 ? subjectOf(dataSet, context.identifiers) : nobody;
  if (isAnonymization) noteGivenIdentifiers(dataSet, modification, context);
  const shortened = transformDataSet(dataSet, {
    change: (element, places) => (places.length === 0 ? changeTop(modification, element, dataSet, subject) : 'keep'),
  });
  const replaced = editDataSet(shortened, [
    ...charsetFor(shortened, modification),
    ...replacementsOf(shortened, modification, context),
    ...newIdentifiers(dataSet, modification, context),
  ]);
  const referring = isAnonymization
    ? transformDataSet(replaced, {
        change: (element, places, item) => changeAnonymized(modification, context, element, places, item, subject),
      })
    : replaced;
  return changeWithinSequences(referring, modification, context);
}
