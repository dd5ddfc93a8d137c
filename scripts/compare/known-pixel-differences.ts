// Why samples of some images differ from what GDCM or DCMTK make of them.

export interface KnownPixelDifference {
  readonly file: RegExp;
  readonly tools: RegExp;
  readonly reason: string;
}

export const knownPixelDifferences: readonly KnownPixelDifference[] = [
  {
    file: /^pydicom\/MR_truncated\.dcm$/,
    tools: /gdcmconv/,
    reason: 'The file ends within its pixels: it is not taken in, GDCM fills them up',
  },
  {
    file: /^pydicom\/badVR\.dcm$/,
    tools: /gdcmconv/,
    reason: 'Its Number of Frames is "1A": such images are refused, as Orthanc does; GDCM reads 1',
  },
  {
    file: /^pydicom\/SC_rgb_rle_(16|32)bit\.dcm/,
    tools: /gdcmconv/,
    reason: 'GDCM decodes RLE colour of 16 and 32 bits to something else; DCMTK has the same as we',
  },
  {
    file: /^pydicom\/J2K_pixelrep_mismatch\.dcm, written$/,
    tools: /gdcmconv/,
    reason: 'GDCM clears the bits above Bits Stored, which the stream of this image fills with its sign',
  },
];
