// Where our answers differ from Orthanc 1.10.1 on purpose, and why. The comparison fails on any other difference.
export interface KnownDifference {
  /** Matches the path of the sample below its folder. */
  readonly file: RegExp;
  /** `status`, `tags`, `simplified-tags`, `header` or `file`. */
  readonly route: RegExp;
  /** Matches the place in the JSON answer, such as `/0010,0010/Value`. */
  readonly place: RegExp;
  readonly reason: string;
}

const anywhere = /^/;
const tags = /tags$/;

export const knownDifferences: readonly KnownDifference[] = [
  {
    file: /(chrH32|J2K_pixelrep_mismatch)\.dcm$/,
    route: tags,
    place: anywhere,
    reason:
      'Under ISO_IR 13 Orthanc shows the backslash between values as a yen sign; creators in UN elements are found here',
  },
  {
    file: /chrJapMultiExplicitIR6\.dcm$/,
    route: tags,
    place: anywhere,
    reason:
      'Orthanc shows the escape sequences of ISO 2022 IR 87 where ISO 2022 IR 6 comes first; they are decoded here',
  },
  {
    file: /(JPEG-lossy|JPEG2000|JPEG2000-embedded-sequence-delimiter|JPGExtended)\.dcm$/,
    route: tags,
    place: /0028,0009|FrameIncrementPointer/,
    reason: 'Orthanc 1.10.1 shows the first of several AT values, 1.13 and Pharos all of them',
  },
  {
    file: /reportsi_with_empty_number_tags\.dcm$/,
    route: tags,
    place: /0064,0009|VectorGridData/,
    reason: 'OF is text since Orthanc 1.13, also when empty',
  },
  {
    file: /rtstruct\.dcm$/,
    route: tags,
    place: /3006,0085|3006,0088|ROIObservation/,
    reason: 'Attributes that the standard retired since the dictionary of 1.10.1 carry the prefix RETIRED_',
  },
  {
    file: /SC_rgb_jpeg\.dcm$/,
    route: /status/,
    place: anywhere,
    reason: 'Says explicit VR and is implicit: read here, refused by Orthanc',
  },
];
