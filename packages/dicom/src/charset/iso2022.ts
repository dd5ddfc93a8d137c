// Texts in ISO 2022 (PS3.5 6.1.2.4, 6.1.2.5): escape sequences designate sets for the lower (G0) and the upper half (G1) of the
// code; what value 1 of Specific Character Set names is in force at the start and again behind every delimiter.
import type { Vr } from '../vr.ts';
import { ascii, type CodeElement, elementsByEscape, katakanaLetters, romanLetters } from './defined-terms.ts';
import { GrowingBytes, stringOfUnits } from './strings.ts';

/** What a list of defined terms means. */
export interface Designation {
  /** In force at the start of a text; the upper half may be undefined. */
  readonly g0: CodeElement;
  readonly g1: CodeElement | undefined;
  /** Upper half taken where the text has none: many files leave the escape sequence out. */
  readonly assumedG1: CodeElement | undefined;
  /** All that may be designated, in the order of the terms. */
  readonly elements: readonly CodeElement[];
}

const escapeByte = 0x1b;
const backslash = 0x5c;
const yen = 0xa5;

/** Meaning of the sets of all terms, in order. */
export function designate(termSets: readonly (readonly CodeElement[])[]): Designation {
  const [first = [ascii]] = termSets;
  const elements = termSets.flat();
  const g1 = first.find((element) => element.half === 'G1' && element.width === 1);
  return {
    g0: first.find((element) => element.half === 'G0' && element.width === 1) ?? ascii,
    g1,
    assumedG1: g1 ?? elements.find((element) => element.half === 'G1'),
    elements: elements.includes(ascii) ? elements : [ascii, ...elements],
  };
}

/** Whether the state of the code goes back to the start before this character (PS3.5 6.1.2.5.3). */
function isDelimiter(byte: number, vr: Vr): boolean {
  if (byte < 0x20) return byte !== escapeByte;
  if (vr === 'PN') return byte === backslash || byte === 0x5e || byte === 0x3d;
  return byte === backslash && !isFreeText(vr);
}

/** Texts in which 05/12 is an ordinary character: a yen sign in the Roman letters of JIS X 0201. */
function isFreeText(vr: Vr): boolean {
  return vr === 'LT' || vr === 'ST' || vr === 'UT';
}

/** Bytes without a character are left out. */
export function decodeIso2022(bytes: Uint8Array, vr: Vr, designation: Designation): string {
  const units = new Uint16Array(bytes.length);
  const isYenText = isFreeText(vr);
  let { g0, assumedG1: g1 } = designation;
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte === escapeByte) {
      const sequence = escapeAt(bytes, at + 1);
      const element = elementsByEscape.get(sequence) ?? olderForms[sequence];
      if (element?.half === 'G0') g0 = element;
      else if (element) g1 = element;
      at += 1 + (sequence.length > 1 ? sequence.length : 0);
      continue;
    }
    if ((byte < 0x80 && g0.width === 1) || byte <= 0x20) {
      if (isDelimiter(byte, vr)) ({ g0, assumedG1: g1 } = designation);
      const isYen = byte === backslash && isYenText && g0 === romanLetters;
      units[length++] = isYen ? yen : byte <= 0x20 ? byte : g0.table.characterOf(byte);
      at += 1;
      continue;
    }
    const element = byte < 0x80 ? g0 : g1;
    if (!element) {
      at += 1;
      continue;
    }
    const pair = pairAt(bytes, at, element);
    const unit = pair ?? (element.width === 1 ? element.table.characterOf(byte) : 0);
    if (unit !== 0) units[length++] = unit;
    at += pair === undefined ? 1 : 2;
  }
  return stringOfUnits(units, length);
}

/** 94-character set of 1978 (JIS C 6226) read as its successor, katakana designated as G0. */
const olderForms: Readonly<Record<string, CodeElement | undefined>> = {
  '$@': elementsByEscape.get('$B'),
  '$(B': elementsByEscape.get('$B'),
  $A: elementsByEscape.get('$)A'),
  '(I': {
    ...katakanaLetters,
    half: 'G0',
    table: { ...katakanaLetters.table, characterOf: (code) => katakanaLetters.table.characterOf(code | 0x80) },
  },
};

