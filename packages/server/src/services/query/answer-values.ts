// Values as they stand in an answer: text in the character set of the answer, without the characters that it lacks.
import {
  type DataSet,
  DicomError,
  type Element,
  type ElementInit,
  elementOf,
  parseTag,
  Tag,
  type TextCodec,
  type Vr,
  valueKindOf,
  vrOf,
  wordSizeOf,
} from '@pharos/dicom';
import type { StoredSequence, TagValue } from '../read/index.ts';

type Value = ElementInit['value'];
type Items = readonly (readonly ElementInit[])[];

/** Every character is below U+0080. */
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

/** The text without the characters that the character set lacks. */
export function representable(text: string, codec: TextCodec): string {
  if (isAscii(text)) return text;
  const isKept = (letter: string): boolean => codec.decode(codec.encode(letter, 'LO'), 'LO') === letter;
  return Array.from(text).filter(isKept).join('');
}

/** Words in little endian, as values are given to `createDataSet`. */
function littleEndianBytes({ vr, bytes, littleEndian }: Element): Uint8Array {
  const size = wordSizeOf(vr);
  if (littleEndian || size === 1) return bytes;
  const swapped = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += size) swapped.set(bytes.slice(at, at + size).reverse(), at);
  return swapped;
}

function elementValue(item: DataSet, element: Element, codec: TextCodec): Value | undefined {
  if (element.items) return element.items.map((nested) => itemElements(nested, codec));
  if (element.fragments) return undefined;
  if (valueKindOf(element.vr) === 'text') return representable(item.text(element.tag) ?? '', codec);
  return littleEndianBytes(element);
}

/** An element of a data set as an answer in this character set has it; undefined for encapsulated pixel data. */
export function copiedElement(of: DataSet, element: Element, codec: TextCodec): ElementInit | undefined {
  const value = elementValue(of, element, codec);
  return value === undefined ? undefined : { tag: element.tag, vr: element.vr, value };
}

/** The elements of an item; the answer declares the character set for them. */
function itemElements(item: DataSet, codec: TextCodec): ElementInit[] {
  const elements: ElementInit[] = [];
  for (const element of item.elements()) {
    if (element.tag === Tag.SpecificCharacterSet || elementOf(element.tag) === 0) continue;
    const copied = copiedElement(item, element, codec);
    if (copied) elements.push(copied);
  }
  return elements;
}

function storedItems(stored: StoredSequence, codec: TextCodec): Items {
  return stored.map((item) => {
    const elements: ElementInit[] = [];
    for (const [key, { Value }] of Object.entries(item)) {
      const tag = parseTag(key);
      if (tag === undefined || tag === Tag.SpecificCharacterSet) continue;
      if (typeof Value === 'object' && Value !== null) {
        elements.push({ tag, vr: 'SQ', value: storedItems(Value, codec) });
      } else if (vrOf(tag) !== 'SQ') {
        elements.push({ tag, value: representable(Value ?? '', codec) });
      }
    }
    return elements;
  });
}

function itemsOf(value: TagValue | undefined, codec: TextCodec): Items {
  if (typeof value !== 'object' || value === null) return [];
  if ('stored' in value) return storedItems(value.stored, codec);
  try {
    return value.items.map((item) => itemElements(item, codec));
  } catch (error) {
    // A file that is broken there: the other attributes and the other answers are worth having.
    if (error instanceof DicomError) return [];
    throw error;
  }
}

/** The value of an answer's element; empty where there is none, or none that the representation could hold. */
export function answerValue(value: TagValue | undefined, vr: Vr, codec: TextCodec): Value {
  if (vr === 'SQ') return itemsOf(value, codec);
  return typeof value === 'string' ? representable(value, codec) : '';
}
