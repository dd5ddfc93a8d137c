// The Image Pixel module of a data set as the format of its frames (PS3.3 C.7.6.3), checked, and the attributes that tell a format.
import { type DataSet, type ElementInit, Tag } from '@pharos/dicom';
import { CodecError } from './codec.ts';
import type { FrameFormat, PhotometricInterpretation } from './frame.ts';

const photometrics: readonly string[] = [
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_PARTIAL_422',
  'YBR_PARTIAL_420',
  'YBR_ICT',
  'YBR_RCT',
] satisfies readonly PhotometricInterpretation[];

const isPhotometric = (text: string): text is PhotometricInterpretation => photometrics.includes(text);

/** Images without one are grey or colour by their samples. */
function photometricOf(dataSet: DataSet, samples: number): PhotometricInterpretation {
  const text = dataSet.text(Tag.PhotometricInterpretation)?.trim().toUpperCase() ?? '';
  if (isPhotometric(text)) return text;
  if (text === '') return samples === 3 ? 'RGB' : 'MONOCHROME2';
  throw new CodecError('Unsupported', 'The photometric interpretation of the image is not supported');
}

function whole(value: number | undefined, least: number, most: number, name: string): number {
  if (value !== undefined && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new CodecError('Damaged', `The image has no usable ${name}`);
}

/** @throws CodecError Damaged where the description is missing or contradicts itself, Unsupported */
export function frameFormatOf(dataSet: DataSet): FrameFormat {
  const samplesPerPixel = whole(dataSet.number(Tag.SamplesPerPixel) ?? 1, 1, 4, 'number of samples');
  const bitsAllocated = whole(dataSet.number(Tag.BitsAllocated) ?? 8, 1, 64, 'number of bits');
  const stored = dataSet.number(Tag.BitsStored) ?? bitsAllocated;
  const bitsStored = whole(stored === 0 ? bitsAllocated : stored, 1, bitsAllocated, 'number of stored bits');
  return {
    rows: whole(dataSet.number(Tag.Rows), 1, 65_535, 'number of rows'),
    columns: whole(dataSet.number(Tag.Columns), 1, 65_535, 'number of columns'),
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit: whole(dataSet.number(Tag.HighBit) ?? bitsStored - 1, 0, bitsAllocated - 1, 'high bit'),
    isSigned: dataSet.number(Tag.PixelRepresentation) === 1,
    planarConfiguration: dataSet.number(Tag.PlanarConfiguration) === 1 ? 1 : 0,
    photometricInterpretation: photometricOf(dataSet, samplesPerPixel),
  };
}

/** The attributes that differ from those of `former`, so that what needs no change is not touched. */
export function formatChanges(format: FrameFormat, former: FrameFormat): readonly ElementInit[] {
  const elements: ElementInit[] = [];
  const change = (tag: number, value: number | string, formerValue: number | string): void => {
    if (value !== formerValue) elements.push({ tag, value });
  };
  change(Tag.SamplesPerPixel, format.samplesPerPixel, former.samplesPerPixel);
  change(Tag.PhotometricInterpretation, format.photometricInterpretation, former.photometricInterpretation);
  change(Tag.BitsAllocated, format.bitsAllocated, former.bitsAllocated);
  change(Tag.BitsStored, format.bitsStored, former.bitsStored);
  change(Tag.HighBit, format.highBit, former.highBit);
  change(Tag.PixelRepresentation, Number(format.isSigned), Number(former.isSigned));
  // It stands with several samples only (PS3.3 table C.7-11a).
  if (format.samplesPerPixel > 1) {
    change(Tag.PlanarConfiguration, format.planarConfiguration, former.planarConfiguration);
  }
  return elements;
}
