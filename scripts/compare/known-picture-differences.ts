// Why pictures of some images differ from those that Orthanc 1.10.1 makes.

export interface KnownPictureDifference {
  readonly file: RegExp;
  readonly views: RegExp;
  readonly reason: string;
}

export const knownPictureDifferences: readonly KnownPictureDifference[] = [
  {
    file: /J2K_pixelrep_mismatch\.dcm$/,
    views: /./,
    reason: 'The stream is unsigned where the data set says signed: here the values are signed, as the data set says',
  },
  {
    file: /SC_rgb_rle_16bit(_2frame)?\.dcm$/,
    views: /preview/,
    reason: 'GDCM decodes RLE colour of 16 bits to something else; DCMTK has the same as we',
  },
  {
    file: /rtdose_rle\.dcm$/,
    views: /rendered/,
    reason: 'Its Dose Grid Scaling is stored as UN: it is applied here, Orthanc shows the values without it',
  },
];