/** Intermediate bytes 02/00 to 02/15 and a final byte. */
function escapeAt(bytes: Uint8Array, start: number): string {
  let end = start;
  while (end < bytes.length && end < start + 4 && (bytes[end] ?? 0) >= 0x20 && (bytes[end] ?? 0) <= 0x2f) end += 1;
  const final = bytes[end] ?? 0;
  if (final >= 0x30 && final <= 0x7e) end += 1;
  return String.fromCharCode(...bytes.subarray(start, end));
}

/** Character of the two bytes here, undefined where they are none: then the first one stands alone. */
function pairAt(bytes: Uint8Array, at: number, { half, width, table, wider }: CodeElement): number | undefined {
  const lead = bytes[at] ?? 0;
  const trail = bytes[at + 1] ?? 0;
  const isInPlane = half === 'G0' ? trail > 0x20 && trail < 0x7f : lead > 0xa0 && trail > 0xa0;
  if (width === 2 && isInPlane) return table.characterOf(((lead & 0x7f) << 7) | (trail & 0x7f));
  return wider && isWiderPair(lead, trail, width) ? wider(lead, trail) : undefined;
}

/** Shift JIS for katakana (its first bytes are not katakana's), GBK for GB 2312, UHC for KS X 1001: usual in the field. */
function isWiderPair(lead: number, trail: number, width: number): boolean {
  if (width === 1 && lead >= 0xa0 && lead < 0xe0) return false;
  return lead > 0x80 && lead < 0xff && trail >= 0x40 && trail !== 0x7f && trail !== 0xff;
}

/** Characters that no set has become the letter under their accent, or a question mark. */
export function encodeIso2022(text: string, vr: Vr, designation: Designation): Uint8Array {
  const bytes = new GrowingBytes(text.length * 2);
  let { g0, g1 } = designation;
  const use = (element: CodeElement) => {
    if ((element.half === 'G0' ? g0 : g1) === element) return;
    bytes.push(escapeByte);
    for (const letter of element.designator) bytes.push(letter.charCodeAt(0));
    if (element.half === 'G0') g0 = element;
    else g1 = element;
  };
  const reset = () => {
    use(designation.g0);
    if (designation.g1) use(designation.g1);
    g1 = designation.g1;
  };
  /** Where no set of two bytes could be escaped to: Shift JIS, as Orthanc writes it. */
  const putWider = (character: number): boolean => {
    const isAlone = designation.elements.every(({ width }) => width === 1);
    const code = (isAlone ? g1?.widerCodeOf?.(character) : undefined) ?? -1;
    if (code < 0) return false;
    bytes.push(code >> 8);
    bytes.push(code);
    return true;
  };
  const putFrom = (element: CodeElement | undefined, character: number): boolean => {
    const code = element ? element.table.codeOf(character) : -1;
    if (!element || code < 0) return false;
    use(element);
    const bit = element.half === 'G1' ? 0x80 : 0;
    if (element.width === 2) bytes.push((code >> 7) | bit);
    bytes.push(element.width === 2 ? (code & 0x7f) | bit : code);
    return true;
  };
  /** From the sets in force, from any that may be designated, or in Shift JIS. */
  const put = (character: number): boolean => {
    if (putFrom(g0, character) || putFrom(g1, character)) return true;
    for (const element of designation.elements) if (putFrom(element, character)) return true;
    return putWider(character);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character < 0x80) {
      if (isDelimiter(character, vr)) reset();
      else if (g0.width === 2) use(designation.g0);
      bytes.push(character);
    } else if (character === yen && g0 === romanLetters && isFreeText(vr)) {
      bytes.push(backslash);
    } else if (isSurrogatePair(text, at) || !put(character)) {
      if (g0.width === 2) use(designation.g0);
      const letter = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(substituteFor(letter));
      at += letter.length - 1;
    }
  }
  reset();
  return bytes.written();
}

/** A character beyond the first plane: none of the sets has one. */
function isSurrogatePair(text: string, at: number): boolean {
  return (text.codePointAt(at) ?? 0) > 0xffff;
}

/** ASCII letter under the accent, else a question mark. */
export function substituteFor(letter: string): number {
  const base = letter.normalize('NFKD').charCodeAt(0);
  return base > 0x20 && base < 0x7f && base !== backslash ? base : 0x3f;
}
