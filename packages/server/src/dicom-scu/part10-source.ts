// A Part 10 file that is about to be sent: what it is, and its data set without the file meta header (PS3.10 7.1), as a stream. The
// header of the data set is read for its UIDs; pixel data pass by. A deflated data set is not inflated: its meta header has the UIDs.
import { createPart10Parser, DicomError, dataSetStart, Tag } from '@pharos/dicom';
import { PharosError } from '../model/index.ts';

export interface Part10Source {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntax: string;
  /** To be read once, to the end. */
  readonly dataSet: AsyncIterable<Uint8Array>;
  /** The data set will not be read. */
  close(): Promise<void>;
}

const deflatedExplicitLittleEndian = '1.2.840.10008.1.2.1.99';
/** Reads as much of a file as its header takes. @throws PharosError BadFileFormat, NoSopClassOrInstance */
export async function openPart10(file: AsyncIterable<Uint8Array>): Promise<Part10Source> {
  const iterator = file[Symbol.asyncIterator]();
  const close = async (): Promise<void> => void (await iterator.return?.());
  try {
    const head = await readHeader(iterator);
    return { ...head.identity, dataSet: dataSetOf(head.chunks, head.dataSetOffset, iterator), close };
  } catch (error) {
    await close();
    if (error instanceof DicomError) throw new PharosError('BadFileFormat', { details: error.message, cause: error });
    throw error;
  }
}

interface Head {
  readonly identity: Pick<Part10Source, 'sopClassUid' | 'sopInstanceUid' | 'transferSyntax'>;
  /** What was read, in order. */
  readonly chunks: readonly Uint8Array[];
  readonly dataSetOffset: number;
}

async function readHeader(iterator: AsyncIterator<Uint8Array>): Promise<Head> {
  const parser = createPart10Parser();
  const chunks: Uint8Array[] = [];
  while (!parser.isComplete) {
    const next = await iterator.next();
    if (next.done) break;
    chunks.push(next.value);
    parser.push(next.value);
  }
  const { hasMeta, meta, dataSet, transferSyntax } = parser.finish();
  const isDeflated = transferSyntax === deflatedExplicitLittleEndian;
  const sopClassUid = isDeflated ? meta.text(Tag.MediaStorageSOPClassUID) : dataSet.text(Tag.SOPClassUID);
  const sopInstanceUid = isDeflated ? meta.text(Tag.MediaStorageSOPInstanceUID) : dataSet.text(Tag.SOPInstanceUID);
  if (!sopClassUid || !sopInstanceUid) throw new PharosError('NoSopClassOrInstance');
  const dataSetOffset = hasMeta ? dataSetStart(joined(chunks)) : 0;
  if (dataSetOffset === undefined) throw new PharosError('BadFileFormat', 'The file meta header is cut off');
  return { identity: { sopClassUid, sopInstanceUid, transferSyntax }, chunks, dataSetOffset };
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function* dataSetOf(
  head: readonly Uint8Array[],
  offset: number,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let skip = offset;
  for (const chunk of head) {
    if (skip < chunk.length) yield chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}
