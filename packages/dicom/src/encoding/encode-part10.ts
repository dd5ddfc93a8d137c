// Part 10 files (PS3.10 7): preamble, meta header, data set.
import { createDataSet, type DataSet, DicomError, type ElementInit, explicitFlag } from '../data-set/index.ts';
import { transferSyntaxOf } from '../uid/index.ts';
import { encodeDataSet, encodeInMode } from './encode-data-set.ts';

/** Identifies Pharos as the writer of a file (PS3.10 7.1), below the root for UUIDs (PS3.5 B.2); short, since every file carries it. */
export const implementationClassUid = '2.25.15497272297157040321587497632';
export const implementationVersionName = 'PHAROS_0_1';

const preambleLength = 128;
const groupLengthLength = 12;

export interface FileMetaInit {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  /** The application entity that the data set came from. */
  readonly sourceAet?: string;
}

/** Preamble, `DICM` and group 0002 in explicit little endian: everything that stands before the data set. */
export function encodeFileMeta(init: FileMetaInit): Uint8Array {
  const elements: ElementInit[] = [
    { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
    { tag: 0x00020002, vr: 'UI', value: init.sopClassUid },
    { tag: 0x00020003, vr: 'UI', value: init.sopInstanceUid },
    { tag: 0x00020010, vr: 'UI', value: init.transferSyntax },
    { tag: 0x00020012, vr: 'UI', value: implementationClassUid },
    { tag: 0x00020013, vr: 'SH', value: implementationVersionName },
  ];
  if (init.sourceAet) elements.push({ tag: 0x00020016, vr: 'AE', value: init.sourceAet });
  const group = encodeInMode(createDataSet(elements), explicitFlag);
  const length = encodeInMode(createDataSet([{ tag: 0x00020000, vr: 'UL', value: group.length }]), explicitFlag);
  const bytes = new Uint8Array(preambleLength + 4 + groupLengthLength + group.length);
  bytes.set([0x44, 0x49, 0x43, 0x4d], preambleLength);
  bytes.set(length, preambleLength + 4);
  bytes.set(group, preambleLength + 4 + groupLengthLength);
  return bytes;
}

export interface Part10Init {
  readonly dataSet: DataSet;
  readonly transferSyntax: string;
  readonly sourceAet?: string;
  /** Deflates without header (RFC 1951); needed for deflated transfer syntaxes only. */
  readonly deflateRaw?: (bytes: Uint8Array) => Uint8Array;
}

function encodeBody(init: Part10Init): Uint8Array {
  const bytes = encodeDataSet(init.dataSet, init.transferSyntax);
  if (!transferSyntaxOf(init.transferSyntax)?.deflated) return bytes;
  if (!init.deflateRaw) throw new DicomError('Malformed', 'a deflated transfer syntax needs deflateRaw');
  const deflated = init.deflateRaw(bytes);
  if (deflated.length % 2 === 0) return deflated;
  const padded = new Uint8Array(deflated.length + 1);
  padded.set(deflated);
  return padded;
}

/**
 * A file around a data set; SOP Class and Instance UID are its own. Pixel data is not transcoded.
 * @throws DicomError Malformed for an unknown transfer syntax or a missing `deflateRaw`, TooDeep
 */
export function encodePart10(init: Part10Init): Uint8Array {
  const meta = encodeFileMeta({
    sopClassUid: init.dataSet.text(0x00080016) ?? '',
    sopInstanceUid: init.dataSet.text(0x00080018) ?? '',
    transferSyntax: init.transferSyntax,
    sourceAet: init.sourceAet,
  });
  const body = encodeBody(init);
  const bytes = new Uint8Array(meta.length + body.length);
  bytes.set(meta);
  bytes.set(body, meta.length);
  return bytes;
}
