// Texts of a data set: from bytes to strings and back by Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1.2).
import type { Vr } from '../vr.ts';
import { ascii, type CharacterSet, type CodeElement, characterSetOf } from './defined-terms.ts';
import { createGb18030Encoder, decodeGb18030 } from './gb18030.ts';
import { decodeIso2022, designate, encodeIso2022, substituteFor } from './iso2022.ts';
import { asciiBytes, asciiString, GrowingBytes } from './strings.ts';

export interface TextCodec {
  /** Defined terms in force, as they were given; the fallback where there were none. */
  readonly terms: readonly string[];
  /** Text of a value, with its padding; bytes that have no character are left out. Never throws. */
  decode(bytes: Uint8Array, vr: Vr): string;
  /** Bytes of a text without padding; a character the sets lack becomes the letter under its accent, or `?`. */
  encode(text: string, vr: Vr): Uint8Array;
}

/** Names of Orthanc's option DefaultEncoding and what they stand for. */
export const encodingNames: Readonly<Record<string, string>> = {
  Ascii: 'ISO_IR 6',
  Utf8: 'ISO_IR 192',
  Latin1: 'ISO_IR 100',
  Latin2: 'ISO_IR 101',
  Latin3: 'ISO_IR 109',
  Latin4: 'ISO_IR 110',
  Latin5: 'ISO_IR 148',
  Cyrillic: 'ISO_IR 144',
  Windows1251: 'WINDOWS-1251',
  Arabic: 'ISO_IR 127',
  Greek: 'ISO_IR 126',
  Hebrew: 'ISO_IR 138',
  Thai: 'ISO_IR 166',
  Japanese: 'ISO_IR 13',
  Chinese: 'GB18030',
  JapaneseKanji: 'ISO 2022 IR 87',
  Korean: 'ISO 2022 IR 149',
  SimplifiedChinese: 'ISO 2022 IR 58',
};

const codecs = new Map<string, TextCodec>();
const mostCodecs = 256;
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const utf8Encoder = new TextEncoder();
const gb18030Code = createGb18030Encoder();

/**
 * The codec for a value of (0008,0005). Absent or empty: `fallback`, a defined term. Terms are recognised in the
 * spellings of the field; an unknown one is taken as ASCII, as Orthanc does.
 */
export function createTextCodec(specificCharacterSet: string | undefined, fallback: string): TextCodec {
  const isEmpty = specificCharacterSet === undefined || specificCharacterSet.replace(/[\\ \0]/g, '') === '';
  const value = isEmpty ? fallback : specificCharacterSet;
  const known = codecs.get(value);
  if (known) return known;
  const codec = build(value.split('\\').map((term) => term.replaceAll('\0', '').trim()));
  if (codecs.size >= mostCodecs) codecs.clear();
  codecs.set(value, codec);
  return codec;
}

/** Whether all defined terms of a value of (0008,0005) are known. */
export function isKnownCharset(specificCharacterSet: string): boolean {
  return specificCharacterSet
    .split('\\')
    .every((term) => term.trim() === '' || characterSetOf(term.trim()) !== undefined);
}

function build(terms: readonly string[]): TextCodec {
  const sets = terms.map((term): CharacterSet => characterSetOf(term) ?? { kind: 'code-elements', elements: [ascii] });
  const whole = sets.find(({ kind }) => kind !== 'code-elements');
  if (whole?.kind === 'utf-8') return codecOf(terms, decodeUtf8, (text) => utf8Encoder.encode(text));
  if (whole) return codecOf(terms, decodeGb18030, (text) => encodeGb18030(text, whole.kind === 'gbk'));
  const designation = designate(sets.map(elementsOf));
  const decode: TextCodec['decode'] = (bytes, vr) => decodeIso2022(bytes, vr, designation);
  const codec = codecOf(terms, decode, (text, vr) => encodeIso2022(text, vr, designation));
  return designation.g0 === ascii ? codec : { ...codec, decode };
}

function elementsOf(set: CharacterSet): readonly CodeElement[] {
  return set.kind === 'code-elements' ? set.elements : [];
}

function codecOf(terms: readonly string[], decode: TextCodec['decode'], encode: TextCodec['encode']): TextCodec {
  return {
    terms,
    decode: (bytes, vr) => asciiString(bytes) ?? decode(bytes, vr),
    encode: (text, vr) => asciiBytes(text) ?? encode(text, vr),
  };
}

function decodeUtf8(bytes: Uint8Array): string {
  return utf8Decoder.decode(bytes).replaceAll('\ufffd', '');
}

function encodeGb18030(text: string, isGbk: boolean): Uint8Array {
  const bytes = new GrowingBytes(text.length * 2);
  for (const letter of text) {
    const code = gb18030Code(letter.codePointAt(0) ?? 0, isGbk);
    if (code) for (const byte of code) bytes.push(byte);
    else bytes.push(substituteFor(letter));
  }
  return bytes.written();
}
