// A stored instance as it goes to a peer: as it is, in another transfer syntax, compressed by gzip.
import { PharosError } from '../../model/index.ts';
import type { OutgoingInstance, PeerBody } from '../../ports/index.ts';
import { gzipBody, inPieces } from './gzip-body.ts';

type FileBody = Pick<PeerBody, 'length' | 'open'>;

export interface PeerBodyOptions {
  /** Files go compressed by gzip. */
  readonly compress: boolean;
  /** Transfer syntax in which the peer is to have the instances. */
  readonly transcode?: string;
}

const mime = 'application/dicom';
const largest = 512 * 1024 * 1024;

/** @throws PharosError NotImplemented where it cannot be written so, BadFileFormat */
async function fileOf(stored: OutgoingInstance, target: string | undefined): Promise<FileBody> {
  const isAsked = target !== undefined && target !== stored.transferSyntax;
  const { length, open } = isAsked && stored.transcode ? await stored.transcode([target]) : stored;
  if (length !== undefined) return { length, open };
  const pieces = await inMemory(open());
  return { length: pieces.reduce((sum, { byteLength }) => sum + byteLength, 0), open: () => inPieces(pieces) };
}

/** Peers want to know how long a body is. @throws PharosError NotEnoughMemory */
async function inMemory(file: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of file) {
    pieces.push(piece);
    length += piece.byteLength;
    if (length > largest) throw new PharosError('NotEnoughMemory', 'An image is too large to be sent transcoded');
  }
  return pieces;
}

/** @throws PharosError NotImplemented; DicomError where the file cannot be read */
export async function peerBody(instance: OutgoingInstance, options: PeerBodyOptions): Promise<PeerBody> {
  const file = await fileOf(instance, options.transcode);
  if (!options.compress) return { ...file, mime };
  return { ...(await gzipBody(file.open)), mime, isGzip: true };
}
