// What makes an archive a medium (PS3.10): its directory, which learns from the headers as the files go by; and files that others can
// read, with a preamble also where they were stored without.
import { inflateRawSync } from 'node:zlib';
import {
  createDicomDir,
  createPart10Parser,
  encodeFileMeta,
  type ParsedFile,
  Tag,
  transferSyntaxOf,
} from '@pharos/dicom';
import type { Logger } from '../../ports/index.ts';
import type { EntryContent } from '../../zip/index.ts';
import type { PlannedFile } from './archive-plan.ts';

/** A file of which the first piece was read: it is there. */
export interface BegunFile {
  readonly transferSyntax: string;
  readonly length: number | undefined;
  /** Once; each piece is there until the next one is asked for. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

export interface MediumOptions {
  /** Descriptions in the directory. */
  readonly isExtended: boolean;
  readonly now: Date;
  readonly fallbackCharset: string;
  readonly log: Logger;
}

export interface Medium {
  readonly directoryName: string;
  /** The file as it goes onto the medium; its header is read on the way. */
  add(file: PlannedFile, begun: BegunFile): Pick<BegunFile, 'pieces' | 'length'>;
  /** The file has gone by. */
  written(file: PlannedFile): void;
  /** When all files have. */
  directory(): EntryContent;
}

const fileSetId = 'ORTHANC_MEDIA';
const preambleBytes = 128;
const startBytes = preambleBytes + 4;
const magic = Buffer.from('DICM');
const metaGroup = 0x0002;
const firstStep = 16 * 1024;
const headerBytes = 64 * 1024 * 1024;

type Pieces = AsyncIterable<Uint8Array>;

/** Reads a header out of bytes that are there for a moment only. */
class HeaderReader {
  readonly #parser: ReturnType<typeof createPart10Parser>;
  #step = firstStep;
  #hasFailed = false;

  constructor(fallbackCharset: string) {
    this.#parser = createPart10Parser({ fallbackCharset, inflateRaw });
  }

  get isDone(): boolean {
    return this.#hasFailed || this.#parser.isComplete;
  }

  see(piece: Uint8Array): void {
    for (let at = 0; at < piece.byteLength && !this.isDone; ) {
      const bytes = new Uint8Array(piece.subarray(at, at + this.#step));
      at += bytes.byteLength;
      this.#step *= 2;
      try {
        this.#parser.push(bytes);
      } catch {
        this.#hasFailed = true;
      }
    }
  }

  /** undefined: it cannot be read. */
  finish(): ParsedFile | undefined {
    if (this.#hasFailed) return undefined;
    try {
      return this.#parser.finish();
    } catch {
      this.#hasFailed = true;
      return undefined;
    }
  }
}

function inflateRaw(bytes: Uint8Array, maximum: number): Uint8Array {
  return inflateRawSync(bytes, { maxOutputLength: Math.min(Math.max(maximum, 1), headerBytes), finishFlush: 2 });
}

async function* seenBy(header: HeaderReader, pieces: Pieces): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (!header.isDone) header.see(piece);
    yield piece;
  }
}

/** The same bytes; the first piece has so many of them, if there are. */
async function* beginningWith(count: number, pieces: Pieces): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined = new Uint8Array(0);
  for await (const piece of pieces) {
    if (!held) yield piece;
    else if (held.byteLength + piece.byteLength < count) held = Buffer.concat([held, piece]);
    else {
      yield held.byteLength > 0 ? Buffer.concat([held, piece]) : piece;
      held = undefined;
    }
  }
  if (held && held.byteLength > 0) yield held;
}

const isMagic = (start: Buffer, at: number): boolean => start.subarray(at, at + magic.byteLength).equals(magic);

/** What a file without a meta header lacks. */
function metaOf(header: HeaderReader): Uint8Array | undefined {
  const parsed = header.finish();
  if (!parsed || !transferSyntaxOf(parsed.transferSyntax)) return undefined;
  return encodeFileMeta({
    sopClassUid: parsed.dataSet.text(Tag.SOPClassUID) ?? '',
    sopInstanceUid: parsed.dataSet.text(Tag.SOPInstanceUID) ?? '',
    transferSyntax: parsed.transferSyntax,
  });
}

/** A data set alone: held back until it is known what has to stand before it. */
async function* withMeta(pieces: AsyncIterator<Uint8Array>, first: Uint8Array, header: HeaderReader) {
  const held: Uint8Array[] = [];
  for (let piece: Uint8Array | undefined = first; piece; ) {
    held.push(new Uint8Array(piece));
    if (header.isDone) break;
    const step: IteratorResult<Uint8Array> = await pieces.next();
    piece = step.done ? undefined : step.value;
  }
  const meta = metaOf(header);
  if (meta) yield meta;
  yield* held;
}

/** With preamble and meta header (PS3.10 7.1), whatever it begins with. */
async function* asPart10(pieces: AsyncGenerator<Uint8Array>, header: HeaderReader): AsyncGenerator<Uint8Array> {
  try {
    const first = await pieces.next();
    if (first.done) return;
    const start = Buffer.from(first.value.buffer, first.value.byteOffset, Math.min(first.value.byteLength, startBytes));
    if (isMagic(start, preambleBytes)) yield first.value;
    else if (isMagic(start, 0)) {
      yield Buffer.alloc(preambleBytes);
      yield first.value;
    } else if (start.byteLength > 8 && start.readUInt16LE(0) === metaGroup) {
      yield Buffer.concat([Buffer.alloc(preambleBytes), magic]);
      yield first.value;
    } else yield* withMeta(pieces, first.value, header);
    yield* pieces;
  } finally {
    await pieces.return(undefined);
  }
}

export function createMedium({ isExtended, now, fallbackCharset, log }: MediumOptions): Medium {
  const builder = createDicomDir({ fileSetId, isExtended, now });
  const headers = new Map<PlannedFile, HeaderReader>();

  const register = ({ path }: PlannedFile, header: HeaderReader | undefined): boolean => {
    const parsed = header?.finish();
    if (!parsed) return false;
    try {
      builder.add({ path, dataSet: parsed.dataSet, transferSyntax: parsed.transferSyntax });
      return true;
    } catch {
      return false;
    }
  };

  return {
    directoryName: 'DICOMDIR',
    add(file, { pieces, length }) {
      const header = new HeaderReader(fallbackCharset);
      headers.set(file, header);
      const start = beginningWith(startBytes, pieces);
      return { pieces: asPart10(seenBy(header, start), header), length };
    },
    written(file) {
      const isRegistered = register(file, headers.get(file));
      headers.delete(file);
      if (isRegistered) return;
      log.warn('The header of a file cannot be read: it is on the medium, but not in its directory', { id: file.id });
    },
    directory() {
      const { length, pieces } = builder.finish();
      return {
        level: 1,
        length,
        async *content() {
          yield* pieces;
        },
      };
    },
  };
}
