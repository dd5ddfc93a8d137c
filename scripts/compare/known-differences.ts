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

export const knownDifferences: readonly KnownDifference[] = [];
