// The Basic Application Level Confidentiality Profile as it stands now, with its options (PS3.15 E): what becomes of an attribute.
import { deidentificationTable } from '../generated/deidentification.js';
import { parseTag, type Tag } from '../tag.ts';
import { rangeOf, type TagRange } from './profiles.ts';

export const profileOptions = [
  'CleanDescriptors',
  'RetainDeviceIdentity',
  'RetainInstitutionIdentity',
  'RetainFullDates',
  'ModifyDates',
  'RetainPatientCharacteristics',
  'RetainUIDs',
] as const;
export type ProfileOption = (typeof profileOptions)[number];

/** `dummy`: a value that says nothing. `uid`: the new identifier of the old one. */
export type BasicFate = 'remove' | 'empty' | 'dummy' | 'uid';
/** `shift`: a date moved by days. `clean`: text without what may tell who it is, where some is left. */
export type Fate = BasicFate | 'shift' | 'clean';

export interface AttributeRule {
  readonly fate: Fate;
  /** Where there is nothing to shift, or nothing left after cleaning. */
  readonly otherwise: BasicFate;
}

export interface Deidentification {
  readonly rules: ReadonlyMap<Tag, AttributeRule>;
  readonly removedRanges: readonly TagRange[];
}

const letters: Readonly<Record<ProfileOption, string>> = {
  CleanDescriptors: 't',
  RetainDeviceIdentity: 'd',
  RetainInstitutionIdentity: 'i',
  RetainFullDates: 'f',
  ModifyDates: 'm',
  RetainPatientCharacteristics: 'p',
  RetainUIDs: 'u',
};

/** Terms of the code values of CID 7050, by what they stand for. */
const methods: Readonly<Record<'Basic' | ProfileOption, readonly [string, string]>> = {
  Basic: ['113100', 'Basic Application Confidentiality Profile'],
  CleanDescriptors: ['113105', 'Clean Descriptors Option'],
  RetainFullDates: ['113106', 'Retain Longitudinal Temporal Information Full Dates Option'],
  ModifyDates: ['113107', 'Retain Longitudinal Temporal Information Modified Dates Option'],
  RetainPatientCharacteristics: ['113108', 'Retain Patient Characteristics Option'],
  RetainDeviceIdentity: ['113109', 'Retain Device Identity Option'],
  RetainUIDs: ['113110', 'Retain UIDs Option'],
  RetainInstitutionIdentity: ['113112', 'Retain Institution Identity Option'],
};

export interface MethodCode {
  readonly value: string;
  readonly meaning: string;
}

/** Codes of De-identification Method Code Sequence (PS3.16 CID 7050). */
export function deidentificationCodes(options: ReadonlySet<ProfileOption>): readonly MethodCode[] {
  const used = profileOptions.filter((option) => options.has(option));
  return (['Basic', ...used] as const).map((name) => ({ value: methods[name][0], meaning: methods[name][1] }));
}

export function isProfileOption(text: string): text is ProfileOption {
  return profileOptions.some((option) => option === text);
}

/** Where the type of the attribute decides, what is right for every type: a dummy before nothing, nothing before absence. */
function basicFate(action: string): BasicFate {
  if (action.includes('U')) return 'uid';
  if (action.includes('D')) return 'dummy';
  return action.includes('Z') ? 'empty' : 'remove';
}

/** undefined: an option lets the value be. */
function ruleOf(action: string, kept: string, chosen: string): AttributeRule | undefined {
  const otherwise = basicFate(action);
  if ([...kept].some((letter) => chosen.includes(letter))) return undefined;
  const cleaned = [...kept].find((letter) => chosen.includes(letter.toLowerCase()));
  if (cleaned === undefined) return { fate: otherwise, otherwise };
  return { fate: cleaned === 'M' ? 'shift' : 'clean', otherwise };
}

const read = new Map<string, Deidentification>();

/** The profile with some of its options. The table is read once for each choice of them. */
export function deidentification(options: ReadonlySet<ProfileOption>): Deidentification {
  const chosen = profileOptions.filter((option) => options.has(option)).map((option) => letters[option]);
  const key = chosen.join('');
  const profile = read.get(key) ?? readProfile(key);
  read.set(key, profile);
  return profile;
}

function readProfile(chosen: string): Deidentification {
  const rules = new Map<Tag, AttributeRule>();
  const removedRanges: TagRange[] = [];
  for (const line of deidentificationTable.split('\n')) {
    const [text = '', action = '', kept = ''] = line.split('\t');
    const range = rangeOf(text);
    if (range) removedRanges.push(range);
    const tag = range ? undefined : parseTag(text);
    const rule = ruleOf(action, kept, chosen);
    if (tag !== undefined && rule) rules.set(tag, rule);
  }
  return { rules, removedRanges };
}
