// What a client wants changed, as a value: which tags are removed, emptied, replaced, kept, by name or by a confidentiality profile.
import {
  type AttributeRule,
  confidentialityProfile,
  creatorTagOf,
  type Dictionary,
  deidentification,
  deidentificationCodes,
  isInRange,
  isPrivateTag,
  type ProfileEdition,
  type ProfileOption,
  parseTagPath,
  profileEditions,
  Tag,
  type TagPath,
  type TagRange,
  vrOf,
} from '@pharos/dicom';
import { type Level, PharosError } from '../../model/index.ts';

/** As it came from the client, and as it is kept with a job. */
export interface ModificationRequest {
  readonly isAnonymization: boolean;
  readonly level: Level;
  readonly keep: readonly string[];
  readonly remove: readonly string[];
  /** Values by path: text, null, arrays of objects. */
  readonly replace: Readonly<Record<string, unknown>>;
  /** Identifiers may be named in the three above. */
  readonly isForced: boolean;
  readonly removesPrivate: boolean;
  readonly privateCreator: string;
  /** Of an anonymization: of Orthanc, or the standard as it stands now. */
  readonly edition: ProfileEdition | 'current';
  /** Of the current edition. */
  readonly options: readonly ProfileOption[];
  /** In the place of the patient's name where an anonymization is not told another. */
  readonly patientName?: string;
}

export interface SequenceReplacement {
  readonly path: TagPath;
  readonly value: unknown;
}

/** What becomes of attributes. */
export interface Fates {
  readonly removed: ReadonlySet<number>;
  readonly removedRanges: readonly TagRange[];
  readonly emptied: ReadonlySet<number>;
  /** Each value becomes the new identifier of the old one. */
  readonly uids: ReadonlySet<number>;
  /** Of the current edition: fates beyond those of the sets. */
  readonly rules: ReadonlyMap<number, AttributeRule>;
}

export interface Modification
  extends Fates,
    Pick<ModificationRequest, 'isAnonymization' | 'level' | 'privateCreator' | 'removesPrivate'> {
  /** Within sequences: what is replaced at the top is nothing but identifying there. */
  readonly within: Fates;
  readonly options: ReadonlySet<ProfileOption>;
  readonly replaced: ReadonlyMap<number, unknown>;
  readonly kept: ReadonlySet<number>;
  readonly keptPaths: readonly TagPath[];
  readonly removedPaths: readonly TagPath[];
  readonly replacedPaths: readonly SequenceReplacement[];
  /** Texts among the values that are not ASCII. */
  readonly foreignTexts: readonly string[];
}

export const identifiers: ReadonlySet<number> = new Set([
  Tag.PatientID,
  Tag.StudyInstanceUID,
  Tag.SeriesInstanceUID,
  Tag.SOPInstanceUID,
]);

const ownUids = [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID];

export function isEdition(text: string): text is ModificationRequest['edition'] {
  return text === 'current' || profileEditions.some((edition) => edition === text);
}

function refuse(details: string): never {
  throw new PharosError('BadRequest', details);
}

