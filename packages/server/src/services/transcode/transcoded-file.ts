// A stored image in another transfer syntax, written as a Part 10 file: what is before the pixels, the pixels frame by frame, what is
// behind them. Small ones are made at once, of large ones never more than a few frames are in memory.
import { deflateRawSync } from 'node:zlib';
import { type EncodedFrame, type FrameFormat, formatChanges } from '@pharos/codecs';
import {
  type DataSet,
  type ElementInit,
  editDataSet,
  encodeDataSet,
  encodeFileMeta,
  Tag,
  type TransferSyntax,
  transferSyntaxOf,
} from '@pharos/dicom';
import { PharosError } from '../../model/index.ts';
import type { ByteSpan, InstanceFile } from '../services.ts';

export interface TranscodedImage {
  /** All elements but Pixel Data. */
  readonly dataSet: DataSet;
  readonly former: FrameFormat;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  readonly frames: number;
  /** The first frame: it tells what all are like. */
  readonly first: EncodedFrame;
  /** What else changes in the data set. */
  readonly changes: readonly ElementInit[];
}

/** `heldBytes` of memory are in it. */
export interface WrittenFile extends InstanceFile {
  readonly heldBytes: number;
}

const pixelData = 0x7fe00010;
const itemHeaderBytes = 8;
const undefinedLength = 0xffffffff;
const explicitLittleEndian = '1.2.840.10008.1.2.1';

/** Those of one way to write pixels would lie about another (PS3.3 C.7.6.3.1.8, PS3.5 A.4.5). */
const tiedToEncoding = new Set<number>([
  Tag.ExtendedOffsetTable,
  Tag.ExtendedOffsetTableLengths,
  Tag.EncapsulatedPixelDataValueTotalLength,
  pixelData,
]);

function syntaxOf(uid: string): TransferSyntax {
  const syntax = transferSyntaxOf(uid);
  if (!syntax) throw new PharosError('ParameterOutOfRange', `Unknown transfer syntax: ${uid}`);
  return syntax;
}

const paddedLength = (length: number): number => length + (length % 2);

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function itemHeader(element: number, length: number): Uint8Array {
  const header = new Uint8Array(itemHeaderBytes);
  view(header).setUint16(0, 0xfffe, true);
  view(header).setUint16(2, element, true);
  view(header).setUint32(4, length, true);
  return header;
}

const item = (length: number): Uint8Array => itemHeader(0xe000, length);
const delimitation = (): Uint8Array => itemHeader(0xe0dd, 0);
const pad = new Uint8Array(1);

/** Native pixels of more than one byte are words, also in explicit VR (PS3.5 8.1.1, A.2). */
function pixelVr({ explicitVr, encapsulated }: TransferSyntax, { bitsAllocated }: FrameFormat): 'OB' | 'OW' {
  if (encapsulated) return 'OB';
  return bitsAllocated > 8 || !explicitVr ? 'OW' : 'OB';
}

function elementHeader({ explicitVr, littleEndian }: TransferSyntax, vr: 'OB' | 'OW', length: number): Uint8Array {
  const header = new Uint8Array(explicitVr ? 12 : 8);
  view(header).setUint16(0, pixelData >>> 16, littleEndian);
  view(header).setUint16(2, pixelData & 0xffff, littleEndian);
  if (explicitVr) for (const [at, letter] of [...vr].entries()) header[4 + at] = letter.charCodeAt(0);
  view(header).setUint32(header.byteLength - 4, length, littleEndian);
  return header;
}

/** In big endian, words are turned (PS3.5 A.3). */
function inByteOrder(bytes: Uint8Array, { littleEndian }: TransferSyntax, { bitsAllocated }: FrameFormat): Uint8Array {
  if (littleEndian || bitsAllocated <= 8) return bytes;
  const turned = Buffer.from(bytes);
  if (turned.byteLength % 4 === 0 && bitsAllocated === 32) return turned.swap32();
  return turned.byteLength % 2 === 0 ? turned.swap16() : bytes;
}

