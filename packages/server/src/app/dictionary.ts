// The DICOM dictionary of a server: the standard one, private tags, and those of option Dictionary.
import { createDictionary, type Dictionary, type DictionaryEntry, isVr, parseTag } from '@pharos/dicom';
import { type Level, levels, PharosError, type Settings } from '../model/index.ts';

type DictionarySettings = Pick<Settings, 'Dictionary' | 'LoadPrivateDictionary'>;

function multiplicity(minimum: string | number, maximum: string | number): string {
  if (minimum === maximum) return String(minimum);
  return `${minimum}-${Number(maximum) === 0 || maximum === '*' ? 'n' : maximum}`;
}

function entryOf(
  key: string,
  [vr, name, minimum = 1, maximum = 1, creator]: readonly (string | number)[],
): DictionaryEntry {
  const tag = parseTag(key);
  if (tag === undefined || typeof vr !== 'string' || !isVr(vr) || typeof name !== 'string') {
    throw new PharosError(
      'BadFileFormat',
      `Dictionary.${key} must be "gggg,eeee": ["VR", "Name", 1, 1, "private creator"]`,
    );
  }
  return {
    tag,
    keyword: name,
    name,
    vr,
    vrs: [vr],
    vm: multiplicity(minimum, maximum),
    retired: false,
    ...(typeof creator === 'string' && { privateCreator: creator }),
  };
}

/** @throws PharosError BadFileFormat where an entry is wrong */
export function dictionaryOf(settings: DictionarySettings): Dictionary {
  const extra = Object.entries(settings.Dictionary).map(([key, values]) => entryOf(key, values));
  return createDictionary({ privateTags: settings.LoadPrivateDictionary, extra });
}

/** Tags of ExtraMainDicomTags. @throws PharosError BadFileFormat for a tag that is not known */
export function extraMainTags(settings: Pick<Settings, 'ExtraMainDicomTags'>, dictionary: Dictionary) {
  const tagsOf = (level: Level) =>
    (settings.ExtraMainDicomTags[level] ?? []).map((name) => {
      const tag = dictionary.findTag(name);
      if (tag === undefined)
        throw new PharosError('BadFileFormat', `ExtraMainDicomTags.${level}: unknown tag ${name.slice(0, 64)}`);
      return tag;
    });
  return Object.fromEntries(levels.map((level) => [level, tagsOf(level)]));
}
