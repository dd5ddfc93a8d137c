// The main DICOM tags: those kept in the index at each level, Orthanc's defaults plus ExtraMainDicomTags.
import { formatTag, parseTag, type Tag } from '@pharos/dicom';
import type { Level } from './levels.ts';

/** Tag as `gggg,eeee` in lower case: the key of every stored or shown tag. */
export type TagKey = string;

/** Values are UTF-8, trimmed, several values joined by a backslash. A tag that is absent from the file is absent here. */
export type MainDicomTags = Readonly<Record<TagKey, string>>;

const defaults: Readonly<Record<Level, readonly string[]>> = {
  Patient: ['00100010', '00100020', '00100030', '00100040', '00101000'],
  Study: [
    '00080020',
    '00080030',
    '00080050',
    '00080080',
    '00080090',
    '00080201',
    '00081030',
    '0020000d',
    '00200010',
    '00321032',
    '00321060',
  ],
  Series: [
    '00080021',
    '00080031',
    '00080060',
    '00080070',
    '00080201',
    '00081010',
    '0008103e',
    '00081070',
    '00180010',
    '00180015',
    '00180024',
    '00181030',
    '00181090',
    '00181400',
    '0020000e',
    '00200011',
    '00200037',
    '00200105',
    '00201002',
    '00400244',
    '00400245',
    '00400254',
    '00400275',
    '00540081',
    '00540101',
    '00541000',
  ],
  Instance: [
    '00080012',
    '00080013',
    '00080018',
    '00200012',
    '00200013',
    '00200032',
    '00200037',
    '00200100',
    '00204000',
    '00280008',
    '00541330',
  ],
};

/** Which tags are kept at each level. One value, made at start-up, handed to whoever needs it. */
export interface MainDicomTagRegistry {
  readonly tags: Readonly<Record<Level, ReadonlySet<Tag>>>;
  /** What the index keeps at each level: a study has the tags of its patient too, as they stand in its own files. */
  readonly indexed: Readonly<Record<Level, ReadonlySet<Tag>>>;
  /** `gggg,eeee` of the level's tags, sorted, joined by `;`: metadata MainDicomTagsSignature. */
  readonly signatures: Readonly<Record<Level, string>>;
  /** Levels at which the index keeps this tag, from the patient down. */
  levelsOf(tag: Tag): readonly Level[];
}

/** @param extra tags of ExtraMainDicomTags by level. */
export function createMainDicomTagRegistry(
  extra: Partial<Readonly<Record<Level, readonly Tag[]>>> = {},
): MainDicomTagRegistry {
  const order: readonly Level[] = ['Patient', 'Study', 'Series', 'Instance'];
  const tagsOf = (level: Level): ReadonlySet<Tag> =>
    new Set([...defaults[level].map((hex) => parseTag(hex) ?? 0), ...(extra[level] ?? [])].sort((a, b) => a - b));
  const tags = {
    Patient: tagsOf('Patient'),
    Study: tagsOf('Study'),
    Series: tagsOf('Series'),
    Instance: tagsOf('Instance'),
  };
  const signature = (level: Level): string => [...tags[level]].map(formatTag).join(';');
  const indexed = { ...tags, Study: new Set([...tags.Patient, ...tags.Study]) };
  const levels = new Map<Tag, Level[]>();
  for (const level of order) for (const tag of indexed[level]) levels.set(tag, [...(levels.get(tag) ?? []), level]);
  return {
    tags,
    indexed,
    signatures: {
      Patient: signature('Patient'),
      Study: signature('Study'),
      Series: signature('Series'),
      Instance: signature('Instance'),
    },
    levelsOf: (tag) => levels.get(tag) ?? [],
  };
}
