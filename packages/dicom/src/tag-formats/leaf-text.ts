// The text that Orthanc's JSON shows for an element without items: characters and numbers, also "other" numbers; nothing for bytes.
import type { DataSet, Element } from '../data-set/index.ts';
import type { Dictionary } from '../dictionary/index.ts';
import { valueKindOf } from '../vr.ts';
import { formatSignificant } from './significant-digits.ts';

/** More values than a text may have characters: too long whatever they are. */
export const tooLong = Symbol('too long');

/**
 * Null where Orthanc has no text: OB, OW, UN, empty numbers. The caller cuts at `maximumLength`; here it only saves the work
 * for arrays that cannot fit.
 */
export function leafText(
  dataSet: DataSet,
  element: Element,
  dictionary: Dictionary,
  maximumLength: number,
): string | typeof tooLong | null {
  switch (element.vr) {
    case 'OB':
    case 'OW':
    case 'SQ':
      return null;
    case 'UN':
      return dataSet.valueOf(element) ?? unknownText(dataSet, element, dictionary);
    case 'OF':
    case 'OD':
    case 'OL':
    case 'OV':
      return otherNumbers(element, maximumLength);
    default:
      return numberOrText(dataSet, element, maximumLength);
  }
}

function numberOrText(dataSet: DataSet, element: Element, maximumLength: number): string | typeof tooLong | null {
  if (valueKindOf(element.vr) !== 'number') return dataSet.valueOf(element) ?? null;
  if (isSurelyTooLong(element.bytes.length / 8, maximumLength)) return tooLong;
  return dataSet.valueOf(element) || null;
}

/** UN of an attribute that only the configuration knows: text if the dictionary says so and all of it is ASCII. */
function unknownText(dataSet: DataSet, element: Element, dictionary: Dictionary): string | null {
  const vr = dictionary.entry(element.tag, dataSet.privateCreatorOf(element.tag))?.vr ?? 'UN';
  if (valueKindOf(vr) !== 'text' || element.bytes.some((byte) => byte > 0x7f)) return null;
  const text = dataSet.codec.decode(element.bytes, vr);
  return text.endsWith('\0') ? text.slice(0, -1) : text;
}

function isSurelyTooLong(count: number, maximumLength: number): boolean {
  return maximumLength > 0 && count * 2 - 1 > maximumLength;
}

function otherNumbers({ bytes, vr, littleEndian }: Element, maximumLength: number): string | typeof tooLong | null {
  const size = vr === 'OF' || vr === 'OL' ? 4 : 8;
  if (isSurelyTooLong(Math.floor(bytes.length / size), maximumLength)) return tooLong;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) texts.push(otherNumber(view, at, vr, littleEndian));
  return texts.join('\\');
}

function otherNumber(view: DataView, at: number, vr: string, littleEndian: boolean): string {
  if (vr === 'OF') return formatSignificant(view.getFloat32(at, littleEndian), 9);
  if (vr === 'OD') return formatSignificant(view.getFloat64(at, littleEndian), 17);
  if (vr === 'OL') return String(view.getUint32(at, littleEndian));
  return String(view.getBigUint64(at, littleEndian));
}
