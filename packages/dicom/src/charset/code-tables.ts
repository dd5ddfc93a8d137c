// Code tables of one and two bytes. They come from the platform's TextDecoder, so that nothing large is shipped, and are
// made when a text first needs them: from code to character, and turned round for encoding.

/** Codes and characters of one character set; all characters are in the Basic Multilingual Plane. */
export interface CodeTable {
  /** UTF-16 code unit of a code, 0 where there is none. Two bytes: both without their upper bit, first << 7 | second. */
  readonly characterOf: (code: number) => number;
  /** Code of a UTF-16 code unit, -1 where there is none. */
  readonly codeOf: (character: number) => number;
}

/** Character of a pair of bytes in a code page of the field that holds a set and more; undefined where they are none. */
export type WiderPairs = (lead: number, trail: number) => number | undefined;

const replacement = 0xfffd;

/** The upper half, codes 0x80 to 0xFF, of a code page that TextDecoder knows. */
export function upperHalf(label: string): CodeTable {
  const codes = Array.from({ length: 128 }, (_, index) => index + 0x80);
  return lazyTable(256, () => decodeAll(label, codes, (code) => [code]));
}

/** The same for an ISO set that TextDecoder only knows extended: 0x80 to 0x9F are control characters. */
export function upperHalfOfIso(label: string): CodeTable {
  const codes = Array.from({ length: 96 }, (_, index) => index + 0xa0);
  const controls = Array.from({ length: 32 }, (_, index) => [index + 0x80, String.fromCharCode(index + 0x80)] as const);
  return lazyTable(256, () => [...controls, ...decodeAll(label, codes, (code) => [code])]);
}

/** ISO 8859-1: code and character are the same number. */
export const latin1: CodeTable = {
  characterOf: (code) => code,
  codeOf: (character) => (character >= 0x80 && character <= 0xff ? character : -1),
};

/** Katakana of JIS X 0201 (ISO-IR 13) in the upper half. */
export const katakana: CodeTable = {
  characterOf: (code) => (code >= 0xa1 && code <= 0xdf ? 0xff61 + code - 0xa1 : 0),
  codeOf: (character) => (character >= 0xff61 && character <= 0xff9f ? character - 0xff61 + 0xa1 : -1),
};

/** A set of 94 x 94 characters, as the upper half of the EUC code page that holds it, behind an optional shift byte. */
export function plane(label: string, shift: readonly number[] = []): CodeTable {
  const codes: number[] = [];
  for (let first = 0x21; first <= 0x7e; first += 1) {
    for (let second = 0x21; second <= 0x7e; second += 1) codes.push((first << 7) | second);
  }
  return lazyTable(128 * 128, () =>
    decodeAll(label, codes, (code) => [...shift, (code >> 7) | 0x80, (code & 0x7f) | 0x80]),
  );
}

function lazyTable(size: number, read: () => Iterable<readonly [number, string]>): CodeTable {
  let characters: Uint16Array | undefined;
  let codes: Int32Array | undefined;
  const fill = () => {
    const table = new Uint16Array(size);
    for (const [code, text] of read()) {
      if (text.length === 1 && text.charCodeAt(0) !== replacement) table[code] = text.charCodeAt(0);
    }
    return table;
  };
  const forward = () => {
    characters ??= fill();
    return characters;
  };
  const backward = () => {
    codes ??= invert(forward());
    return codes;
  };
  return {
    characterOf: (code) => forward()[code] ?? 0,
    codeOf: (character) => backward()[character] ?? -1,
  };
}

function invert(characters: Uint16Array): Int32Array {
  const codes = new Int32Array(0x10000).fill(-1);
  for (let code = characters.length - 1; code > 0; code -= 1) {
    const character = characters[code] ?? 0;
    if (character !== 0) codes[character] = code;
  }
  return codes;
}

/** Decodes many codes at once, a line feed behind each: a code that has no character cannot disturb its neighbours. */
export function decodeAll(
  label: string,
  codes: readonly number[],
  bytesOf: (code: number) => readonly number[],
): (readonly [number, string])[] {
  const bytes = new Uint8Array(codes.length * 5);
  let length = 0;
  for (const code of codes) {
    for (const byte of bytesOf(code)) bytes[length++] = byte;
    bytes[length++] = 0x0a;
  }
  const lines = new TextDecoder(label).decode(bytes.subarray(0, length)).split('\n');
  return codes.map((code, index) => [code, lines[index] ?? ''] as const);
}

/** Pairs of a code page that TextDecoder knows. */
export function pairsOfCodePage(label: string): WiderPairs {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return (lead, trail) => {
    decoder ??= new TextDecoder(label);
    const text = decoder.decode(Uint8Array.of(lead, trail));
    return text.length === 1 && text.charCodeAt(0) !== replacement ? text.charCodeAt(0) : undefined;
  };
}

/** The other way round: both bytes of a pair as one number, -1 where the code page has none for a UTF-16 code unit. */
export function pairCodesOfCodePage(label: string): (character: number) => number {
  let codes: ReadonlyMap<number, number> | undefined;
  const read = (): ReadonlyMap<number, number> => {
    const pairs: number[] = [];
    for (let lead = 0x81; lead <= 0xfc; lead += 1) {
      for (let trail = 0x40; trail <= 0xfc; trail += 1) if (lead < 0xa0 || lead > 0xdf) pairs.push((lead << 8) | trail);
    }
    const decoded = decodeAll(label, pairs, (pair) => [pair >> 8, pair & 0xff]);
    const known = decoded.filter(([, text]) => text.length === 1 && text.charCodeAt(0) !== replacement);
    // The first of several codes counts.
    return new Map(known.reverse().map(([code, text]) => [text.charCodeAt(0), code]));
  };
  return (character) => {
    codes ??= read();
    return codes.get(character) ?? -1;
  };
}

const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;

/**
 * Unified Hangul Code (code page 949), which not every TextDecoder knows: the syllables that KS X 1001 lacks, in the order of
 * Unicode, on the pairs that it leaves free.
 */
export function unifiedHangul({ codeOf }: CodeTable): WiderPairs {
  let syllables: readonly number[] | undefined;
  return (lead, trail) => {
    syllables ??= Array.from({ length: lastSyllable - firstSyllable + 1 }, (_, at) => firstSyllable + at).filter(
      (syllable) => codeOf(syllable) < 0,
    );
    const column = hangulColumn(trail);
    if (column < 0) return undefined;
    return syllables[lead <= 0xa0 ? (lead - 0x81) * 178 + column : 32 * 178 + (lead - 0xa1) * 84 + column];
  };
}

function hangulColumn(trail: number): number {
  if (trail >= 0x41 && trail <= 0x5a) return trail - 0x41;
  if (trail >= 0x61 && trail <= 0x7a) return trail - 0x61 + 26;
  return trail >= 0x81 ? trail - 0x81 + 52 : -1;
}
