// What callers may ask of the parsers, and what they get.
import type { DataSet, ParseLimits, Problem } from '../data-set/index.ts';
import type { Tag } from '../tag.ts';
import type { Vr } from '../vr.ts';

export interface ParseOptions {
  /** `pixel-data` (the default): everything before (7fe0,0008), (7fe0,0009) or (7fe0,0010) at top level. `end`: those and what follows too. */
  readonly stopAt?: 'pixel-data' | 'end';
  /** Defined term for text where no character set is declared. Default ISO_IR 100. */
  readonly fallbackCharset?: string;
  readonly limits?: Partial<ParseLimits>;
  /**
   * Inflates a raw deflate stream (RFC 1951), as far as it goes if it is cut short; throws if it is corrupt or gives more than
   * `maximum` bytes. Without it a deflated data set (PS3.5 A.5) stays unread, with a problem.
   */
  readonly inflateRaw?: (bytes: Uint8Array, maximum: number) => Uint8Array;
}

/** Where Pixel Data is. Offsets count from the start of the file, of the inflated data set when that is deflated. */
export interface PixelDataPlace {
  readonly tag: Tag;
  readonly vr: Vr;
  /** Of the element's tag. */
  readonly offset: number;
  readonly valueOffset: number;
  /** In bytes; 0xffffffff where it is undefined, that is, encapsulated. */
  readonly length: number;
  /** How the data set that it lies in is encoded in truth, whatever its transfer syntax and its own header say. */
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

export interface ParsedFile {
  /** Group 0002; empty where the file has none. */
  readonly meta: DataSet;
  readonly hasMeta: boolean;
  readonly dataSet: DataSet;
  /** As the meta header says; where it does not, as the bytes look. */
  readonly transferSyntax: string;
  readonly pixelData: PixelDataPlace | undefined;
  /** What was repaired. Grows while nested items are read. */
  readonly problems: readonly Problem[];
}
