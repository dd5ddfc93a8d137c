// Kinds of options that only one option has.
import { firstUserNumber, lastUserNumber, levels, type Settings } from '../model/index.ts';
import { ConfigurationError, map, type Option, text, withRead } from './option.ts';

export const isText = (value: unknown): value is string => typeof value === 'string';

export const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

export const isUserNumber = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) >= firstUserNumber && Number(value) <= lastUserNumber;

/** It goes into a header of HTTP as it is. */
const isMimeType = (value: unknown): value is string => isText(value) && /^[\x20-\x7e]*$/.test(value);

export const isContentType = (value: unknown): value is number | readonly [number, string] =>
  isUserNumber(value) || (Array.isArray(value) && value.length === 2 && isUserNumber(value[0]) && isMimeType(value[1]));

/** A line of Dictionary: VR, name, multiplicities, private creator. */
export const isEntry = (value: unknown): value is readonly (string | number)[] =>
  Array.isArray(value) && value.length >= 2 && value.every((item) => isText(item) || typeof item === 'number');

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);

export const encodings = [
  'Ascii',
  'Utf8',
  'Latin1',
  'Latin2',
  'Latin3',
  'Latin4',
  'Latin5',
  'Cyrillic',
  'Windows1251',
  'Arabic',
  'Greek',
  'Hebrew',
  'Thai',
  'Japanese',
  'Chinese',
  'JapaneseKanji',
  'Korean',
  'SimplifiedChinese',
] as const;

/** 1 to 16 printable ASCII characters other than backslash, not all spaces (PS3.5 6.2, AE). */
export function aet(fallback: string, doc: string): Option<string> {
  const trimmed = (value: string) => value.trim();
  const checked = withRead(text(fallback, doc), (value, path) => {
    if (/^(?!\\)[\x20-\x5b\x5d-\x7e]{1,16}$/.test(trimmed(value))) return;
    throw new ConfigurationError(`${path} must have 1 to 16 printable ASCII characters, none of them a backslash`);
  });
  return { ...checked, read: (value, path) => trimmed(checked.read(value, path)) };
}

const warningNames = [
  'W001_TagsBeingReadFromStorage',
  'W002_InconsistentDicomTagsInDb',
  'W003_DecoderFailure',
  'W004_NoMainDicomTagsSignature',
  'W005_RequestingTagFromLowerResourceLevel',
  'W006_RequestingTagFromMetaHeader',
  'W007_MissingRequestedTagsNotReadFromDisk',
];

/** Each warning on unless it is switched off; a name that is not known is an error. */
export function warnings(doc: string): Option<Readonly<Record<string, boolean>>> {
  const all = Object.fromEntries(warningNames.map((name) => [name, true]));
  const kind = map('true or false', 'true or false', (value) => typeof value === 'boolean')(all, doc);
  return {
    ...kind,
    read(value, path) {
      const given = kind.read(value, path);
      const unknown = Object.keys(given).find((name) => !warningNames.includes(name));
      if (unknown)
        throw new ConfigurationError(`${path}.${unknown} is no known warning; known are ${warningNames.join(', ')}`);
      return { ...all, ...given };
    },
  };
}

/** Lists of tags by level. */
export function levelTags(doc: string): Option<Settings['ExtraMainDicomTags']> {
  const kind = map('a list of tags', 'lists of tags', isTexts)({}, doc);
  return {
    ...kind,
    read(value, path) {
      const given = kind.read(value, path);
      const unknown = Object.keys(given).find((name) => !levels.some((level) => level === name));
      if (unknown) throw new ConfigurationError(`${path}.${unknown} is no level; levels are ${levels.join(', ')}`);
      return given;
    },
  };
}
