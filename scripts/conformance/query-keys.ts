// Section 4 of the statement: which attributes C-FIND matches and returns, from the tables that the search itself uses.
import { formatTag, standardDictionary, type Tag } from '../../packages/dicom/src/index.ts';
import { createMainDicomTagRegistry, type Level, levels } from '../../packages/server/src/model/index.ts';
import { computedTags } from '../../packages/server/src/services/read/index.ts';
import { blocks, list, table } from './markdown.ts';

const queryLevels: Readonly<Record<Level, string>> = {
  Patient: 'PATIENT',
  Study: 'STUDY',
  Series: 'SERIES',
  Instance: 'IMAGE',
};

function row(tag: Tag, level: Level, kind: string): readonly string[] {
  const entry = standardDictionary.entry(tag);
  return [queryLevels[level], `(${formatTag(tag).toUpperCase()})`, entry?.keyword ?? '', entry?.vr ?? '', kind];
}

function rowsOf(level: Level): readonly (readonly string[])[] {
  const { tags } = createMainDicomTagRegistry();
  const computed = computedTags.filter((each) => each.level === level);
  return [
    ...Array.from(tags[level], (tag) => row(tag, level, 'index')),
    ...computed.map(({ tag }) => row(tag, level, 'computed')),
  ];
}

const matching = [
  'universal: an empty key is returned and matches everything, also resources without the attribute;',
  'single value: the whole value; letter case matters, except in PN unless `CaseSensitivePN` is set, where accents do not matter either;',
  'wildcard: `*` and `?` in AE, CS, LO, LT, PN, SH, ST, UC, UR and UT; in any other representation they are refused;',
  'range: `a-b`, `a-` and `-b` in DA, DT and TM, ends included;',
  'list: values separated by a backslash, for UIDs and for all others;',
  'sequences are returned where they are asked for, and not matched.',
];

export function queryKeys(): string {
  return blocks(
    'Every attribute may be a key; private ones too. Matching (PS3.4 C.2.2.2):',
    list(matching),
    `Attributes of the index are matched and returned without reading a file; computed ones describe what is below the resource.
Others are read from one file below each candidate (\`StorageAccessOnFind\`): that is slower. \`ExtraMainDicomTags\` adds to the index.
A key that is not empty is required: a resource without the attribute does not match. Answers hold QueryRetrieveLevel (0008,0052),
RetrieveAETitle (0008,0054), which is \`DicomAet\`, SpecificCharacterSet (0008,0005), and every attribute that was asked for.`,
    table(['Level', 'Tag', 'Attribute', 'VR', 'Source'], levels.flatMap(rowsOf)),
  );
}
