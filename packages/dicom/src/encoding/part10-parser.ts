// The Part 10 push parser (PS3.10 7): preamble, meta header, data set up to Pixel Data. It takes chunks as they come, never reads a
// byte twice, and copies nothing if the first chunk holds the whole header.
import {
  bigEndianFlag,
  codeMask,
  createSource,
  DataSet,
  DicomError,
  defaultLimits,
  ElementScan,
  explicitFlag,
  type ParseLimits,
  type Problem,
  reportProblem,
  ScannedContents,
  type Source,
} from '../data-set/index.ts';
import { vrOf } from '../dictionary/index.ts';
import { transferSyntaxOf } from '../uid/index.ts';
import { vrOfCode } from '../vr.ts';
import { isMagic, isPlausibleStart, modeInTruth } from './file-start.ts';
import { inflate } from './inflate.ts';
import { modeOf, uidOfMode } from './modes.ts';
import type { ParsedFile, ParseOptions, PixelDataPlace } from './parse-options.ts';

const preambleLength = 128;
const magicEnd = 132;
const metaGroup = 0x0002;
const groupLengthTag = 0x00020000;
const transferSyntaxTag = 0x00020010;
const latin1 = 'ISO_IR 100';
/** A header in a buffer this many times its size is copied, so that it does not keep the buffer alive. */
const wasteful = 4;

const noSource = createSource(new Uint8Array(0));

type Stage = 'start' | 'meta' | 'data-set-start' | 'data-set' | 'deflated' | 'complete';

export class Part10Parser {
  readonly #options: ParseOptions;
  readonly #limits: ParseLimits;
  readonly #problems: Problem[] = [];
  #stage: Stage = 'start';
  #source: Source = noSource;
  /** Bytes of the source that were filled. */
  #end = 0;
  #isOwn = false;
  #metaScan: ElementScan | undefined;
  #metaStart = 0;
  #scan: ElementScan | undefined;
  #dataStart = 0;
  #meta: DataSet | undefined;
  #metaSource: Source = noSource;
  #isInflated = false;
  #transferSyntax = '';
  #needed = magicEnd;
  readonly #keepsBytes: boolean;

  /** `keepsBytes`: the result may keep all bytes alive, as the caller has them in memory anyway. */
  constructor(options: ParseOptions = {}, keepsBytes = false) {
    this.#options = options;
    this.#keepsBytes = keepsBytes;
    this.#limits = options.limits ? { ...defaultLimits, ...options.limits } : defaultLimits;
  }

  get isComplete(): boolean {
    return this.#stage === 'complete';
  }

