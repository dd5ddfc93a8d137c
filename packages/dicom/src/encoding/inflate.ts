// Deflated data sets (PS3.5 A.5): the inflater is given from outside, as this package has no I/O and no zlib of its own.
import { DicomError, type Problem, reportProblem } from '../data-set/index.ts';
import type { ParseOptions } from './parse-options.ts';

/** The inflated data set; empty, with a problem, where nothing is given that inflates.
 * @throws DicomError Malformed for a corrupt stream or one that gives more than `maximum` bytes */
export function inflate(bytes: Uint8Array, maximum: number, options: ParseOptions, problems: Problem[]): Uint8Array {
  if (!options.inflateRaw) {
    reportProblem(problems, 'Deflate', 0, 'the data set is deflated; nothing here inflates it');
    return new Uint8Array(0);
  }
  try {
    return options.inflateRaw(bytes, maximum);
  } catch {
    throw new DicomError('Malformed', 'the deflated data set is corrupt or too large');
  }
}
