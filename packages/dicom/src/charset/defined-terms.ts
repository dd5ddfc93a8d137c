// Defined terms of Specific Character Set (PS3.3 C.12.1.1.2): what each designates, and the misspellings of the field.
import {
  type CodeTable,
  katakana,
  latin1,
  pairCodesOfCodePage,
  pairsOfCodePage,
  plane,
  unifiedHangul,
  upperHalf,
  upperHalfOfIso,
  type WiderPairs,
} from './code-tables.ts';

/** A set that can be designated as G0 (lower half) or G1 (upper half) of the code (PS3.5 6.1.2.4). */
export interface CodeElement {
  readonly half: 'G0' | 'G1';
  readonly width: 1 | 2;
  /** Bytes that designate it, behind ESC; none for sets outside ISO 2022. */
  readonly designator: string;
  readonly table: CodeTable;
  /** More pairs of bytes than this set has, of a code page of the field. */
  readonly wider?: WiderPairs;
  /** The other way round, where the field writes such pairs too: both bytes as one number, -1 where there are none. */
  readonly widerCodeOf?: (character: number) => number;
}

/** What a defined term stands for: sets within ISO 2022, or an encoding that shares nothing with it. */
export type CharacterSet =
  | { readonly kind: 'code-elements'; readonly elements: readonly CodeElement[] }
  | { readonly kind: 'utf-8' | 'gb18030' | 'gbk' };

const identity: CodeTable = { characterOf: (code) => code, codeOf: (character) => (character < 0x80 ? character : -1) };

/** ISO-IR 14, the Roman letters of JIS X 0201. 05/12 stays a backslash here: nearly always it separates values. */
const roman: CodeTable = {
  characterOf: (code) => (code === 0x7e ? 0x203e : code),
  codeOf: (character) => (character < 0x80 ? character : character === 0x203e ? 0x7e : -1),
};

export const ascii: CodeElement = { half: 'G0', width: 1, designator: '(B', table: identity };
export const romanLetters: CodeElement = { half: 'G0', width: 1, designator: '(J', table: roman };
export const katakanaLetters: CodeElement = {
  half: 'G1',
  width: 1,
  designator: ')I',
  table: katakana,
  wider: pairsOfCodePage('shift_jis'),
  widerCodeOf: pairCodesOfCodePage('shift_jis'),
};

function upper(designator: string, table: CodeTable): CharacterSet {
  return { kind: 'code-elements', elements: [ascii, { half: 'G1', width: 1, designator, table }] };
}

function doubleByte(half: 'G0' | 'G1', designator: string, table: CodeTable, wider?: WiderPairs): CharacterSet {
  return { kind: 'code-elements', elements: [{ half, width: 2, designator, table, wider }] };
}

const hangul = plane('euc-kr');

/** By the number of the ISO registry, or by the term itself. */
const sets: Readonly<Record<string, CharacterSet>> = {
  '6': { kind: 'code-elements', elements: [ascii] },
  '13': { kind: 'code-elements', elements: [romanLetters, katakanaLetters] },
  '100': upper('-A', latin1),
  '101': upper('-B', upperHalf('iso-8859-2')),
  '109': upper('-C', upperHalf('iso-8859-3')),
  '110': upper('-D', upperHalf('iso-8859-4')),
  '126': upper('-F', upperHalf('iso-8859-7')),
  '127': upper('-G', upperHalf('iso-8859-6')),
  '138': upper('-H', upperHalf('iso-8859-8')),
  '144': upper('-L', upperHalf('iso-8859-5')),
  '148': upper('-M', upperHalfOfIso('windows-1254')),
  '166': upper('-T', upperHalfOfIso('windows-874')),
  '203': upper('-b', upperHalf('iso-8859-15')),
  '58': doubleByte('G1', '$)A', plane('gbk'), pairsOfCodePage('gbk')),
  '87': doubleByte('G0', '$B', plane('euc-jp')),
  '149': doubleByte('G1', '$)C', hangul, unifiedHangul(hangul)),
  '159': doubleByte('G0', '$(D', plane('euc-jp', [0x8f])),
  '192': { kind: 'utf-8' },
  GB18030: { kind: 'gb18030' },
  GBK: { kind: 'gbk' },
  WINDOWS1251: upper('', upperHalf('windows-1251')),
  WINDOWS1252: upper('', upperHalf('windows-1252')),
};

/** Names of other worlds that files carry, reduced to letters and digits. */
const foreignNames: Readonly<Record<string, string>> = {
  '': '6',
  ASCII: '6',
  USASCII: '6',
  ISO646: '6',
  UTF8: '192',
  UNICODE: '192',
  ISO10646: '192',
  LATIN1: '100',
  LATIN2: '101',
  LATIN3: '109',
  LATIN4: '110',
  LATIN5: '148',
  ISO88591: '100',
  ISO88592: '101',
  ISO88593: '109',
  ISO88594: '110',
  ISO88595: '144',
  ISO88596: '127',
  ISO88597: '126',
  ISO88598: '138',
  ISO88599: '148',
  ISO885911: '166',
  ISO885915: '203',
  TIS620: '166',
  SHIFTJIS: '13',
  SJIS: '13',
  GB2312: '58',
  EUCCN: '58',
  KSC5601: '149',
  KSX1001: '149',
  EUCKR: '149',
  CP1251: 'WINDOWS1251',
  CP1252: 'WINDOWS1252',
};

const registered = /^ISO(?:2022)?(?:IR)?([0-9]+)$/;

/** The set that a term designates: spaces, hyphens, underscores and case do not matter. Undefined for an unknown term. */
export function characterSetOf(term: string): CharacterSet | undefined {
  const bare = term.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const key = foreignNames[bare] ?? registered.exec(bare)?.[1] ?? bare;
  return Object.hasOwn(sets, key) ? sets[key] : undefined;
}

/** Every set that an escape sequence can designate, whether or not the data set announces it; older forms included. */
export const elementsByEscape: ReadonlyMap<string, CodeElement> = new Map([
  ...Object.values(sets)
    .flatMap((set) => (set.kind === 'code-elements' ? set.elements : []))
    .filter(({ designator }) => designator !== '')
    .map((element) => [element.designator, element] as const),
]);
