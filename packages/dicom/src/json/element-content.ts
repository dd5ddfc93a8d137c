// What DICOM JSON (PS3.18 F.2) and the native XML model (PS3.19 A.1) show of an element: items, values or bulk data.
import type { DataSet, Element } from '../data-set/index.ts';
import type { Dictionary, Tag } from '../dictionary/index.ts';
import {
  numberTexts,
  readBigIntegers,
  readNumbers,
  readTags,
  readText,
  swapWords,
  withoutSpacesAround,
  withoutSpacesBehind,
} from '../values/index.ts';
import { isSingleText, type Vr, valueKindOf, wordSizeOf } from '../vr.ts';

/** What becomes of a binary value (OB OD OF OL OV OW UN, encapsulated pixel data): a link, its bytes, nothing. */
export type BulkDataChoice = { readonly uri: string } | 'inline' | 'omit';

export interface ModelOptions {
  readonly dictionary: Dictionary;
  /**
   * Asked for each binary value that is not empty; `tagPath` is `ggggeeee`, within items `ggggeeee/1/ggggeeee`, lower case.
   * Without it: inline. Encapsulated pixel data has no inline form: the element is left out.
   */
  readonly bulkData?: (tagPath: string, element: Element) => BulkDataChoice;
  /** OW (but for pixel data), OD, OF, OL, OV that are inline: as numbers, as Orthanc shows them, instead of Base64. */
  readonly wordsAsNumbers?: boolean;
  /** `utf-8`: (0008,0005) names the encoding of the answer, ISO_IR 192 (the default); `source`: the one of the file. */
  readonly characterSet?: 'utf-8' | 'source';
}

export type Content =
  | { readonly kind: 'items'; readonly items: readonly DataSet[] }
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | {
      readonly kind: 'numbers';
      readonly numbers: () => readonly (number | bigint)[];
      readonly texts: () => readonly string[];
    }
  | { readonly kind: 'tags'; readonly tags: readonly Tag[] }
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'empty' };

export interface ElementContent {
  /** UN of an attribute that the dictionary knows has the VR of the dictionary (PS3.5 6.2.2). */
  readonly vr: Vr;
  readonly content: Content;
}

const specificCharacterSet: Tag = 0x00080005;
const pixelDataGroup = 0x7fe0;
const empty: Content = { kind: 'empty' };

/** Undefined for what the models leave out: group lengths and bulk data that was chosen to be omitted. */
export function contentOf(
  dataSet: DataSet,
  element: Element,
  tagPath: string,
  options: ModelOptions,
): ElementContent | undefined {
  if ((element.tag & 0xffff) === 0) return undefined;
  const { items } = element;
  if (items) return { vr: 'SQ', content: { kind: 'items', items } };
  if (element.fragments) return linkOf(element.vr, options.bulkData?.(tagPath, element));
  const vr = element.vr === 'UN' ? knownVr(dataSet, element, options.dictionary) : element.vr;
  if (valueKindOf(vr) === 'binary') return bulkDataOf(element, vr, tagPath, options);
  return { vr, content: valuesOf(dataSet, element, vr, options) };
}

function knownVr(dataSet: DataSet, { tag }: Element, dictionary: Dictionary): Vr {
  const vr = dictionary.entry(tag, dataSet.privateCreatorOf(tag))?.vr;
  return vr === undefined || vr === 'SQ' ? 'UN' : vr;
}

function linkOf(vr: Vr, choice: BulkDataChoice | undefined): ElementContent | undefined {
  return typeof choice === 'object' ? { vr, content: { kind: 'uri', uri: choice.uri } } : undefined;
}

function bulkDataOf(element: Element, vr: Vr, tagPath: string, options: ModelOptions): ElementContent | undefined {
  const { bytes, littleEndian } = element;
  if (bytes.length === 0) return { vr, content: empty };
  const choice = options.bulkData?.(tagPath, element) ?? 'inline';
  if (choice === 'omit') return undefined;
  if (choice !== 'inline') return { vr, content: { kind: 'uri', uri: choice.uri } };
  const isWords = wordSizeOf(vr) > 1 && element.tag >>> 16 !== pixelDataGroup;
  if (options.wordsAsNumbers && isWords) return { vr, content: numbersOf(bytes, vr, littleEndian) };
  return { vr, content: { kind: 'bytes', bytes: littleEndian ? bytes : swapWords(bytes, wordSizeOf(vr)) } };
}

function numbersOf(bytes: Uint8Array, vr: Vr, littleEndian: boolean): Content {
  if (bytes.length < wordSizeOf(vr)) return empty;
  const isLong = vr === 'SV' || vr === 'UV' || vr === 'OV';
  return {
    kind: 'numbers',
    numbers: () => (isLong ? readBigIntegers : readNumbers)(bytes, vr, littleEndian),
    texts: () => numberTexts(bytes, vr, littleEndian),
  };
}

function valuesOf(dataSet: DataSet, element: Element, vr: Vr, options: ModelOptions): Content {
  const littleEndian = element.littleEndian || element.vr === 'UN';
  if (element.bytes.length === 0) return empty;
  if (vr === 'AT') {
    const tags = readTags(element.bytes, littleEndian);
    return tags.length === 0 ? empty : { kind: 'tags', tags };
  }
  if (valueKindOf(vr) === 'number') return numbersOf(element.bytes, vr, littleEndian);
  if (element.tag === specificCharacterSet && options.characterSet !== 'source')
    return { kind: 'texts', texts: ['ISO_IR 192'] };
  const text = readText(element.bytes, 0, element.bytes.length, vr, () => dataSet.codec);
  if (text === '') return empty;
  return { kind: 'texts', texts: isSingleText(vr) ? [text] : text.split('\\').map((value) => trimmed(value, vr)) };
}

/** Spaces before a value count in free text only (PS3.5 6.2). */
function trimmed(value: string, vr: Vr): string {
  return vr === 'UC' ? withoutSpacesBehind(value) : withoutSpacesAround(value);
}
