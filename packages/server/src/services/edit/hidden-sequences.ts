// Sequences that a writer did not know: kept with the representation UN, in Implicit VR Little Endian (PS3.5 6.2.2). To change what is
// in them they are read as what they are.
import {
  type DataSet,
  DicomError,
  type Dictionary,
  type Element,
  type ElementInit,
  parseDataSet,
  transformDataSet,
} from '@pharos/dicom';

const implicitLittleEndian = '1.2.840.10008.1.2';
const headerBytes = 8;

function isHidden({ tag, vr, items }: Element, dictionary: Dictionary): boolean {
  return vr !== 'SQ' && items === undefined && dictionary.entry(tag)?.vr === 'SQ';
}

const initOf = ({ tag, vr, items, bytes }: Element): ElementInit =>
  items ? { tag, vr: 'SQ', value: itemsOf(items) } : { tag, vr, value: bytes };

const itemsOf = (items: readonly DataSet[]): readonly (readonly ElementInit[])[] =>
  items.map((item) => [...item.elements()].map(initOf));

/** undefined: the bytes are no sequence. */
function readSequence({ tag, bytes }: Element): ElementInit | undefined {
  const whole = Buffer.alloc(headerBytes + bytes.byteLength);
  whole.writeUInt16LE(tag >>> 16, 0);
  whole.writeUInt16LE(tag & 0xffff, 2);
  whole.writeUInt32LE(bytes.byteLength, 4);
  whole.set(bytes, headerBytes);
  try {
    const { dataSet, problems } = parseDataSet(whole, implicitLittleEndian);
    const items = problems.length === 0 ? dataSet.element(tag)?.items : undefined;
    return items && { tag, vr: 'SQ', value: itemsOf(items) };
  } catch (error) {
    if (error instanceof DicomError) return undefined;
    throw error;
  }
}

/** The data set with all of its sequences as sequences; what should be one and cannot be read is removed. */
export function withoutHiddenSequences(dataSet: DataSet, dictionary: Dictionary): DataSet {
  return transformDataSet(dataSet, {
    change: (element) => (isHidden(element, dictionary) ? (readSequence(element) ?? 'remove') : 'keep'),
  });
}
