// Data sets to bytes (PS3.5 7). What was read in the wanted encoding is copied as it came; everything else is written element by
// element, sequences with explicit lengths, values of even length.
import {
  bigEndianFlag,
  type DataSet,
  DicomError,
  defaultLimits,
  type Element,
  explicitFlag,
  itemTag,
  type Mode,
  sequenceDelimitationTag,
  undefinedLength,
} from '../data-set/index.ts';
import { padToEven, swapWords } from '../values/index.ts';
import { hasLongLength, type Vr, vrCodeOf, wordSizeOf } from '../vr.ts';
import { ByteWriter } from './byte-writer.ts';
import { modeOf } from './modes.ts';

const longestShort = 0xfffe;
const slack = 256;

/** Group lengths of a data set are retired and would be wrong after a change; that of a command set is real (PS3.7 6.3.1). */
function isStaleGroupLength(element: Element): boolean {
  return (element.tag & 0xffff) === 0 && element.tag >>> 16 > 2;
}

function writeHeader(writer: ByteWriter, mode: Mode, tag: number, vr: Vr, length: number): void {
  writer.tag(tag);
  if ((mode & explicitFlag) === 0) {
    writer.uint32(length);
    return;
  }
  const isLong = hasLongLength(vrCodeOf(vr));
  if (!isLong && length <= longestShort) {
    writer.letters(vr);
    writer.uint16(length);
    return;
  }
  // A value too long for its representation's header is written as UN (PS3.5 6.2.2).
  writer.letters(isLong ? vr : 'UN');
  writer.uint16(0);
  writer.uint32(length);
}

function writeFragments(writer: ByteWriter, mode: Mode, element: Element, fragments: readonly Uint8Array[]): void {
  writeHeader(writer, mode, element.tag, element.vr === 'OW' ? 'OW' : 'OB', undefinedLength);
  for (const fragment of fragments) {
    const bytes = padToEven(fragment, 'OB');
    writer.tag(itemTag);
    writer.uint32(bytes.length);
    writer.bytes(bytes);
  }
  writer.tag(sequenceDelimitationTag);
  writer.uint32(0);
}

function writeSequence(writer: ByteWriter, mode: Mode, tag: number, items: readonly DataSet[], depth: number): void {
  if (depth > defaultLimits.depth) throw new DicomError('TooDeep', 'sequences are nested too deep to be written');
  writeHeader(writer, mode, tag, 'SQ', 0);
  const start = writer.length;
  for (const item of items) {
    writer.tag(itemTag);
    writer.uint32(0);
    const itemStart = writer.length;
    writeDataSet(writer, mode, item, depth);
    writer.patchUint32(itemStart - 4, writer.length - itemStart);
  }
  writer.patchUint32(start - 4, writer.length - start);
}

function writeElement(writer: ByteWriter, mode: Mode, element: Element, depth: number): void {
  const { items, fragments } = element;
  if (items) {
    writeSequence(writer, mode, element.tag, items, depth + 1);
    return;
  }
  if (fragments) {
    writeFragments(writer, mode, element, fragments);
    return;
  }
  const { vr } = element;
  const size = wordSizeOf(vr);
  const isSwapped = size > 1 && element.littleEndian !== ((mode & bigEndianFlag) === 0);
  const bytes = padToEven(isSwapped ? swapWords(element.bytes, size) : element.bytes, vr);
  writeHeader(writer, mode, element.tag, vr, bytes.length);
  writer.bytes(bytes);
}

/** Recursion is bounded by the depth that data sets can have. */
function writeDataSet(writer: ByteWriter, mode: Mode, dataSet: DataSet, depth: number): void {
  const verbatim = dataSet.contents.encodedAs(mode);
  if (verbatim) {
    writer.bytes(verbatim);
    return;
  }
  for (const element of dataSet.elements()) {
    if (!isStaleGroupLength(element)) writeElement(writer, mode, element, depth);
  }
}

function expectedLength(dataSet: DataSet): number {
  let length = slack;
  const { contents } = dataSet;
  for (let slot = 0; slot < contents.size; slot++) length += contents.lengthAt(slot) + 12;
  return length;
}

/** Data sets in a known encoding. @throws DicomError TooDeep */
export function encodeInMode(dataSet: DataSet, mode: Mode): Uint8Array {
  const verbatim = dataSet.contents.encodedAs(mode);
  if (verbatim) return verbatim.slice();
  const writer = new ByteWriter((mode & bigEndianFlag) === 0, expectedLength(dataSet));
  writeDataSet(writer, mode, dataSet, 0);
  return writer.finish();
}

/**
 * The data set in a transfer syntax, without meta header; for deflated ones what is to be deflated. Byte for byte what was read
 * where the encoding is the same. Pixel data is not transcoded.
 * @throws DicomError Malformed for an unknown transfer syntax, TooDeep
 */
export function encodeDataSet(dataSet: DataSet, transferSyntaxUid: string): Uint8Array {
  const mode = modeOf(transferSyntaxUid);
  if (mode === undefined) throw new DicomError('Malformed', 'unknown transfer syntax');
  return encodeInMode(dataSet, mode);
}
