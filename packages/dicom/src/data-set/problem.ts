// What is wrong with bytes: a problem where reading goes on, an error where nothing useful can be given; and the caps on both.
import { formatTag, type Tag } from '../tag.ts';

export type ProblemCode =
  /** The bytes end before the element, item or sequence does. */
  | 'Truncated'
  /** A length reaches beyond the item or sequence it lies in; it was cut. */
  | 'LengthBeyondParent'
  /** A delimitation item is missing or where none belongs. */
  | 'Delimiter'
  /** The two letters of an explicit encoding are no value representation. */
  | 'InvalidVr'
  /** Elements are not in ascending order of tags. */
  | 'Order'
  /** A tag occurs twice; the first one counts. */
  | 'Duplicate'
  /** Group length of the meta header is wrong or absent. */
  | 'GroupLength'
  /** No meta header, or no preamble. */
  | 'NoMetaHeader'
  /** Transfer Syntax UID is absent or unknown. */
  | 'UnknownTransferSyntax'
  /** The data set is not encoded as its transfer syntax says. */
  | 'EncodingMismatch'
  /** Zeros where an element belongs, eight or more; they were passed over. */
  | 'Padding'
  /** Bytes behind the last element that are no element. */
  | 'TrailingBytes'
  /** A deflated data set that cannot be inflated. */
  | 'Deflate';

/** A defect that did not stop the reading. Holds no values, hence no patient data. */
export interface Problem {
  readonly code: ProblemCode;
  readonly tag?: Tag;
  /** From the start of the parsed bytes (of the inflated stream when deflated). */
  readonly offset: number;
  readonly message: string;
}

export type DicomErrorCode = 'NotDicom' | 'Truncated' | 'TooDeep' | 'TooLarge' | 'TooManyElements' | 'Malformed';

/** Thrown where nothing useful can be given. */
export class DicomError extends Error {
  readonly code: DicomErrorCode;

  constructor(code: DicomErrorCode, message: string) {
    super(message);
    this.name = 'DicomError';
    this.code = code;
  }
}

export interface ParseLimits {
  /** Bytes before Pixel Data, and of any one value before it; also the most that is inflated. Default 256 MiB. */
  readonly headerBytes: number;
  /** Elements and items that are stepped over in one data set, and, again, that are made of all its sequences. Default 2,000,000. */
  readonly elements: number;
  /** Sequences within sequences. Default 128. */
  readonly depth: number;
}

export const defaultLimits: ParseLimits = { headerBytes: 256 * 1024 * 1024, elements: 2_000_000, depth: 128 };

const mostProblems = 64;

/** Adds a problem; of more than 64 only the first of its code is kept, so that no defect hides behind many others. */
export function reportProblem(
  problems: Problem[],
  code: ProblemCode,
  offset: number,
  message: string,
  tag?: Tag,
): void {
  if (problems.length >= mostProblems && problems.some((problem) => problem.code === code)) return;
  problems.push({ code, offset, message: tag === undefined ? message : `(${formatTag(tag)}) ${message}`, tag });
}