function checkSame(frame: EncodedFrame, first: EncodedFrame): void {
  const isSame = formatChanges(frame.format, first.format).length === 0;
  if (!isSame) throw new PharosError('BadFileFormat', 'The frames of the image differ in their format');
}

/** Without the attributes that tell how the pixels were encoded. */
export const withoutEncodingTags = (dataSet: DataSet): DataSet =>
  editDataSet(dataSet, [], (tag) => !tiedToEncoding.has(tag));

type Frames = Iterable<EncodedFrame> | AsyncIterable<EncodedFrame>;

/** @param table offsets of the frames, where they are known beforehand */
async function* encapsulated(frames: Frames, first: EncodedFrame, table: Uint8Array): AsyncGenerator<Uint8Array> {
  yield item(table.byteLength);
  if (table.byteLength > 0) yield table;
  for await (const frame of frames) {
    checkSame(frame, first);
    yield item(paddedLength(frame.bytes.byteLength));
    yield frame.bytes;
    if (frame.bytes.byteLength % 2 === 1) yield pad;
  }
  yield delimitation();
}

/** The Basic Offset Table (PS3.5 A.4). */
function offsetTable(frames: readonly EncodedFrame[]): Uint8Array {
  const table = new Uint8Array(frames.length * 4);
  let offset = 0;
  for (const [index, { bytes }] of frames.entries()) {
    view(table).setUint32(index * 4, offset, true);
    offset += itemHeaderBytes + paddedLength(bytes.byteLength);
  }
  return table;
}

async function* native(frames: Frames, first: EncodedFrame, syntax: TransferSyntax): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const frame of frames) {
    checkSame(frame, first);
    length += frame.bytes.byteLength;
    yield inByteOrder(frame.bytes, syntax, frame.format);
  }
  if (length % 2 === 1) yield pad;
}

interface Part {
  readonly meta: Uint8Array;
  /** Elements before the pixels, then the header of the pixels; what is behind the pixels. */
  readonly before: readonly Uint8Array[];
  readonly behind: Uint8Array;
}

function partsOf(image: TranscodedImage, syntax: TransferSyntax): Part {
  const { sopClassUid, sopInstanceUid, transferSyntax, first, frames } = image;
  const changes = [...formatChanges(first.format, image.former), ...image.changes];
  const isKept = (tag: number): boolean => !tiedToEncoding.has(tag);
  const dataSet = editDataSet(image.dataSet, changes, isKept);
  const written = (isWanted: (tag: number) => boolean): Uint8Array =>
    encodeDataSet(editDataSet(dataSet, [], isWanted), syntax.deflated ? explicitLittleEndian : transferSyntax);
  const length = syntax.encapsulated ? undefinedLength : paddedLength(first.bytes.byteLength * frames);
  return {
    meta: encodeFileMeta({ sopClassUid, sopInstanceUid, transferSyntax }),
    before: [written((tag) => tag < pixelData), elementHeader(syntax, pixelVr(syntax, first.format), length)],
    behind: written((tag) => tag > pixelData),
  };
}

async function* inOrder(part: Part, pixels: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* part.before;
  yield* pixels;
  if (part.behind.byteLength > 0) yield part.behind;
}

export interface CopiedPixels {
  readonly vr: 'OB' | 'OW';
  /** Encapsulated: the offset table first. Native: one. Words are little endian. */
  readonly spans: readonly ByteSpan[];
}

async function* copiedItems(spans: readonly ByteSpan[]): AsyncGenerator<Uint8Array> {
  for (const span of spans) {
    yield item(paddedLength(span.length));
    yield* span.stream();
    if (span.length % 2 === 1) yield pad;
  }
  yield delimitation();
}

async function* copiedSamples(
  spans: readonly ByteSpan[],
  syntax: TransferSyntax,
  vr: 'OB' | 'OW',
): AsyncGenerator<Uint8Array> {
  for (const span of spans) {
    // Words are turned back as a whole: pieces may end within one.
    if (!syntax.littleEndian && vr === 'OW') yield Buffer.from(await span.read()).swap16();
    else yield* span.stream();
    if (span.length % 2 === 1) yield pad;
  }
}

