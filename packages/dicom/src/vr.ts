// Value representations (PS3.5 6.2) as small numbers: the parser keeps a number per element, callers see the two letters.

const names = [
  'AE',
  'AS',
  'AT',
  'CS',
  'DA',
  'DS',
  'DT',
  'FD',
  'FL',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'SL',
  'SS',
  'ST',
  'TM',
  'UI',
  'UL',
  'US',
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SQ',
  'SV',
  'UC',
  'UN',
  'UR',
  'UT',
  'UV',
] as const;

/** The two letters of a value representation (PS3.5 table 6.2-1). */
export type Vr = (typeof names)[number];

/** A value representation as a number from 1; 0 means "not in the bytes: ask the dictionary". */
export type VrCode = number;

const codes: ReadonlyMap<string, VrCode> = new Map(names.map((name, at) => [name, at + 1]));

/** The code of a value representation. */
export function vrCodeOf(vr: Vr): VrCode {
  return codes.get(vr) ?? 0;
}

export const sequenceVr: VrCode = vrCodeOf('SQ');
export const unknownVr: VrCode = vrCodeOf('UN');
const firstLong: VrCode = vrCodeOf('OB');

/** The letters of a code; UN for 0 and for numbers that are no code. */
export function vrOfCode(code: VrCode): Vr {
  return names[code - 1] ?? 'UN';
}

/** In explicit encodings: whether the length takes 32 bits behind two reserved bytes (PS3.5 7.1.2). */
export function hasLongLength(code: VrCode): boolean {
  return code >= firstLong;
}

const lettersTable: Uint8Array = (() => {
  const table = new Uint8Array(26 * 26);
  for (const [at, name] of names.entries()) {
    table[(name.charCodeAt(0) - 65) * 26 + name.charCodeAt(1) - 65] = at + 1;
  }
  return table;
})();

/** The code for two bytes of an element header: 0 for two capital letters that are no known representation, -1 for anything else. */
export function vrCodeOfLetters(first: number, second: number): VrCode {
  if (first < 65 || first > 90 || second < 65 || second > 90) return -1;
  return lettersTable[(first - 65) * 26 + second - 65] ?? 0;
}

/** Whether the text is one of the known representations. */
export function isVr(text: string): text is Vr {
  return codes.has(text);
}

type ValueKind = 'text' | 'number' | 'tag' | 'binary' | 'sequence';

const kinds: Readonly<Record<Vr, ValueKind>> = {
  AE: 'text',
  AS: 'text',
  AT: 'tag',
  CS: 'text',
  DA: 'text',
  DS: 'text',
  DT: 'text',
  FD: 'number',
  FL: 'number',
  IS: 'text',
  LO: 'text',
  LT: 'text',
  PN: 'text',
  SH: 'text',
  SL: 'number',
  SS: 'number',
  ST: 'text',
  TM: 'text',
  UI: 'text',
  UL: 'number',
  US: 'number',
  OB: 'binary',
  OD: 'binary',
  OF: 'binary',
  OL: 'binary',
  OV: 'binary',
  OW: 'binary',
  SQ: 'sequence',
  SV: 'number',
  UC: 'text',
  UN: 'binary',
  UR: 'text',
  UT: 'text',
  UV: 'number',
};

/** What a value is made of: characters, fixed-size numbers, tags, bytes or items. */
export function valueKindOf(vr: Vr): ValueKind {
  return kinds[vr];
}

const wordSizes: Readonly<Partial<Record<Vr, number>>> = {
  AT: 2,
  FD: 8,
  FL: 4,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  OW: 2,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  US: 2,
  UV: 8,
};

/** Bytes of one word whose order depends on the byte ordering (PS3.5 7.3); 1 for characters, OB and UN. */
export function wordSizeOf(vr: Vr): number {
  return wordSizes[vr] ?? 1;
}

const singleTexts: ReadonlySet<Vr> = new Set<Vr>(['LT', 'ST', 'UT', 'UR']);

/** Whether a backslash is an ordinary character in this representation (PS3.5 6.4). */
export function isSingleText(vr: Vr): boolean {
  return singleTexts.has(vr);
}

const charsetVrs: ReadonlySet<Vr> = new Set<Vr>(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

/** Whether Specific Character Set applies (PS3.5 6.1.2.3). */
export function isInCharset(vr: Vr): boolean {
  return charsetVrs.has(vr);
}
