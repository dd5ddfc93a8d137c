// Orthanc's three JSON forms of a data set: full (name, type, value by `gggg,eeee`), short (value by `gggg,eeee`) and simplify
// (value by name).
import type { DataSet, Element } from '../data-set/index.ts';
import { type Dictionary, Tag } from '../dictionary/index.ts';
import { formatTag, isPrivateTag } from '../tag.ts';
import type { Json } from './json.ts';
import { leafText, tooLong } from './leaf-text.ts';

export type TagFormat = 'full' | 'short' | 'simplify';

export interface OrthancJsonOptions {
  readonly format: TagFormat;
  readonly dictionary: Dictionary;
  /** Texts of more UTF-8 bytes are left out (`TooLong`); 256 unless given, 0 for no limit. */
  readonly maximumLength?: number;
  /** Tags whose texts are given whatever their length, also within sequences. */
  readonly ignoreLength?: ReadonlySet<Tag>;
  /** The file has Pixel Data (7fe0,0010), though it was not read into the data set: it is shown as null. */
  readonly hasPixelData?: boolean;
  /** Whether elements behind Pixel Data are shown too. */
  readonly whole?: boolean;
  /** File meta information as Orthanc shows it: without bytes, private and unknown elements. */
  readonly isHeader?: boolean;
}

type JsonObject = { [key: string]: Json };

/** Ascending by tag; with `simplify` a later element of the same name takes the place of an earlier one. */
export function toOrthancJson(dataSet: DataSet, options: OrthancJsonOptions): JsonObject {
  const json: JsonObject = {};
  let isPixelDataDue = options.hasPixelData === true && !dataSet.has(Tag.PixelData);
  for (const element of dataSet.elements()) {
    if (element.tag > Tag.PixelData) {
      if (isPixelDataDue) put(json, Tag.PixelData, undefined, { type: 'Null', value: null }, options);
      isPixelDataDue = false;
      if (!options.whole) return json;
    }
    putElement(json, dataSet, element, options);
  }
  if (isPixelDataDue) put(json, Tag.PixelData, undefined, { type: 'Null', value: null }, options);
  return json;
}

interface Value {
  readonly type: 'String' | 'Null' | 'TooLong' | 'Sequence';
  readonly value: Json;
}

function putElement(json: JsonObject, dataSet: DataSet, element: Element, options: OrthancJsonOptions): void {
  const creator = options.format === 'short' ? undefined : dataSet.privateCreatorOf(element.tag);
  if (options.isHeader && !isShownInHeader(element, options.dictionary)) return;
  const { items } = element;
  const value: Value = items
    ? { type: 'Sequence', value: items.map((item) => itemJson(item, options)) }
    : leafValue(dataSet, element, options);
  put(json, element.tag, creator, value, options);
}

function isShownInHeader({ tag, vr }: Element, dictionary: Dictionary): boolean {
  return vr !== 'OB' && vr !== 'UN' && !isPrivateTag(tag) && dictionary.entry(tag) !== undefined;
}

function itemJson(item: DataSet, options: OrthancJsonOptions): JsonObject {
  const json: JsonObject = {};
  for (const element of item.elements()) putElement(json, item, element, options);
  return json;
}

function put(json: JsonObject, tag: Tag, creator: string | undefined, value: Value, options: OrthancJsonOptions): void {
  if (options.format === 'short') {
    json[formatTag(tag)] = value.value;
    return;
  }
  const name = options.dictionary.nameOf(tag, creator);
  if (options.format === 'simplify') {
    json[name] = value.value;
    return;
  }
  const showsCreator = creator !== undefined && value.type !== 'Sequence';
  json[formatTag(tag)] = {
    Name: name,
    ...(showsCreator && { PrivateCreator: creator }),
    Type: value.type,
    Value: value.value,
  };
}

function leafValue(dataSet: DataSet, element: Element, options: OrthancJsonOptions): Value {
  const limit = options.ignoreLength?.has(element.tag) ? 0 : (options.maximumLength ?? 256);
  const text = leafText(dataSet, element, options.dictionary, limit);
  if (text === null) return { type: 'Null', value: null };
  if (text === tooLong || (limit > 0 && isLonger(text, limit))) return { type: 'TooLong', value: null };
  return { type: 'String', value: text };
}

/** Whether a text has more than so many bytes in UTF-8. */
function isLonger(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  if (text.length * 3 <= limit) return false;
  let bytes = 0;
  for (const letter of text) bytes += bytesOf(letter.codePointAt(0) ?? 0);
  return bytes > limit;
}

function bytesOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