/** Another data set around the pixels of a file, in the transfer syntax of the file. Not for deflated ones. */
export function copiedFile(
  dataSet: DataSet,
  identity: Identity,
  transferSyntax: string,
  pixels: CopiedPixels,
): WrittenFile {
  const syntax = syntaxOf(transferSyntax);
  const { vr, spans } = pixels;
  const bytes = spans.reduce((sum, { length }) => sum + paddedLength(length), 0);
  const written = (isWanted: (tag: number) => boolean): Uint8Array =>
    encodeDataSet(editDataSet(dataSet, [], isWanted), transferSyntax);
  const meta = encodeFileMeta({ ...identity, transferSyntax });
  const before = [
    written((tag) => tag < pixelData),
    elementHeader(syntax, vr, syntax.encapsulated ? undefinedLength : bytes),
  ];
  const behind = written((tag) => tag > pixelData);
  const pixelBytes = syntax.encapsulated ? bytes + (spans.length + 1) * itemHeaderBytes : bytes;
  const around = [meta, ...before, behind].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    ...identity,
    transferSyntax,
    length: around + pixelBytes,
    heldBytes: 0,
    async *stream() {
      yield meta;
      yield* inOrder(
        { meta, before, behind },
        syntax.encapsulated ? copiedItems(spans) : copiedSamples(spans, syntax, vr),
      );
    },
  };
}

/** All of a data set in another transfer syntax without compression. */
export function rewrittenFile(dataSet: DataSet, identity: Identity, transferSyntax: string): WrittenFile {
  const syntax = syntaxOf(transferSyntax);
  const body = encodeDataSet(dataSet, syntax.deflated ? explicitLittleEndian : transferSyntax);
  const meta = encodeFileMeta({ ...identity, transferSyntax });
  return fileOf({ ...identity, transferSyntax }, [meta, syntax.deflated ? deflated(body) : body]);
}

type Identity = Pick<InstanceFile, 'sopClassUid' | 'sopInstanceUid'>;

function fileOf(identity: Identity & { readonly transferSyntax: string }, pieces: readonly Uint8Array[]): WrittenFile {
  const length = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    ...identity,
    length,
    heldBytes: length,
    async *stream() {
      yield* pieces;
    },
  };
}

function deflated(body: Uint8Array): Uint8Array {
  const bytes = deflateRawSync(body);
  return bytes.byteLength % 2 === 0 ? bytes : Buffer.concat([bytes, pad]);
}

/** @param frames all of them. @throws PharosError BadFileFormat where they differ in their format */
export async function wholeFile(image: TranscodedImage, frames: readonly EncodedFrame[]): Promise<WrittenFile> {
  const syntax = syntaxOf(image.transferSyntax);
  const part = partsOf(image, syntax);
  const pixels = syntax.encapsulated
    ? encapsulated(frames, image.first, offsetTable(frames))
    : native(frames, image.first, syntax);
  if (!syntax.deflated) return fileOf(identityOf(image), [part.meta, ...(await piecesOf(inOrder(part, pixels)))]);
  return fileOf(identityOf(image), [part.meta, deflated(Buffer.concat(await piecesOf(inOrder(part, pixels))))]);
}

async function piecesOf(stream: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

/** Made anew each time it is read, frame by frame. Not for deflated transfer syntaxes. */
export function streamedFile(image: TranscodedImage, frames: () => AsyncIterable<EncodedFrame>): WrittenFile {
  const { first } = image;
  const syntax = syntaxOf(image.transferSyntax);
  const part = partsOf(image, syntax);
  const noTable = new Uint8Array(0);
  const around = [part.meta, ...part.before, part.behind].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return {
    ...identityOf(image),
    length: syntax.encapsulated ? undefined : around + paddedLength(first.bytes.byteLength * image.frames),
    heldBytes: 0,
    async *stream() {
      yield part.meta;
      yield* inOrder(
        part,
        syntax.encapsulated ? encapsulated(frames(), first, noTable) : native(frames(), first, syntax),
      );
    },
  };
}

const identityOf = ({ sopClassUid, sopInstanceUid, transferSyntax }: TranscodedImage) => ({
  sopClassUid,
  sopInstanceUid,
  transferSyntax,
});
