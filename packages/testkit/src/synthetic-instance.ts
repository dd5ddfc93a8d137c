// DICOM instances made of numbers: the same bytes for the same identity, no patient anywhere. For tests and benchmarks.
import { createDataSet, type ElementInit, encodePart10, Tag } from '@pharos/dicom';

/** `ct`: 512x512, about 525 KB. `mr`: 256x256, about 132 KB. `header`: no pixels, about 1.5 KB. */
export type SyntheticKind = 'ct' | 'mr' | 'header';

export interface SyntheticIdentity {
  readonly kind: SyntheticKind;
  readonly patient: number;
  /** Numbers within the patient, the study, the series; from 0. */
  readonly study: number;
  readonly series: number;
  readonly instance: number;
  readonly transferSyntax?: string;
  /** More elements, or others for the same tags. */
  readonly elements?: readonly ElementInit[];
}

const root = '1.2.826.0.1.3680043.10.1530';
const explicitLittleEndian = '1.2.840.10008.1.2.1';
const surnames = ['SMITH', 'DUPONT', 'MUELLER', 'ROSSI', 'GARCIA', 'TANAKA', 'NOVAK', 'JANSEN', 'SILVA', 'KOWALSKI'];
const givenNames = ['ANNA', 'BRUNO', 'CHLOE', 'DAVID', 'ELENA', 'FELIX', 'GRETA', 'HUGO', 'IRIS', 'JULES'];
const facts = {
  ct: { sopClass: '1.2.840.10008.5.1.4.1.1.2', modality: 'CT', edge: 512 },
  mr: { sopClass: '1.2.840.10008.5.1.4.1.1.4', modality: 'MR', edge: 256 },
  header: { sopClass: '1.2.840.10008.5.1.4.1.1.66', modality: 'OT', edge: 0 },
} as const;

const pad = (number: number, width: number): string => String(number).padStart(width, '0');

const pick = (from: readonly string[], number: number): string => from[number % from.length] ?? '';

export function syntheticUids(of: Pick<SyntheticIdentity, 'patient' | 'study' | 'series' | 'instance'>) {
  const study = `${root}.${of.patient}.${of.study}`;
  return { study, series: `${study}.${of.series}`, instance: `${study}.${of.series}.${of.instance}` };
}

/** A gradient with noise that a compressor cannot guess: as compressible as a scan, quick to make. */
function pixels(edge: number, seed: number): Uint8Array {
  const values = new Uint16Array(edge * edge);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let at = 0; at < values.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[at] = 1000 + ((at / edge) | 0) + (at % edge) + (state & 31);
  }
  return new Uint8Array(values.buffer);
}

function imageElements(kind: SyntheticKind, seed: number): readonly ElementInit[] {
  const { edge } = facts[kind];
  if (edge === 0) return [];
  return [
    { tag: Tag.SamplesPerPixel, value: 1 },
    { tag: Tag.PhotometricInterpretation, value: 'MONOCHROME2' },
    { tag: Tag.Rows, value: edge },
    { tag: Tag.Columns, value: edge },
    { tag: Tag.PixelSpacing, value: '0.9765625\\0.9765625' },
    { tag: Tag.BitsAllocated, value: 16 },
    { tag: Tag.BitsStored, value: 16 },
    { tag: Tag.HighBit, value: 15 },
    { tag: Tag.PixelRepresentation, vr: 'US', value: 0 },
    { tag: Tag.WindowCenter, value: '1500' },
    { tag: Tag.WindowWidth, value: '1000' },
    { tag: Tag.RescaleIntercept, value: '-1024' },
    { tag: Tag.RescaleSlope, value: '1' },
    { tag: Tag.PixelData, vr: 'OW', value: pixels(edge, seed) },
  ];
}

/** The elements of the instance, for those who want to change some. */
export function syntheticElements(of: SyntheticIdentity): readonly ElementInit[] {
  const uids = syntheticUids(of);
  const { sopClass, modality } = facts[of.kind];
  const date = `20${pad(10 + (of.patient % 15), 2)}${pad(1 + (of.study % 12), 2)}15`;
  const seed = ((of.patient * 31 + of.study) * 31 + of.series) * 1009 + of.instance + 1;
  const elements: readonly ElementInit[] = [
    { tag: Tag.SpecificCharacterSet, value: 'ISO_IR 100' },
    { tag: Tag.ImageType, value: 'ORIGINAL\\PRIMARY\\AXIAL' },
    { tag: Tag.SOPClassUID, value: sopClass },
    { tag: Tag.SOPInstanceUID, value: uids.instance },
    { tag: Tag.StudyDate, value: date },
    { tag: Tag.SeriesDate, value: date },
    { tag: Tag.StudyTime, value: '101112' },
    { tag: Tag.AccessionNumber, value: `ACC${pad(of.patient, 6)}${of.study}` },
    { tag: Tag.Modality, value: modality },
    { tag: Tag.Manufacturer, value: 'Pharos' },
    { tag: Tag.InstitutionName, value: 'Testkit' },
    { tag: Tag.ReferringPhysicianName, value: 'REFERRER^ONE' },
    { tag: Tag.StudyDescription, value: `Synthetic ${modality}` },
    { tag: Tag.SeriesDescription, value: `Series ${of.series}` },
    { tag: Tag.PatientName, value: `${pick(surnames, of.patient)}^${pick(givenNames, (of.patient / 10) | 0)}` },
    { tag: Tag.PatientID, value: `PAT${pad(of.patient, 7)}` },
    { tag: Tag.PatientBirthDate, value: '19600101' },
    { tag: Tag.PatientSex, value: of.patient % 2 ? 'F' : 'M' },
    { tag: Tag.StudyInstanceUID, value: uids.study },
    { tag: Tag.SeriesInstanceUID, value: uids.series },
    { tag: Tag.StudyID, value: String(of.study + 1) },
    { tag: Tag.SeriesNumber, value: String(of.series + 1) },
    { tag: Tag.InstanceNumber, value: String(of.instance + 1) },
    { tag: Tag.ImagePositionPatient, value: `-250\\-250\\${of.instance * 2.5}` },
    { tag: Tag.ImageOrientationPatient, value: '1\\0\\0\\0\\1\\0' },
    ...imageElements(of.kind, seed),
  ];
  const replaced = new Set(of.elements?.map((element) => element.tag));
  return [...elements.filter((element) => !replaced.has(element.tag)), ...(of.elements ?? [])].sort(
    (a, b) => a.tag - b.tag,
  );
}

/** A Part 10 file. */
export function syntheticInstance(of: SyntheticIdentity): Uint8Array {
  return encodePart10({
    dataSet: createDataSet(syntheticElements(of)),
    transferSyntax: of.transferSyntax ?? explicitLittleEndian,
  });
}