  /** @throws DicomError */
  push(chunk: Uint8Array): boolean {
    if (this.#stage === 'complete') return true;
    if (chunk.length === 0) return false;
    this.#append(chunk);
    return this.#end >= this.#needed && this.#advance(false);
  }

  /** @throws DicomError */
  finish(): ParsedFile {
    if (this.#stage !== 'complete') this.#advance(true);
    const scan = this.#scan;
    const meta = this.#meta;
    if (!scan || !meta) throw new DicomError('NotDicom', 'no data set');
    const source = this.#releasedSource(scan);
    const charset = this.#options.fallbackCharset ?? latin1;
    const contents = new ScannedContents(source, scan.mode, undefined, this.#dataStart, scan.contentEnd, scan);
    return {
      meta: this.#metaOver(source, meta),
      hasMeta: this.#metaScan !== undefined,
      dataSet: new DataSet(contents, charset),
      transferSyntax: this.#transferSyntax,
      pixelData: pixelDataOf(scan),
      problems: this.#problems,
    };
  }

  #append(chunk: Uint8Array): void {
    if (this.#end === 0) {
      this.#source = createSource(chunk, this.#limits, this.#problems);
      this.#end = chunk.length;
      return;
    }
    const end = this.#end + chunk.length;
    const { bytes } = this.#source;
    if (this.#isOwn && end <= bytes.length) {
      bytes.set(chunk, this.#end);
    } else {
      const grown = new Uint8Array(Math.max(end, this.#end * 2));
      grown.set(bytes.subarray(0, this.#end));
      grown.set(chunk, this.#end);
      this.#source = createSource(grown, this.#limits, this.#problems);
      this.#isOwn = true;
    }
    this.#end = end;
  }

  /** Takes stage after stage as far as the bytes reach. */
  #advance(isLast: boolean): boolean {
    if (this.#stage === 'start' && !this.#start(isLast)) return false;
    if (this.#stage === 'meta' && !this.#readMeta(isLast)) return false;
    if (this.#stage === 'data-set-start' && !this.#startDataSet(isLast)) return false;
    if (this.#stage === 'deflated') return this.#inflate(isLast);
    return this.#readDataSet(isLast);
  }

  #start(isLast: boolean): boolean {
    if (this.#end < magicEnd && !isLast) return false;
    const { bytes, view } = this.#source;
    if (this.#end >= magicEnd && isMagic(bytes, preambleLength)) {
      this.#beginMeta(magicEnd);
      return true;
    }
    if (this.#end < 8) throw new DicomError('NotDicom', 'too short for a DICOM file');
    const start = isMagic(bytes, 0) ? 4 : 0;
    if (
      this.#end >= start + 8 &&
      view.getUint16(start, true) === metaGroup &&
      view.getUint16(start + 2, true) < 0x0200
    ) {
      reportProblem(this.#problems, 'NoMetaHeader', 0, 'there is no preamble');
      this.#beginMeta(start);
      return true;
    }
    if (!isPlausibleStart(view)) throw new DicomError('NotDicom', 'neither preamble nor data set');
    reportProblem(this.#problems, 'NoMetaHeader', 0, 'there is no meta header');
    this.#stage = 'data-set-start';
    return true;
  }

  #beginMeta(start: number): void {
    this.#metaStart = start;
    this.#metaScan = new ElementScan(start, explicitFlag, 'end-of-meta', 0);
    this.#stage = 'meta';
  }

  #readMeta(isLast: boolean): boolean {
    const scan = this.#metaScan;
    if (!scan) return false;
    if (!scan.run(this.#source, this.#end, isLast)) {
      this.#needed = scan.needed;
      return false;
    }
    this.#dataStart = scan.contentEnd;
    const meta = new DataSet(
      new ScannedContents(this.#source, explicitFlag, undefined, this.#metaStart, scan.contentEnd, scan),
      latin1,
    );
    this.#meta = meta;
    this.#metaSource = this.#source;
    this.#transferSyntax = meta.text(transferSyntaxTag) ?? '';
    this.#checkGroupLength(meta);
    this.#stage = 'data-set-start';
    return true;
  }

  #checkGroupLength(meta: DataSet): void {
    const element = meta.contents.slotOf(groupLengthTag);
    const declared = meta.number(groupLengthTag);
    const start = element < 0 ? 0 : meta.contents.offsetAt(element) + meta.contents.lengthAt(element);
    if (declared !== undefined && start + declared === this.#dataStart) return;
    reportProblem(this.#problems, 'GroupLength', this.#metaStart, 'is wrong or absent', groupLengthTag);
  }

  #startDataSet(isLast: boolean): boolean {
    if (transferSyntaxOf(this.#transferSyntax)?.deflated) {
      this.#stage = 'deflated';
      return true;
    }
    if (this.#end < this.#dataStart + 8 && !isLast) {
      this.#needed = this.#dataStart + 8;
      return false;
    }
    this.#beginDataSet(this.#source, this.#dataStart, this.#end);
    return true;
  }

  #beginDataSet(source: Source, start: number, end: number): void {
    const declared = modeOf(this.#transferSyntax);
    const mode = end < start + 8 ? (declared ?? explicitFlag) : modeInTruth(source, start, declared);
    if (declared === undefined) {
      if (this.#metaScan)
        reportProblem(this.#problems, 'UnknownTransferSyntax', start, 'transfer syntax is absent or unknown');
      if (this.#transferSyntax === '') this.#transferSyntax = uidOfMode(mode);
    } else if (declared !== mode) {
      reportProblem(
        this.#problems,
        'EncodingMismatch',
        start,
        'the data set is not encoded as its transfer syntax says',
      );
    }
    this.#meta ??= new DataSet(new ScannedContents(source, explicitFlag, undefined, 0, 0), latin1);
    this.#scan = new ElementScan(start, mode, this.#options.stopAt ?? 'pixel-data', 0);
    this.#stage = 'data-set';
  }

  #readDataSet(isLast: boolean): boolean {
    const scan = this.#scan;
    if (!scan) return false;
    if (!scan.run(this.#source, this.#end, isLast)) {
      this.#needed = scan.needed;
      this.#checkSize();
      return false;
    }
    this.#stage = 'complete';
    return true;
  }

  /** Waits for the whole stream: it is inflated in one go. */
  #inflate(isLast: boolean): boolean {
    this.#needed = this.#end + 1;
    this.#checkSize();
    if (!isLast) return false;
    const deflated = this.#source.bytes.subarray(this.#dataStart, this.#end);
    const inflated = inflate(deflated, this.#limits.headerBytes, this.#options, this.#problems);
    const source = createSource(inflated, this.#limits, this.#problems);
    this.#isInflated = true;
    this.#dataStart = 0;
    this.#beginDataSet(source, 0, inflated.length);
    this.#scan?.run(source, inflated.length, true);
    this.#source = source;
    this.#end = inflated.length;
    this.#stage = 'complete';
    return true;
  }

  #checkSize(): void {
    if (this.#end > this.#limits.headerBytes && this.#options.stopAt !== 'end') {
      throw new DicomError('TooLarge', 'the header is longer than allowed');
    }
  }

  /** The source, or one over a copy of the header if that is a small part of a large buffer. */
  #releasedSource(scan: ElementScan): Source {
    const { bytes } = this.#source;
    const end = scan.contentEnd;
    if (this.#keepsBytes || bytes.buffer.byteLength <= end * wasteful) return this.#source;
    return createSource(bytes.slice(0, end), this.#limits, this.#problems);
  }

  /** The meta header over the bytes that the result keeps; of deflated files it stays on those it was read from. */
  #metaOver(source: Source, meta: DataSet): DataSet {
    const scan = this.#metaScan;
    if (!scan || this.#isInflated || source === this.#metaSource) return meta;
    return new DataSet(
      new ScannedContents(source, explicitFlag, undefined, this.#metaStart, scan.contentEnd, scan),
      latin1,
    );
  }
}

function pixelDataOf(scan: ElementScan): PixelDataPlace | undefined {
  const place = scan.pixelData;
  if (!place) return undefined;
  const { tag, code, offset, valueOffset, length } = place;
  const vr = (code & codeMask) === 0 ? vrOf(tag) : vrOfCode(code);
  const explicitVr = (scan.mode & explicitFlag) !== 0;
  return { tag, vr, offset, valueOffset, length, explicitVr, littleEndian: (scan.mode & bigEndianFlag) === 0 };
}

/** A parser that takes the file in chunks. Chunks must not be changed by anybody before `finish` was called, nor after. */
export function createPart10Parser(options?: ParseOptions): {
  /** True once everything before Pixel Data is there; what is pushed later is ignored. @throws DicomError */
  push(chunk: Uint8Array): boolean;
  readonly isComplete: boolean;
  /** The result; call it once complete, or when there are no more bytes. @throws DicomError */
  finish(): ParsedFile;
} {
  return new Part10Parser(options);
}
