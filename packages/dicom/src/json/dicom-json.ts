// The DICOM JSON Model (PS3.18 F.2): what DICOMweb answers with `application/dicom+json`.
import type { DataSet } from '../data-set/index.ts';
import type { Tag } from '../tag.ts';
import type { Json } from '../tag-formats/index.ts';
import { readDecimal } from '../values/index.ts';
import type { Vr } from '../vr.ts';
import { toBase64 } from './base64.ts';
import { type Content, contentOf, type ElementContent, type ModelOptions } from './element-content.ts';
import { componentGroups } from './person-name.ts';

export interface DicomJsonOptions extends ModelOptions {
  /** DS as JSON numbers (the default), or as the text it is: exact, and what Orthanc gives. */
  readonly decimalStrings?: 'number' | 'text';
}

type JsonObject = { [key: string]: Json };

/**
 * An object as JSON text, attributes in ascending order of their names `GGGGEEEE`, as PS3.18 F.2.2 wants them; JavaScript objects
 * would put names that are all digits, such as `30060010`, first. Group lengths are left out; an empty element has only its `vr`.
 */
export function dicomJsonText(dataSet: DataSet, options: DicomJsonOptions): string {
  return itemText(dataSet, options, '');
}

/** As Orthanc answers `GET /instances/{id}/file` with `Accept: application/dicom+json`. */
export const orthancFileJson = {
  decimalStrings: 'text',
  wordsAsNumbers: true,
  characterSet: 'source',
} as const satisfies Partial<DicomJsonOptions>;

interface Attribute extends ElementContent {
  readonly name: string;
  readonly tagPath: string;
}

/** The attributes that are shown, ascending. */
function* attributesOf(
  dataSet: DataSet,
  options: DicomJsonOptions,
  parentPath: string,
): Generator<Attribute, void, undefined> {
  for (const element of dataSet.elements()) {
    const hex = element.tag.toString(16).padStart(8, '0');
    const tagPath = parentPath + hex;
    const shown = contentOf(dataSet, element, tagPath, options);
    if (shown) yield { name: hex.toUpperCase(), tagPath, vr: shown.vr, content: shown.content };
  }
}

function itemText(dataSet: DataSet, options: DicomJsonOptions, parentPath: string): string {
  const members: string[] = [];
  for (const { name, tagPath, vr, content } of attributesOf(dataSet, options, parentPath)) {
    if (content.kind === 'items' && content.items.length > 0) {
      const items = content.items.map((item, at) => itemText(item, options, `${tagPath}/${at + 1}/`));
      members.push(`"${name}":{"vr":"SQ","Value":[${items.join(',')}]}`);
    } else {
      members.push(`"${name}":${JSON.stringify({ vr, ...leafMember(content, vr, options) })}`);
    }
  }
  return `{${members.join(',')}}`;
}

function leafMember(content: Content, vr: Vr, options: DicomJsonOptions): JsonObject {
  switch (content.kind) {
    case 'texts':
      return { Value: content.texts.map((text) => textJson(text, vr, options)) };
    case 'numbers':
      return { Value: content.numbers().map(numberJson) };
    case 'tags':
      return { Value: content.tags.map(tagJson) };
    case 'uri':
      return { BulkDataURI: content.uri };
    case 'bytes':
      return { InlineBinary: toBase64(content.bytes) };
    case 'items':
    case 'empty':
      return {};
  }
}

function tagJson(tag: Tag): string {
  return tag.toString(16).padStart(8, '0').toUpperCase();
}

/** JSON has no NaN and no infinity, and numbers beyond 2^53 lose digits: those become strings (PS3.18 F.2.3). */
function numberJson(value: number | bigint): Json {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return value;
}

function textJson(text: string, vr: Vr, options: DicomJsonOptions): Json {
  if (text === '') return null;
  if (vr === 'PN') return Object.fromEntries(componentGroups(text));
  if (vr === 'IS' || (vr === 'DS' && options.decimalStrings !== 'text')) return numericText(text);
  return vr === 'DS' ? text.replaceAll(',', '.').replace(/\.$/, '') : text;
}

/** What is no number stays the text it is, which the standard allows. */
function numericText(text: string): Json {
  const value = readDecimal(text);
  return Number.isFinite(value) ? value : text;
}
