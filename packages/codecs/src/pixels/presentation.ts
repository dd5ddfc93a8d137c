// How the samples of a frame are meant to be shown: what the data set says of rescaling, windows and palettes, as a plain value that
// goes to another thread (PS3.3 C.7.6.3.1.5, C.7.9, C.11.1, C.11.2).
import { type DataSet, Tag } from '@pharos/dicom';
import { type Palette, paletteOf } from './palette.ts';

export interface Window {
  readonly center: number;
  readonly width: number;
}

export interface Presentation {
  /** Output is slope * stored + intercept. */
  readonly slope: number;
  readonly intercept: number;
  readonly window: Window;
  /** Where the photometric interpretation is PALETTE COLOR. */
  readonly palette?: Palette;
}

const doseStorage = '1.2.840.10008.5.1.4.1.1.481.2';

/** The first of several values; undefined where it is no number. */
const first = (dataSet: DataSet | undefined, tag: number): number | undefined => dataSet?.number(tag);

/** The macro of a frame: its own, else that of all frames (PS3.3 C.7.6.16). */
function macroOf(dataSet: DataSet, frame: number, sequence: number): DataSet | undefined {
  const own = dataSet.items(Tag.PerFrameFunctionalGroupsSequence)[frame]?.items(sequence)[0];
  return own ?? dataSet.items(Tag.SharedFunctionalGroupsSequence)[0]?.items(sequence)[0];
}

function rescaleIn(dataSet: DataSet | undefined): Pick<Presentation, 'slope' | 'intercept'> | undefined {
  const slope = first(dataSet, Tag.RescaleSlope);
  const intercept = first(dataSet, Tag.RescaleIntercept);
  return slope === undefined || intercept === undefined ? undefined : { slope, intercept };
}

function windowIn(dataSet: DataSet | undefined): Window | undefined {
  const center = first(dataSet, Tag.WindowCenter);
  const width = first(dataSet, Tag.WindowWidth);
  return center === undefined || width === undefined ? undefined : { center, width };
}

/** All values that the stored bits can have. */
function fullWindow(dataSet: DataSet): Window {
  const width = 2 ** (dataSet.number(Tag.BitsStored) || 8);
  return { center: width / 2, width };
}

/** @param frame from 0. @throws CodecError Damaged for a palette that cannot be one */
export function presentationOf(dataSet: DataSet, frame: number): Presentation {
  // As in Orthanc, the samples of doses are shown as they are: their unit has a scaling of its own.
  const isDose = dataSet.text(Tag.SOPClassUID)?.trim() === doseStorage;
  const rescale = isDose
    ? undefined
    : (rescaleIn(dataSet) ?? rescaleIn(macroOf(dataSet, frame, Tag.PixelValueTransformationSequence)));
  const isPalette = dataSet.text(Tag.PhotometricInterpretation)?.trim().toUpperCase() === 'PALETTE COLOR';
  return {
    ...(rescale ?? { slope: 1, intercept: 0 }),
    window: windowIn(dataSet) ?? windowIn(macroOf(dataSet, frame, Tag.FrameVOILUTSequence)) ?? fullWindow(dataSet),
    ...(isPalette && { palette: paletteOf(dataSet) }),
  };
}
