// The text that Orthanc's JSON shows for an element without items: characters and numbers, also "other" numbers; nothing for bytes.
import type { DataSet, Element } from '../data-set/index.ts';
import type { Dictionary } from '../dictionary/index.ts';
import { elementOf, isPrivateTag } from '../tag.ts';
import { formatSignificant, numberTexts, readBigIntegers, readNumbers, readText } from '../values/index.ts';
import { type Vr, valueKindOf, wordSizeOf } from '../vr.ts';

/** More values than the text may have characters: too long whatever they are. */
export const tooLong = Symbol('too long');

type LeafText = string | typeof tooLong | null;

/**
 * Characters without the padding behind them, space before them stays. Null where Orthanc has no text: OB, OW, UN, empty
 * numbers. The caller cuts at `maximumLength` (0: never); here it only saves the work for arrays that cannot fit.
 */
export function leafText(dataSet: DataSet, element: Element, dictionary: Dictionary, maximumLength: number): LeafText {
  const { vr } = element;
  if (vr === 'UN') return unknownText(dataSet, element, dictionary);
  if (vr === 'OB' || vr === 'OW' || vr === 'SQ') return null;
  if (valueKindOf(vr) === 'text') return textWithin(dataSet, element.bytes, vr, maximumLength);
  const count = Math.floor(element.bytes.length / wordSizeOf(vr));
  if (maximumLength > 0 && count * 2 - 1 > maximumLength) return tooLong;
  if (count === 0) return valueKindOf(vr) === 'number' ? null : '';
  return numbersText(element);
}

/** Of a text far beyond the limit only the start is decoded. */
function textWithin(dataSet: DataSet, bytes: Uint8Array, vr: Vr, maximumLength: number): LeafText {
  const enough = 16 * maximumLength + 1024;
  const isLong = maximumLength > 0 && bytes.length > enough;
  if (isLong && charactersOf(dataSet, bytes.subarray(0, enough), vr).length > maximumLength) return tooLong;
  return charactersOf(dataSet, bytes, vr);
}

function charactersOf(dataSet: DataSet, bytes: Uint8Array, vr: Vr, keepsPadding = false): string {
  return readText(bytes, 0, bytes.length, vr, () => dataSet.codec, keepsPadding);
}

/** UN of an attribute that the dictionary knows as text (PS3.5 6.2.2 Note); private text must be ASCII. Padding is not known to be any, and stays. */
function unknownText(dataSet: DataSet, { tag, bytes }: Element, dictionary: Dictionary): string | null {
  const vr = dictionary.entry(tag, dataSet.privateCreatorOf(tag))?.vr ?? 'UN';
  if (valueKindOf(vr) !== 'text') return null;
  if (isPrivateTag(tag) && bytes.some((byte) => byte > 0x7f)) return null;
  // A private element is most often UN because implicit VR does not say more than the dictionary: it is padded as its VR says.
  return charactersOf(dataSet, bytes, vr, !isPrivateTag(tag) || elementOf(tag) <= 0xff);
}

function numbersText({ bytes, vr, littleEndian }: Element): string {
  switch (vr) {
    case 'OV':
      return readBigIntegers(bytes, vr, littleEndian).join('\\');
    case 'OL':
      return readNumbers(bytes, vr, littleEndian).join('\\');
    case 'OF':
    case 'OD':
      return readNumbers(bytes, vr, littleEndian)
        .map((number) => formatSignificant(number, vr === 'OF' ? 9 : 17))
        .join('\\');
    default:
      return numberTexts(bytes, vr, littleEndian).join('\\');
  }
}
