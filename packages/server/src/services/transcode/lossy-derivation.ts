// What an image says of itself when its pixels were compressed with loss: that, how, how much, and from which image it was derived
// (PS3.3 C.7.6.1.1.5, C.7.6.1.1.2; C.12.1.1.3).
import { type DataSet, type ElementInit, Tag } from '@pharos/dicom';

export interface LossyCompression {
  /** Defined term of Lossy Image Compression Method. */
  readonly method: string;
  /** Bytes before, divided by bytes after. */
  readonly ratio: number;
  /** Given where the image becomes another one. */
  readonly newSopInstanceUid?: string;
}

const longestDecimal = 16;

function decimal(value: number): string {
  return value.toFixed(3).slice(0, longestDecimal);
}

const joined = (former: readonly string[], value: string): string => [...former, value].join('\\');

export function lossyDerivation(dataSet: DataSet, compression: LossyCompression): readonly ElementInit[] {
  const { method, ratio, newSopInstanceUid } = compression;
  const elements: ElementInit[] = [
    { tag: Tag.LossyImageCompression, value: '01' },
    {
      tag: Tag.LossyImageCompressionRatio,
      value: joined(dataSet.texts(Tag.LossyImageCompressionRatio), decimal(ratio)),
    },
    { tag: Tag.LossyImageCompressionMethod, value: joined(dataSet.texts(Tag.LossyImageCompressionMethod), method) },
  ];
  if (newSopInstanceUid === undefined) return elements;
  const [, ...imageType] = dataSet.texts(Tag.ImageType);
  return [
    ...elements,
    { tag: Tag.SOPInstanceUID, value: newSopInstanceUid },
    { tag: Tag.ImageType, value: ['DERIVED', ...(imageType.length > 0 ? imageType : ['SECONDARY'])].join('\\') },
    { tag: Tag.DerivationDescription, value: `Lossy compression ${method}, ratio ${decimal(ratio)}` },
    { tag: Tag.SourceImageSequence, value: [sourceOf(dataSet)] },
  ];
}

function sourceOf(dataSet: DataSet): readonly ElementInit[] {
  return [
    { tag: Tag.ReferencedSOPClassUID, value: dataSet.text(Tag.SOPClassUID) ?? '' },
    { tag: Tag.ReferencedSOPInstanceUID, value: dataSet.text(Tag.SOPInstanceUID) ?? '' },
  ];
}