/** @throws PharosError UnknownDicomTag, ParameterOutOfRange where the tags are known but how they follow each other is wrong */
export function pathOf(dictionary: Dictionary, name: string): TagPath {
  const path = parseTagPath(name, (text) => dictionary.findTag(text));
  if (path) return path;
  const shown = name.slice(0, 128);
  const names = name.split('.').map((step) => step.replace(/\[.*/, '').trim());
  if (names.length > 1 && names.every((text) => dictionary.findTag(text) !== undefined)) {
    throw new PharosError(
      'ParameterOutOfRange',
      `An item of a sequence has a number or *, as in Sequence[0].Tag: ${shown}`,
    );
  }
  throw new PharosError('UnknownDicomTag', `Unknown DICOM tag: ${shown}`);
}

interface Sets extends Fates {
  readonly removed: Set<number>;
  readonly emptied: Set<number>;
  readonly uids: Set<number>;
  readonly replaced: Map<number, unknown>;
  readonly rules: Map<number, AttributeRule>;
}

/** One tag has one fate: the last that was asked for. */
function forget({ removed, emptied, uids, replaced, rules }: Sets, tag: number): void {
  for (const set of [removed, emptied, uids, replaced, rules]) set.delete(tag);
}

const nothing = (removedRanges: readonly TagRange[] = []): Sets => ({
  removed: new Set(),
  removedRanges,
  emptied: new Set(),
  uids: new Set(),
  replaced: new Map(),
  rules: new Map(),
});

function profileOfOrthanc(edition: ProfileEdition): Sets {
  const { removed, emptied, uids, removedRanges } = confidentialityProfile(edition);
  const sets = nothing(removedRanges);
  return { ...sets, removed: new Set(removed), emptied: new Set(emptied), uids: new Set(uids) };
}

function copyOf(sets: Sets): Sets {
  return {
    ...sets,
    removed: new Set(sets.removed),
    emptied: new Set(sets.emptied),
    uids: new Set(sets.uids),
    rules: new Map(sets.rules),
    replaced: new Map(),
  };
}

/** What of the time of the study is left (PS3.3 C.12.1.1.9). */
function temporalInformation(options: ReadonlySet<ProfileOption>): string {
  if (options.has('RetainFullDates')) return 'UNMODIFIED';
  return options.has('ModifyDates') ? 'MODIFIED' : 'REMOVED';
}

function currentProfile({ options: asked, keep, removesPrivate }: ModificationRequest): Sets {
  const options = new Set(asked);
  const { rules, removedRanges } = deidentification(options);
  const sets: Sets = { ...nothing(removedRanges), rules: new Map(rules) };
  for (const [tag, { fate }] of rules) {
    // For an identifier, another one says nothing.
    const isUid = fate === 'uid' || (fate === 'dummy' && vrOf(tag) === 'UI');
    if (!isUid) continue;
    sets.uids.add(tag);
    sets.rules.delete(tag);
  }
  sets.replaced.set(Tag.LongitudinalTemporalInformationModified, temporalInformation(options));
  if (keep.length === 0 && removesPrivate) {
    const codes = deidentificationCodes(options).map(({ value, meaning }) => ({
      CodeValue: value,
      CodingSchemeDesignator: 'DCM',
      CodeMeaning: meaning,
    }));
    sets.replaced.set(Tag.DeidentificationMethodCodeSequence, codes);
  }
  return sets;
}

function profileSets(request: ModificationRequest): Sets {
  if (!request.isAnonymization) return nothing();
  const sets = request.edition === 'current' ? currentProfile(request) : profileOfOrthanc(request.edition);
  // These have rules of their own.
  for (const tag of identifiers) forget(sets, tag);
  forget(sets, Tag.PatientName);
  sets.uids.add(Tag.PatientID);
  if (request.patientName === undefined) sets.uids.add(Tag.PatientName);
  else sets.replaced.set(Tag.PatientName, request.patientName);
  sets.replaced.set(Tag.PatientIdentityRemoved, 'YES');
  return sets;
}

const methodPrefix = 'Orthanc 1.13.0';

/** What De-identification Method says. */
function methodOf(request: ModificationRequest): string {
  const { edition, options } = request;
  const pure = isPure(request);
  if (edition !== 'current') {
    const profile = edition === '2008' ? '' : ' Basic Profile';
    return methodPrefix + (pure ? ` - PS 3.15-${edition} Table E.1-1${profile}` : '');
  }
  return pure ? ['Pharos - PS3.15 Table E.1-1 Basic Profile', ...options].join('\\') : 'Pharos';
}

/** Whether nothing was asked for beyond the profile. */
function isPure({ keep, remove, replace, removesPrivate, level }: ModificationRequest): boolean {
  const isAsked = keep.length > 0 || remove.length > 0 || Object.keys(replace).length > 0;
  return !isAsked && removesPrivate && level === 'Patient';
}

/** @throws PharosError BadRequest where an identifier is named without force, UnknownDicomTag */
export function createModification(request: ModificationRequest, dictionary: Dictionary): Modification {
  const { isAnonymization, level, privateCreator, removesPrivate, isForced, options } = request;
  const sets = profileSets(request);
  const within = copyOf(sets);
  const kept = new Set<number>();
  const keptPaths: TagPath[] = [];
  const removedPaths: TagPath[] = [];
  const replacedPaths: SequenceReplacement[] = [];
  if (isAnonymization) {
    sets.replaced.set(Tag.DeidentificationMethod, methodOf(request));
  }
  const asked = request.keep.length + request.remove.length + Object.keys(request.replace).length;
  if (asked > mostTags) refuse(`A modification names at most ${mostTags} tags`);
  const read = (name: string, verb: string): TagPath => {
    const path = pathOf(dictionary, name);
    if ([path, ...path.parents].some(({ tag }) => !isOfDataSets(tag))) {
      refuse(`Tag "${name.slice(0, 128)}" is no part of data sets`);
    }
    if (path.parents.length === 0 && !isForced && identifiers.has(path.tag)) {
      refuse(`Marking tag "${name.slice(0, 128)}" as to be ${verb} requires the "Force" option to be set to true`);
    }
    return path;
  };
  for (const name of request.remove) {
    const path = read(name, 'removed');
    if (path.parents.length > 0) removedPaths.push(path);
    else {
      for (const fates of [sets, within]) {
        forget(fates, path.tag);
        fates.removed.add(path.tag);
      }
    }
  }
  for (const [name, value] of Object.entries(request.replace)) {
    const path = read(name, 'replaced');
    if (path.parents.length > 0) replacedPaths.push({ path, value });
    else {
      forget(sets, path.tag);
      sets.replaced.set(path.tag, value);
    }
  }
  for (const name of request.keep) {
    const path = read(name, 'kept');
    keptPaths.push(path);
    if (path.parents.length > 0) continue;
    for (const fates of [sets, within]) forget(fates, path.tag);
    kept.add(path.tag);
  }
  if (options.includes('RetainUIDs')) for (const tag of ownUids) if (!sets.replaced.has(tag)) kept.add(tag);
  const values = [...sets.replaced.values(), ...replacedPaths.map(({ value }) => value)];
  const foreignTexts = values.flatMap(textsIn).filter((text) => /[^\0-\x7f]/.test(text));
  const modification = {
    ...sets,
    within,
    removesPrivate,
    foreignTexts,
    options: new Set(options),
    kept,
    keptPaths,
    removedPaths,
    replacedPaths,
  };
  return checked({ isAnonymization, level, privateCreator, ...modification }, isForced);
}

const above: Readonly<Record<Level, readonly number[]>> = {
  Patient: [],
  Study: [Tag.PatientID],
  Series: [Tag.PatientID, Tag.StudyInstanceUID],
  Instance: [Tag.PatientID, Tag.StudyInstanceUID, Tag.SeriesInstanceUID],
};

/** All strings in a value of JSON. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** More than anybody needs, few enough to be gone through for each element. */
const mostTags = 5000;

/** Neither of commands and file meta information, nor what delimits items (PS3.5 7.1, PS3.10 7.1). */
const isOfDataSets = (tag: number): boolean => tag >>> 16 >= 0x0008 && tag >>> 16 !== 0xfffe;

/** The model of the real world: what is above the level belongs to others too. @throws PharosError BadRequest */
function checked(modification: Modification, isForced: boolean): Modification {
  const { level, isAnonymization, removed, replaced, uids } = modification;
  for (const tag of identifiers) {
    if (removed.has(tag)) refuse('It is forbidden to remove one of the main Dicom identifiers');
  }
  if (isAnonymization || isForced) return modification;
  const isReplaced = (tag: number): boolean => replaced.has(tag) || uids.has(tag);
  if (level === 'Patient' && !isReplaced(Tag.PatientID)) {
    refuse('When modifying a patient, her PatientID is required to be modified.');
  }
  for (const tag of above[level]) {
    if (isReplaced(tag)) refuse(`When modifying at the level ${level}, identifiers of its parents cannot be replaced`);
  }
  return modification;
}

/** Removed by name or by the range that it is in. */
export function isRemoved({ removed, removedRanges, kept, replaced }: Modification, tag: number): boolean {
  if (removed.has(tag)) return true;
  return !kept.has(tag) && !replaced.has(tag) && removedRanges.some((range) => isInRange(tag, range));
}

/** The same within sequences. */
export function isRemovedWithin({ within, kept }: Modification, tag: number): boolean {
  return within.removed.has(tag) || (!kept.has(tag) && within.removedRanges.some((range) => isInRange(tag, range)));
}

const pixelTags = [Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData];

/** What becomes of the pixels; undefined: they stay. */
export function pixelFate({ removed, replaced }: Modification): 'removed' | 'replaced' | undefined {
  if (pixelTags.some((tag) => replaced.has(tag))) return 'replaced';
  return pixelTags.some((tag) => removed.has(tag)) ? 'removed' : undefined;
}

/** Private tags go, but for those that were named. */
export function isRemovedPrivate({ removesPrivate, kept, replaced }: Modification, tag: number): boolean {
  if (!removesPrivate || !isPrivateTag(tag)) return false;
  if (kept.has(tag) || replaced.has(tag)) return false;
  // Who reserves a block stays with what is kept in it (PS3.5 7.8.1).
  return ![...kept, ...replaced.keys()].some((other) => creatorTagOf(other) === tag);
}
