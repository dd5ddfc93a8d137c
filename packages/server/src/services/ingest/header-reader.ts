// Reads the header of a file while its bytes go by, and follows the lengths of what comes after it. Headers that are too large to
// be held for every upload at once are given up here; they are read from the store afterwards, one at a time.
import { inflateRawSync } from 'node:zlib';
import { createPart10Parser, DicomError, type ParsedFile } from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import { createDataSetTail, type DataSetTail } from './data-set-tail.ts';

/** Bytes of headers that all uploads hold together. */
export interface HeaderBudget {
  held: number;
  readonly limit: number;
  /** A header up to this size is held whatever the others hold. */
  readonly always: number;
  /** Larger headers are given up. */
  readonly largest: number;
}

export interface HeaderReaderOptions<T> {
  readonly fallbackCharset: string;
  readonly budget: HeaderBudget;
  /** Called once, when the header is complete; what it returns must not refer to the file. Its exceptions refuse the file. */
  readonly describe: (file: ParsedFile) => T;
}

/** `given-up`: the header is larger than the budget allows. */
export type HeaderOutcome<T> = { readonly kind: 'described'; readonly value: T } | { readonly kind: 'given-up' };

export interface HeaderReader<T> {
  /** False: the file is refused already, its bytes are no longer of use. */
  push(chunk: Uint8Array): boolean;
  /** @throws PharosError BadFileFormat where it is no complete DICOM file; what `describe` threw */
  finish(): HeaderOutcome<T>;
  /** Lets go of what is held. */
  discard(): void;
}

function refusal(error: unknown): unknown {
  if (!(error instanceof DicomError)) return error;
  return new PharosError('BadFileFormat', {
    details: `Not a DICOM file that can be stored: ${error.message}`,
    cause: error,
  });
}

function isTooLarge(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'TooLarge' || error.code === 'ERR_BUFFER_TOO_LARGE')
  );
}

/** A header without Pixel Data ends with the file: nothing may be missing then. Deflated data sets may be padded (PS3.5 A.5). */
function checkComplete({ problems }: ParsedFile, isDeflated: boolean): void {
  const defect = problems.find(({ code }) => code === 'Truncated' || (code === 'TrailingBytes' && !isDeflated));
  if (defect) throw new PharosError('BadFileFormat', `Not a complete DICOM file: ${defect.message}`);
}

function tailOf({ pixelData }: ParsedFile, seen: number): DataSetTail | undefined {
  return pixelData && createDataSetTail(seen, pixelData);
}

type State<T> =
  | { readonly kind: 'reading'; readonly parser: ReturnType<typeof createPart10Parser> }
  | { readonly kind: 'described'; readonly value: T; readonly tail: DataSetTail | undefined }
  | { readonly kind: 'given-up' }
  | { readonly kind: 'refused'; readonly error: unknown };

class Reader<T> implements HeaderReader<T> {
  readonly #options: HeaderReaderOptions<T>;
  #state: State<T>;
  #seen = 0;
  #held = 0;
  #inflated: Uint8Array | undefined;
  #inflatesTooMuch = false;

  constructor(options: HeaderReaderOptions<T>) {
    this.#options = options;
    const parser = createPart10Parser({
      fallbackCharset: options.fallbackCharset,
      limits: { headerBytes: options.budget.largest },
      inflateRaw: (bytes, maximum) => this.#inflate(bytes, maximum),
    });
    this.#state = { kind: 'reading', parser };
  }

  push(chunk: Uint8Array): boolean {
    const state = this.#state;
    const start = this.#seen;
    this.#seen += chunk.byteLength;
    if (state.kind === 'described') state.tail?.push(chunk);
    if (state.kind !== 'reading') return state.kind !== 'refused';
    try {
      if (state.parser.push(chunk)) this.#complete(state.parser, start, chunk);
      else this.#hold(chunk.byteLength);
    } catch (error) {
      this.#fail(error);
    }
    return this.#state.kind !== 'refused';
  }

  finish(): HeaderOutcome<T> {
    if (this.#state.kind === 'reading') this.#end(this.#state.parser);
    const state = this.#state;
    if (state.kind === 'refused') throw state.error;
    if (state.kind !== 'described') return { kind: 'given-up' };
    state.tail?.finish();
    return state;
  }

  discard(): void {
    this.#release();
    this.#state = { kind: 'given-up' };
  }

  /** The header ends in this chunk: Pixel Data follows, or bytes that are no element. */
  #complete(parser: ReturnType<typeof createPart10Parser>, start: number, chunk: Uint8Array): void {
    const file = parser.finish();
    if (!file.pixelData) checkComplete(file, false);
    const value = this.#options.describe(file);
    const tail = tailOf(file, start);
    tail?.push(chunk);
    this.#state = { kind: 'described', value, tail };
    this.#release();
  }

  /** The file ends within what may be the header. */
  #end(parser: ReturnType<typeof createPart10Parser>): void {
    try {
      const file = parser.finish();
      const inflated = this.#inflated;
      if (file.dataSet.size === 0) throw new PharosError('BadFileFormat', 'Not a DICOM file: it has no elements');
      checkComplete(file, inflated !== undefined);
      const tail = inflated ? tailOf(file, 0) : undefined;
      if (inflated) tail?.push(inflated);
      else if (file.pixelData)
        throw new PharosError('BadFileFormat', 'Not a complete DICOM file: it ends within Pixel Data');
      this.#state = { kind: 'described', value: this.#options.describe(file), tail };
    } catch (error) {
      this.#fail(error);
    }
    this.#release();
  }

  #fail(error: unknown): void {
    this.#release();
    const isGivenUp = isTooLarge(error) || this.#inflatesTooMuch;
    this.#state = isGivenUp ? { kind: 'given-up' } : { kind: 'refused', error: refusal(error) };
  }

  #hold(bytes: number): void {
    const { budget } = this.#options;
    this.#held += bytes;
    budget.held += bytes;
    if (budget.held <= budget.limit || this.#held <= budget.always) return;
    this.#release();
    this.#state = { kind: 'given-up' };
  }

  #release(): void {
    this.#options.budget.held -= this.#held;
    this.#held = 0;
    this.#inflated = undefined;
  }

  #inflate(bytes: Uint8Array, maximum: number): Uint8Array {
    try {
      this.#inflated = inflateRawSync(bytes, { maxOutputLength: maximum });
      return this.#inflated;
    } catch (error) {
      this.#inflatesTooMuch = isTooLarge(error);
      throw error;
    }
  }
}

export function createHeaderReader<T>(options: HeaderReaderOptions<T>): HeaderReader<T> {
  return new Reader(options);
}

/** @throws PharosError BadFileFormat where it is no complete DICOM file, or its header is larger than `options.budget.largest` */
export async function readHeader<T>(source: AsyncIterable<Uint8Array>, options: HeaderReaderOptions<T>): Promise<T> {
  const reader = createHeaderReader(options);
  try {
    for await (const chunk of source) if (!reader.push(chunk)) break;
    const outcome = reader.finish();
    if (outcome.kind === 'described') return outcome.value;
  } finally {
    reader.discard();
  }
  const megabytes = Math.floor(options.budget.largest / 1048576);
  throw new PharosError(
    'BadFileFormat',
    `The file has more than ${megabytes} MB before Pixel Data, which is not supported`,
  );
}
