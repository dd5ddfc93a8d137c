// Cost of reading headers: a 512x512 CT and a 2 MB RT structure set, made here. Prints microseconds per parse.
import { createDataSet, type ElementInit, encodePart10, parsePart10, Tag } from '@pharos/dicom';

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const implicitLittleEndian = '1.2.840.10008.1.2';
const samples = 25;

function ct(): ElementInit[] {
  const texts: [number, string][] = [
    [Tag.SpecificCharacterSet, 'ISO_IR 100'],
    [Tag.ImageType, 'ORIGINAL\\PRIMARY\\AXIAL\\HELIX'],
    [Tag.SOPClassUID, '1.2.840.10008.5.1.4.1.1.2'],
    [Tag.SOPInstanceUID, '1.2.826.0.1.3680043.10.1530.1.2.3.4'],
    [Tag.StudyDate, '20240102'],
    [Tag.StudyTime, '101112.123'],
    [Tag.AccessionNumber, 'ACC0001'],
    [Tag.Modality, 'CT'],
    [Tag.Manufacturer, 'Pharos'],
    [Tag.InstitutionName, 'Somewhere'],
    [Tag.ReferringPhysicianName, 'REFERRER^ONE'],
    [Tag.StudyDescription, 'Thorax'],
    [Tag.SeriesDescription, 'Axial 1.0'],
    [Tag.PatientName, 'DOE^JANE'],
    [Tag.PatientID, 'PAT0001'],
    [Tag.PatientBirthDate, '19600101'],
    [Tag.PatientSex, 'F'],
    [Tag.StudyInstanceUID, '1.2.826.0.1.3680043.10.1530.1'],
    [Tag.SeriesInstanceUID, '1.2.826.0.1.3680043.10.1530.1.2'],
    [Tag.StudyID, '1'],
    [Tag.SeriesNumber, '2'],
    [Tag.InstanceNumber, '3'],
    [Tag.ImagePositionPatient, '-250\\-250\\-31.25'],
    [Tag.ImageOrientationPatient, '1\\0\\0\\0\\1\\0'],
    [Tag.PhotometricInterpretation, 'MONOCHROME2'],
    [Tag.PixelSpacing, '0.9765625\\0.9765625'],
    [Tag.WindowCenter, '40'],
    [Tag.WindowWidth, '400'],
  ];
  const reference: ElementInit[] = [
    { tag: Tag.ReferencedSOPClassUID, value: '1.2.840.10008.5.1.4.1.1.2' },
    { tag: Tag.ReferencedSOPInstanceUID, value: '1.2.826.0.1.3680043.10.1530.1.2.3.5' },
  ];
  const numbers = [Tag.Rows, Tag.Columns, Tag.BitsAllocated, Tag.BitsStored, Tag.HighBit, Tag.SamplesPerPixel];
  return [
    ...texts.map(([tag, value]) => ({ tag, value })),
    ...numbers.map((tag) => ({ tag, vr: 'US' as const, value: 512 })),
    { tag: Tag.ReferencedImageSequence, value: [reference, reference] },
    { tag: Tag.PixelData, vr: 'OW', value: new Uint8Array(512 * 512 * 2) },
    { tag: 0x00190010, vr: 'LO', value: 'VENDOR' },
    ...Array.from({ length: 83 }, (_, at) => ({ tag: 0x00191000 + at, vr: 'DS' as const, value: `${at}.125` })),
  ];
}

function contour(points: number, seed: number): ElementInit[] {
  const data = Array.from({ length: points * 3 }, (_, at) => `${(at * seed) % 250}.${at % 10}5`).join('\\');
  const image: ElementInit[] = [
    { tag: Tag.ReferencedSOPClassUID, value: '1.2.840.10008.5.1.4.1.1.2' },
    { tag: Tag.ReferencedSOPInstanceUID, value: `1.2.826.0.1.3680043.10.1530.1.2.${seed}` },
  ];
  return [
    { tag: Tag.ContourImageSequence, value: [image] },
    { tag: Tag.ContourGeometricType, value: 'CLOSED_PLANAR' },
    { tag: Tag.NumberOfContourPoints, value: String(points) },
    { tag: Tag.ContourData, value: data },
  ];
}

function structureSet(): ElementInit[] {
  const rois = Array.from({ length: 40 }, (_, roi) => [
    { tag: Tag.ContourSequence, value: Array.from({ length: 50 }, (_, at) => contour(50, roi * 50 + at + 1)) },
    { tag: Tag.ReferencedROINumber, value: String(roi + 1) },
  ]);
  const others = ct().filter(({ tag }) => tag < 0x00190000);
  return [...others, { tag: Tag.ROIContourSequence, value: rois }];
}

/** The same bytes with every sequence and item of undefined length, as many writers make them. */
function withUndefinedLengths(elements: readonly ElementInit[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  const words = (...values: number[]) => {
    const view = new DataView(new ArrayBuffer(values.length * 2));
    for (const [at, value] of values.entries()) view.setUint16(at * 2, value, true);
    chunks.push(new Uint8Array(view.buffer));
  };
  const write = (element: ElementInit) => {
    const { value } = element;
    if (!Array.isArray(value) || !Array.isArray(value[0])) {
      const file = encodePart10({ dataSet: createDataSet([element]), transferSyntax: implicitLittleEndian });
      chunks.push(file.subarray(parsePart10(file).dataSet.contents.offsetAt(0) - 8));
      return;
    }
    words(element.tag >>> 16, element.tag & 0xffff, 0xffff, 0xffff);
    for (const item of value) {
      words(0xfffe, 0xe000, 0xffff, 0xffff);
      if (Array.isArray(item)) for (const inner of item) write(inner);
      words(0xfffe, 0xe00d, 0, 0);
    }
    words(0xfffe, 0xe0dd, 0, 0);
  };
  const head = encodePart10({ dataSet: createDataSet([]), transferSyntax: implicitLittleEndian });
  chunks.push(head);
  for (const element of elements) write(element);
  return new Uint8Array(Buffer.concat(chunks));
}

/** Least and median microseconds over several rounds. */
function measure(name: string, bytes: Uint8Array, rounds: number): void {
  for (let at = 0; at < rounds; at++) parsePart10(bytes);
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const start = process.hrtime.bigint();
    for (let at = 0; at < rounds; at++) parsePart10(bytes);
    times.push(Number(process.hrtime.bigint() - start) / rounds / 1000);
  }
  times.sort((a, b) => a - b);
  const { size } = parsePart10(bytes).dataSet;
  const [least = 0] = times;
  const median = times[samples >> 1] ?? 0;
  const length = (bytes.length / 1000).toFixed(0).padStart(5);
  const figures = `least ${least.toFixed(1).padStart(6)} us, median ${median.toFixed(1).padStart(6)} us`;
  console.log(`${name.padEnd(44)} ${length} kB ${String(size).padStart(4)} elements ${figures}`);
}

const file = (elements: ElementInit[], transferSyntax: string) =>
  encodePart10({ dataSet: createDataSet(elements), transferSyntax });

measure('CT 512x512 header, explicit', file(ct(), explicitLittleEndian), 2000);
measure('CT 512x512 header, implicit', file(ct(), implicitLittleEndian), 2000);
measure('RT structure set, explicit, defined lengths', file(structureSet(), explicitLittleEndian), 50);
measure('RT structure set, implicit, defined lengths', file(structureSet(), implicitLittleEndian), 50);
measure('RT structure set, implicit, undefined lengths', withUndefinedLengths(structureSet()), 50);
